// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protobuf.Reflection;

/// <summary>A file descriptor that breaks a rule of the language, so that no descriptors can be built from it.</summary>
public sealed class DescriptorValidationException : Exception
{
    internal DescriptorValidationException(string file, string symbol, string description)
        : base(symbol.Length == 0 ? $"{file}: {description}" : $"{file}: {symbol}: {description}")
    {
        FileName = file;
        ProblemSymbolName = symbol;
        Description = description;
    }

    /// <summary>The name of the file whose descriptor is wrong.</summary>
    public string FileName { get; }

    /// <summary>The full name of the element that is wrong; empty when it is the file itself.</summary>
    public string ProblemSymbolName { get; }

    /// <summary>What is wrong with it.</summary>
    public string Description { get; }
}
