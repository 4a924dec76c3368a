// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Http2.Hpack;

/// <summary>
/// One received header field, as bytes. Valid until the <see cref="HeaderList"/> it belongs to is released.
/// </summary>
public readonly struct HeaderField
{
    private readonly byte[] _name;
    private readonly byte[] _value;
    private readonly int _nameOffset;
    private readonly int _nameLength;
    private readonly int _valueOffset;
    private readonly int _valueLength;

    internal HeaderField(HeaderTableEntry entry)
    {
        Entry = entry;
        _name = entry.NameArray;
        _nameLength = entry.NameArray.Length;
        _value = entry.ValueArray;
        _valueLength = entry.ValueArray.Length;
        Kind = entry.Kind;
    }

    internal HeaderField(
        byte[] name, int nameOffset, int nameLength, byte[] value, int valueOffset, int valueLength, HeaderKind kind, bool neverIndexed)
    {
        _name = name;
        _nameOffset = nameOffset;
        _nameLength = nameLength;
        _value = value;
        _valueOffset = valueOffset;
        _valueLength = valueLength;
        Kind = kind;
        NeverIndexed = neverIndexed;
    }

    /// <summary>The name, in lower case.</summary>
    public ReadOnlySpan<byte> Name => new(_name, _nameOffset, _nameLength);

    /// <summary>The value, without blanks around it.</summary>
    public ReadOnlySpan<byte> Value => new(_value, _valueOffset, _valueLength);

    /// <summary>The name as memory.</summary>
    public ReadOnlyMemory<byte> NameMemory => new(_name, _nameOffset, _nameLength);

    /// <summary>The value as memory.</summary>
    public ReadOnlyMemory<byte> ValueMemory => new(_value, _valueOffset, _valueLength);

    /// <summary>The table entry that the whole field came from; null when any part was sent as a literal.</summary>
    public HeaderTableEntry? Entry { get; }

    /// <summary>Whether the sender asked that no table on the way ever holds the value (RFC 7541 section 6.2.3).</summary>
    public bool NeverIndexed { get; }

    /// <summary>Whether the name starts with a colon.</summary>
    public bool IsPseudo => Kind is >= HeaderKind.Method and <= HeaderKind.UnknownPseudo;

    internal HeaderKind Kind { get; }

    /// <summary>Octets of this field that lie in a list's own array, and not in a table's.</summary>
    internal int LengthIn(byte[] literals) =>
        (ReferenceEquals(_name, literals) ? _nameLength : 0) + (ReferenceEquals(_value, literals) ? _valueLength : 0);

    /// <summary>The same field with the octets that lie in one array moved to another one.</summary>
    /// <param name="from">The array that they are moved out of.</param>
    /// <param name="to">The array that takes them.</param>
    /// <param name="used">How much of it is used; grows.</param>
    internal HeaderField MoveLiterals(byte[] from, byte[] to, ref int used)
    {
        if (Entry is not null)
        {
            return this;
        }

        (byte[] name, int nameOffset) = Move(_name, _nameOffset, _nameLength, from, to, ref used);
        (byte[] value, int valueOffset) = Move(_value, _valueOffset, _valueLength, from, to, ref used);
        return new HeaderField(name, nameOffset, _nameLength, value, valueOffset, _valueLength, Kind, NeverIndexed);
    }

    private static (byte[] Array, int Offset) Move(byte[] array, int offset, int length, byte[] from, byte[] to, ref int used)
    {
        if (!ReferenceEquals(array, from))
        {
            return (array, offset);
        }

        Buffer.BlockCopy(array, offset, to, used, length);
        used += length;
        return (to, used - length);
    }
}
