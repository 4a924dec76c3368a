// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Symbols;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>
/// Symbols are the same when their full names are. A name has no dot, so that scope and name tell as much as the full name, which most
/// symbols do not keep.
/// </summary>
internal sealed class SymbolNameComparer : IEqualityComparer<Symbol>, IAlternateEqualityComparer<QualifiedName, Symbol>
{
    public bool Equals(Symbol? x, Symbol? y) => ReferenceEquals(x, y) || (x is not null && y is not null && x.Name == y.Name && x.Scope == y.Scope);

    public int GetHashCode(Symbol obj) => Hash(obj.Scope, obj.Name);

    public bool Equals(QualifiedName alternate, Symbol other) => alternate.Name.SequenceEqual(other.Name) && alternate.Scope.SequenceEqual(other.Scope);

    public int GetHashCode(QualifiedName alternate) => Hash(alternate.Scope, alternate.Name);

    public Symbol Create(QualifiedName alternate) => throw new NotSupportedException("A symbol is not made from its name.");

    private static int Hash(ReadOnlySpan<char> scope, ReadOnlySpan<char> name) => HashCode.Combine(string.GetHashCode(scope), string.GetHashCode(name));
}
