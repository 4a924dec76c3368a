// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Http2.Hpack;

/// <summary>Encodes header blocks (RFC 7541 section 6). The blocks must reach the peer in the order in which they were encoded.</summary>
internal sealed class HpackEncoder(HpackEncoder.StringForm form = HpackEncoder.StringForm.Shorter)
{
    /// <summary>Most octets that size updates put before a block.</summary>
    public const int MaxUpdateSize = 2 * HpackInteger.MaxOctets;

    private readonly EncoderTable _table = new();
    private int _pendingMinimum = -1;

    /// <summary>Which form literals take; all but the first are for comparison with vectors.</summary>
    internal enum StringForm : byte
    {
        Shorter,
        Raw,
        Huffman,
    }

    /// <summary>Applies the peer's SETTINGS_HEADER_TABLE_SIZE; the next block tells it (RFC 7541 section 4.2).</summary>
    public void ApplyPeerTableSize(uint size)
    {
        SetCapacity((int)Math.Min(size, EncoderTable.MaxCapacity));
    }

    internal void SetCapacity(int capacity)
    {
        if (capacity == _table.Capacity)
        {
            return;
        }

        // Should the size change several times before a block, the smallest must be told as well as the last.
        _pendingMinimum = _pendingMinimum < 0 ? Math.Min(capacity, _table.Capacity) : Math.Min(capacity, _pendingMinimum);
        _table.Resize(capacity);
    }

    /// <summary>
    /// Writes the block; <paramref name="destination"/> has room for <see cref="OutgoingHeaders.MaxEncodedSize"/> plus
    /// <see cref="MaxUpdateSize"/>. Returns how many octets it took.
    /// </summary>
    public int Encode(OutgoingHeaders headers, Span<byte> destination)
    {
        int position = 0;
        if (_pendingMinimum >= 0)
        {
            if (_pendingMinimum < _table.Capacity)
            {
                position += HpackInteger.Encode(destination, 0x20, 5, _pendingMinimum);
            }

            position += HpackInteger.Encode(destination[position..], 0x20, 5, _table.Capacity);
            _pendingMinimum = -1;
        }

        foreach (ref readonly OutgoingHeaders.Item item in headers.Items)
        {
            position += item.Template is { } template
                ? EncodeTemplate(template, destination[position..])
                : EncodeField(headers.NameOf(item), headers.ValueOf(item), item.Indexing, destination[position..]);
        }

        return position;
    }

    /// <summary>A string literal with its length, in the shorter form.</summary>
    internal static byte[] EncodeString(ReadOnlySpan<byte> text)
    {
        byte[] buffer = new byte[text.Length + HpackInteger.MaxOctets];
        int length = WriteString(text, buffer, StringForm.Shorter);
        return buffer[..length];
    }

    private static int WriteString(ReadOnlySpan<byte> text, Span<byte> destination, StringForm form)
    {
        int huffmanLength = form == StringForm.Raw ? 0 : Huffman.EncodedLength(text);
        if (form == StringForm.Huffman || (form == StringForm.Shorter && huffmanLength < text.Length))
        {
            int prefix = HpackInteger.Encode(destination, 0x80, 7, huffmanLength);
            return prefix + Huffman.Encode(text, destination[prefix..]);
        }

        int position = HpackInteger.Encode(destination, 0, 7, text.Length);
        text.CopyTo(destination[position..]);
        return position + text.Length;
    }

    private static int WriteRepresentation(Span<byte> destination, HeaderIndexing indexing, int nameIndex) => indexing switch
    {
        HeaderIndexing.Incremental => HpackInteger.Encode(destination, 0x40, 6, nameIndex),
        HeaderIndexing.NeverIndexed => HpackInteger.Encode(destination, 0x10, 4, nameIndex),
        _ => HpackInteger.Encode(destination, 0x00, 4, nameIndex),
    };

    private int EncodeTemplate(HeaderTemplate template, Span<byte> destination)
    {
        HeaderIndexing indexing = template.Indexing;
        if (indexing != HeaderIndexing.NeverIndexed && template.StaticIndex != 0)
        {
            return HpackInteger.Encode(destination, 0x80, 7, template.StaticIndex);
        }

        if (indexing == HeaderIndexing.Incremental)
        {
            int index = _table.Find(template.Hash, template.NameArray, template.ValueArray);
            if (index != 0)
            {
                return HpackInteger.Encode(destination, 0x80, 7, index);
            }

            if (_table.Fits(template.NameArray.Length, template.ValueArray.Length))
            {
                _table.Add(template.Hash, template.NameArray, template.ValueArray);
            }
            else
            {
                indexing = HeaderIndexing.WithoutIndexing;
            }
        }

        int position = WriteRepresentation(destination, indexing, template.StaticNameIndex);
        if (template.StaticNameIndex == 0)
        {
            template.EncodedName.CopyTo(destination[position..]);
            position += template.EncodedName.Length;
        }

        template.EncodedValue.CopyTo(destination[position..]);
        return position + template.EncodedValue.Length;
    }

    private int EncodeField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, HeaderIndexing indexing, Span<byte> destination)
    {
        int nameIndex = StaticTable.FindName(name);
        if (indexing != HeaderIndexing.NeverIndexed && nameIndex != 0)
        {
            int index = StaticTable.Find(name, value);
            if (index != 0)
            {
                return HpackInteger.Encode(destination, 0x80, 7, index);
            }
        }

        if (indexing == HeaderIndexing.Incremental)
        {
            int hash = EncoderTable.HashOf(name, value);
            int index = _table.Find(hash, name, value);
            if (index != 0)
            {
                return HpackInteger.Encode(destination, 0x80, 7, index);
            }

            if (_table.Fits(name.Length, value.Length))
            {
                _table.Add(hash, name.ToArray(), value.ToArray());
            }
            else
            {
                indexing = HeaderIndexing.WithoutIndexing;
            }
        }

        int position = WriteRepresentation(destination, indexing, nameIndex);
        if (nameIndex == 0)
        {
            position += WriteString(name, destination[position..], form);
        }

        return position + WriteString(value, destination[position..], form);
    }
}
