// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Http2.Hpack;

/// <summary>
/// Decodes complete header blocks (RFC 7541 section 6) into a <see cref="HeaderList"/>. A list that grows beyond its limits is cut, but
/// the block is read to its end all the same: the dynamic table is shared by all later blocks of the connection.
/// </summary>
internal sealed class HpackDecoder(int maxTableSize)
{
    // A sender may first shrink and then grow its table before a block (RFC 7541 section 4.2): two updates. More serve only to cost time.
    private const int MaxUpdatesPerBlock = 2;

    // However large a table we offer, it has the initial size until the sender says otherwise (RFC 7541 section 4.2): both ends must
    // evict alike.
    private readonly DynamicTable _table = new(InitialTableSize);
    private int _maxTableSize = Math.Max(maxTableSize, InitialTableSize);
    private bool _updateRequired;

    /// <summary>What both ends start with before SETTINGS are exchanged.</summary>
    public const int InitialTableSize = 4096;

    internal DynamicTable Table => _table;

    /// <summary>Applies our SETTINGS_HEADER_TABLE_SIZE once the peer acknowledged it.</summary>
    public void ApplyAcknowledgedTableSize(int size)
    {
        _maxTableSize = size;

        // RFC 9113 section 4.3.1: a block that follows the acknowledgment of a reduction below the table's current size must start with
        // a size update.
        _updateRequired = _table.Capacity > size;
    }

    /// <summary>Decodes a block; returns null, or what makes the block undecodable (a connection error COMPRESSION_ERROR).</summary>
    public string? Decode(ReadOnlySpan<byte> block, HeaderList list, int maxListSize, int maxFields)
    {
        list.EnsureLiterals(Huffman.MaxDecodedLength(block.Length) + 1);
        int position = 0;
        int updates = 0;
        bool fieldSeen = false;
        while (position < block.Length)
        {
            byte first = block[position];
            if ((first & 0x80) != 0)
            {
                //   0   1   2   3   4   5   6   7
                // +---+---+---+---+---+---+---+---+
                // | 1 |        Index (7+)         |   Indexed Header Field, section 6.1
                // +---+---------------------------+
                if (!HpackInteger.TryDecode(block, ref position, 7, out int index))
                {
                    return "an index is cut off or too long";
                }

                if (!TryGetEntry(index, out HeaderTableEntry? entry))
                {
                    return "an index is outside of the tables";
                }

                fieldSeen = true;
                Append(list, new HeaderField(entry), entry.Size, maxListSize, maxFields);
            }
            else if ((first & 0xE0) == 0x20)
            {
                // +---+---+---+---+---+---+---+---+
                // | 0 | 0 | 1 |   Max size (5+)   |   Dynamic Table Size Update, section 6.3
                // +---+---------------------------+
                if (!HpackInteger.TryDecode(block, ref position, 5, out int size))
                {
                    return "a table size update is cut off or too long";
                }

                // RFC 7541 section 4.2: "This dynamic table size update MUST occur at the beginning of the first header block".
                if (fieldSeen || ++updates > MaxUpdatesPerBlock)
                {
                    return "a table size update stands where none may";
                }

                // RFC 7541 section 6.3: "The new maximum size MUST be lower than or equal to the limit determined by the protocol".
                if (size > _maxTableSize)
                {
                    return "a table size update exceeds the limit set";
                }

                _table.Resize(size);
                _updateRequired = false;
                continue;
            }
            else
            {
                // +---+---+---+---+---+---+---+---+        +---+---+---+---+---+---+---+---+
                // | 0 | 1 |      Index (6+)       |        | 0 | 0 | 0 | N |  Index (4+)   |   N: never indexed
                // +---+---+-----------------------+        +---+---+-----------------------+
                // | H |     Value Length (7+)     |   and the same behind a literal name when Index is 0
                // +---+---------------------------+
                bool incremental = (first & 0x40) != 0;
                string? problem = DecodeLiteral(
                    block, ref position, incremental, neverIndexed: !incremental && (first & 0x10) != 0, list, maxListSize, maxFields);
                if (problem is not null)
                {
                    return problem;
                }

                fieldSeen = true;
            }

            if (_updateRequired)
            {
                return "the table size update that a smaller SETTINGS_HEADER_TABLE_SIZE demands is missing";
            }
        }

        return null;
    }

    private string? DecodeLiteral(
        ReadOnlySpan<byte> block, ref int position, bool incremental, bool neverIndexed, HeaderList list, int maxListSize, int maxFields)
    {
        if (!HpackInteger.TryDecode(block, ref position, incremental ? 6 : 4, out int index))
        {
            return "a name index is cut off or too long";
        }

        byte[] name;
        int nameOffset;
        int nameLength;
        HeaderTableEntry? named = null;
        if (index != 0)
        {
            if (!TryGetEntry(index, out named))
            {
                return "a name index is outside of the tables";
            }

            name = named.NameArray;
            nameOffset = 0;
            nameLength = name.Length;
        }
        else
        {
            name = list.Literals;
            nameOffset = list.LiteralsUsed;
            if (!TryDecodeString(block, ref position, list, out nameLength))
            {
                return "a name is cut off or not valid Huffman code";
            }
        }

        int valueOffset = list.LiteralsUsed;
        if (!TryDecodeString(block, ref position, list, out int valueLength))
        {
            return "a value is cut off or not valid Huffman code";
        }

        ReadOnlySpan<byte> value = list.Literals.AsSpan(valueOffset, valueLength);
        if (incremental)
        {
            HeaderTableEntry entry = new(named is null ? name.AsSpan(nameOffset, nameLength).ToArray() : name, value);
            _table.Add(entry);
            Append(list, new HeaderField(entry), entry.Size, maxListSize, maxFields);
            return null;
        }

        int size = nameLength + valueLength + 32;
        int leading = valueLength - value.TrimStart(" \t"u8).Length;
        int length = value.Trim(" \t"u8).Length;
        HeaderKind kind = HeaderKinds.Classify(name.AsSpan(nameOffset, nameLength), value.Trim(" \t"u8));
        HeaderField field = new(name, nameOffset, nameLength, list.Literals, valueOffset + leading, length, kind, neverIndexed);
        Append(list, field, size, maxListSize, maxFields);
        return null;
    }

    private static void Append(HeaderList list, in HeaderField field, int size, int maxListSize, int maxFields)
    {
        // One octet can name an entry of thousands: the sum must not wrap.
        list.Size = (int)Math.Min((long)list.Size + size, int.MaxValue);
        if (list.Size > maxListSize || list.Count >= maxFields)
        {
            list.IsTooLarge = true;
        }

        if (!list.IsTooLarge)
        {
            list.Add(field);
        }
    }

    private static bool TryDecodeString(ReadOnlySpan<byte> block, ref int position, HeaderList list, out int length)
    {
        // +---+---+---+---+---+---+---+---+
        // | H |    String Length (7+)     |   section 5.2
        // +---+---------------------------+
        length = 0;
        if (position >= block.Length)
        {
            return false;
        }

        bool huffman = (block[position] & 0x80) != 0;
        if (!HpackInteger.TryDecode(block, ref position, 7, out int encoded) || encoded > block.Length - position)
        {
            return false;
        }

        ReadOnlySpan<byte> source = block.Slice(position, encoded);
        position += encoded;
        Span<byte> destination = list.Literals.AsSpan(list.LiteralsUsed);
        if (!huffman)
        {
            source.CopyTo(destination);
            length = encoded;
        }
        else if (!Huffman.TryDecode(source, destination, out length))
        {
            return false;
        }

        list.LiteralsUsed += length;
        return true;
    }

    private bool TryGetEntry(int index, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out HeaderTableEntry? entry)
    {
        // RFC 7541 section 2.3.3: indexes of the static table come first, those of the dynamic table behind it; 0 is not an index.
        if (index is >= 1 and <= StaticTable.Count)
        {
            entry = StaticTable.Get(index);
            return true;
        }

        int dynamicIndex = index - StaticTable.Count - 1;
        entry = dynamicIndex >= 0 && dynamicIndex < _table.Count ? _table[dynamicIndex] : null;
        return entry is not null;
    }
}
