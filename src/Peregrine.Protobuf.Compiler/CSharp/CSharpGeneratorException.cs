// SPDX-License-Identifier: Apache-2.0

using System;

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>
/// No C# that compiles can be generated from files that are valid by themselves: types of the same name, outputs of the same
/// name, a namespace that is none. The message names the files and says what to do.
/// </summary>
public sealed class CSharpGeneratorException : ArgumentException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong, where, and what to do.</param>
    public CSharpGeneratorException(string message) : base(message)
    {
    }
}
