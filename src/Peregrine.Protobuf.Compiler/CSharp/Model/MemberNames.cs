// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Frozen;

namespace Peregrine.Protobuf.Compiler.CSharp.Model;

/// <summary>The member names that generated classes always have, which names from a .proto must not take.</summary>
internal static class MemberNames
{
    /// <summary>The class inside a message class that holds the types nested in the message, where there are any.</summary>
    public const string Container = "Types";

    /// <summary>Members of every message class.</summary>
    public static FrozenSet<string> OfEveryMessage { get; } = FrozenSet.ToFrozenSet(
    [
        Container, "Descriptor", "Equals", "ToString", "GetHashCode", "WriteTo", "Clone", "CalculateSize", "MergeFrom",
        "OnConstruction", "Parser",
    ], StringComparer.Ordinal);

    /// <summary>Members of message classes that accept extensions.</summary>
    public static FrozenSet<string> OfExtendableMessages { get; } = FrozenSet.ToFrozenSet(
    [
        "GetExtension", "GetOrInitializeExtension", "SetExtension", "HasExtension", "ClearExtension",
    ], StringComparer.Ordinal);

    /// <summary>Members of <see cref="object"/> that a property may hide with <c>new</c>.</summary>
    public static FrozenSet<string> OfObject { get; } = FrozenSet.ToFrozenSet(
        ["GetType", "MemberwiseClone", "ReferenceEquals"], StringComparer.Ordinal);

    /// <summary>Members of <see cref="object"/> that a nested type may hide with <c>new</c>.</summary>
    public static FrozenSet<string> OfObjectForTypes { get; } = FrozenSet.ToFrozenSet(
        [.. OfObject, "Equals", "GetHashCode", "ToString"], StringComparer.Ordinal);

    /// <summary>Members of every service class.</summary>
    public static FrozenSet<string> OfEveryService { get; } = FrozenSet.ToFrozenSet(
        ["Descriptor", "BindService"], StringComparer.Ordinal);
}
