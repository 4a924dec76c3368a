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
}
