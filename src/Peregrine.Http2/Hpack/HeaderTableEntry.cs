// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Http2.Hpack;

/// <summary>
/// A field of the static or of a decoder's dynamic table. Immutable but for <see cref="Memo"/>, and it outlives its eviction as long
/// as a received list refers to it.
/// </summary>
public sealed class HeaderTableEntry
{
    internal readonly byte[] NameArray;
    internal readonly byte[] ValueArray;
    internal readonly HeaderKind Kind;

    internal HeaderTableEntry(byte[] name, ReadOnlySpan<byte> value)
    {
        NameArray = name;

        // RFC 7541 section 4.1: the size counts the value as it was sent; blanks around it are gone only for readers.
        Size = name.Length + value.Length + 32;
        ValueArray = value.Trim(" \t"u8).ToArray();
        Kind = HeaderKinds.Classify(name, ValueArray);
    }

    /// <summary>The field's name.</summary>
    public ReadOnlySpan<byte> Name => NameArray;

    /// <summary>The field's value, without blanks around it.</summary>
    public ReadOnlySpan<byte> Value => ValueArray;

    /// <summary>
    /// What the owner found out about this field, to be found again without work when the field comes next: a <c>:path</c> resolved to
    /// a method, for example. Entries of the static table are shared by all connections of the process; writes may race, so a memo must
    /// be the same whoever computes it, or tell whom it belongs to.
    /// </summary>
    public object? Memo { get; set; }

    /// <summary>The entry's size as RFC 7541 section 4.1 counts it.</summary>
    internal int Size { get; }
}
