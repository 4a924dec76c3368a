// SPDX-License-Identifier: Apache-2.0
using System;
using System.Text;

namespace Peregrine.Http2.Hpack;

/// <summary>
/// A header field to be sent many times: name and value as bytes, with all that can be computed of its encoding beforehand. Immutable;
/// one instance serves any number of connections and threads.
/// </summary>
public sealed class HeaderTemplate
{
    internal readonly byte[] NameArray;
    internal readonly byte[] ValueArray;
    internal readonly byte[] EncodedName;
    internal readonly byte[] EncodedValue;
    internal readonly int StaticIndex;
    internal readonly int StaticNameIndex;
    internal readonly int Hash;

    /// <summary>Prepares a field.</summary>
    /// <param name="name">The name, in lower case.</param>
    /// <param name="value">The value.</param>
    /// <param name="indexing">How it is represented when no table holds it.</param>
    /// <exception cref="ArgumentException">Name or value hold what RFC 9113 section 8.2.1 forbids.</exception>
    public HeaderTemplate(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, HeaderIndexing indexing = HeaderIndexing.Incremental)
    {
        OutgoingHeaders.ThrowIfInvalid(name, value);
        NameArray = name.ToArray();
        ValueArray = value.ToArray();
        Indexing = indexing;
        EncodedName = HpackEncoder.EncodeString(name);
        EncodedValue = HpackEncoder.EncodeString(value);
        StaticIndex = StaticTable.Find(name, value);
        StaticNameIndex = StaticTable.FindName(name);
        Hash = EncoderTable.HashOf(name, value);
    }

    /// <summary>Prepares a field from text: a name in ASCII, a value whose characters are single octets.</summary>
    /// <param name="name">The name, in lower case.</param>
    /// <param name="value">The value.</param>
    /// <param name="indexing">How it is represented when no table holds it.</param>
    /// <exception cref="ArgumentException">Name or value hold what RFC 9113 section 8.2.1 forbids.</exception>
    public HeaderTemplate(string name, string value, HeaderIndexing indexing = HeaderIndexing.Incremental)
        : this(Encoding.Latin1.GetBytes(name), Encoding.Latin1.GetBytes(value), indexing)
    {
    }

    /// <summary>The name.</summary>
    public ReadOnlySpan<byte> Name => NameArray;

    /// <summary>The value.</summary>
    public ReadOnlySpan<byte> Value => ValueArray;

    /// <summary>How the field is represented when no table holds it.</summary>
    public HeaderIndexing Indexing { get; }
}
