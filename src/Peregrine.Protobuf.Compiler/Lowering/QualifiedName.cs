// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>A full name, cut into the scope and the name in it.</summary>
internal readonly ref struct QualifiedName(ReadOnlySpan<char> scope, ReadOnlySpan<char> name)
{
    /// <summary>The full name of the scope; empty at the top.</summary>
    public readonly ReadOnlySpan<char> Scope = scope;

    /// <summary>The name in the scope, without a dot.</summary>
    public readonly ReadOnlySpan<char> Name = name;

    public static QualifiedName Of(ReadOnlySpan<char> fullName)
    {
        int dot = fullName.LastIndexOf('.');
        return new QualifiedName(fullName[..Math.Max(0, dot)], fullName[(dot + 1)..]);
    }
}
