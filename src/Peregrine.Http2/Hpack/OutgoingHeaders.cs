// SPDX-License-Identifier: Apache-2.0
using System;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text;

namespace Peregrine.Http2.Hpack;

/// <summary>
/// A header block to be sent, in the making: a reusable list of fields. Filled by one thread without any lock; a connection only reads
/// it during the call that takes it, so it may be cleared and filled again right after.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "It is a builder of a block, not a collection to enumerate.")]
public sealed class OutgoingHeaders
{
    // Representation octet, two lengths of at most five octets each, and an octet each that Huffman never exceeds.
    private const int MaxOverhead = 12;

    private Item[] _items = new Item[12];
    private byte[] _bytes = [];
    private int _used;

    /// <summary>How many fields there are.</summary>
    public int Count { get; private set; }

    /// <summary>The size that RFC 9113 section 10.5.1 counts: names, values, and 32 a field. Compare it with the peer's limit.</summary>
    public int Size { get; private set; }

    /// <summary>Most octets that the encoded block can take.</summary>
    internal int MaxEncodedSize => Size + (Count * MaxOverhead);

    /// <summary>Whether it is the head of a HEAD request, whose response has no body whatever its content-length.</summary>
    internal bool IsHead
    {
        get
        {
            foreach (ref readonly Item item in Items)
            {
                ReadOnlySpan<byte> name = item.Template is null ? NameOf(item) : item.Template.NameArray;
                if (name.SequenceEqual(":method"u8))
                {
                    return (item.Template is null ? ValueOf(item) : item.Template.ValueArray).SequenceEqual("HEAD"u8);
                }
            }

            return false;
        }
    }

    internal ReadOnlySpan<Item> Items => _items.AsSpan(0, Count);

    /// <summary>Removes all fields; the memory stays for the next ones.</summary>
    public void Clear()
    {
        Array.Clear(_items, 0, Count);
        Count = 0;
        Size = 0;
        _used = 0;
    }

    /// <summary>Adds a prepared field.</summary>
    public void Add(HeaderTemplate field)
    {
        ArgumentNullException.ThrowIfNull(field);
        NextItem() = new Item { Template = field };
        Size += field.NameArray.Length + field.ValueArray.Length + 32;
    }

    /// <summary>Adds a field; the bytes are copied.</summary>
    /// <param name="name">The name, in lower case.</param>
    /// <param name="value">The value.</param>
    /// <param name="indexing">How it is represented when no table holds it.</param>
    /// <exception cref="ArgumentException">Name or value hold what RFC 9113 section 8.2.1 forbids.</exception>
    public void Add(
        ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, HeaderIndexing indexing = HeaderIndexing.WithoutIndexing)
    {
        ThrowIfInvalid(name, value);
        int needed = _used + name.Length + value.Length;
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(needed, 256)));
        }

        name.CopyTo(_bytes.AsSpan(_used));
        value.CopyTo(_bytes.AsSpan(_used + name.Length));
        NextItem() = new Item { Offset = _used, NameLength = name.Length, ValueLength = value.Length, Indexing = indexing };
        _used = needed;
        Size += name.Length + value.Length + 32;
    }

    internal static void ThrowIfInvalid(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!HeaderKinds.IsValidName(name))
        {
            throw new ArgumentException(
                $"'{Encoding.Latin1.GetString(name)}' is not a header name of HTTP/2: names are lower-case tokens.", nameof(name));
        }

        if (!HeaderKinds.IsValidValue(value))
        {
            throw new ArgumentException(
                $"The value of header '{Encoding.Latin1.GetString(name)}' holds CR, LF or NUL.", nameof(value));
        }
    }

    internal ReadOnlySpan<byte> NameOf(in Item item) => _bytes.AsSpan(item.Offset, item.NameLength);

    internal ReadOnlySpan<byte> ValueOf(in Item item) => _bytes.AsSpan(item.Offset + item.NameLength, item.ValueLength);

    /// <summary>Takes over the fields of another list: for a block that must wait behind queued data.</summary>
    internal void CopyFrom(OutgoingHeaders other)
    {
        Clear();
        foreach (ref readonly Item item in other.Items)
        {
            if (item.Template is not null)
            {
                Add(item.Template);
            }
            else
            {
                Add(other.NameOf(item), other.ValueOf(item), item.Indexing);
            }
        }
    }

    private ref Item NextItem()
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Count * 2);
        }

        return ref _items[Count++];
    }

    internal struct Item
    {
        public HeaderTemplate? Template;
        public int Offset;
        public int NameLength;
        public int ValueLength;
        public HeaderIndexing Indexing;
    }
}
