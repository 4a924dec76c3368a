// SPDX-License-Identifier: Apache-2.0
using System;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Peregrine.Http2.Hpack;

/// <summary>
/// A received header block, decoded: its fields in order, as bytes. Pooled: whoever receives it gives it back by
/// <see cref="Http2Connection.ReleaseHeaders"/>, after which neither it nor a span from it may be touched. Read-only and safe to read
/// from any thread until then.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "A header list is the standard's term.")]
public sealed class HeaderList
{
    // Room for fields that a list has at first.
    private const int FirstFields = 16;

    // What a field's references, offsets and lengths take.
    private const int FieldSize = 48;

    // Fields beyond the limit of the list are not kept, and no entry is larger than the table.
    private const int EntriesBound = 16 << 10;

    private HeaderField[] _fields = new HeaderField[FirstFields];
    private byte[] _literals = [];

    internal HeaderList()
    {
        Reset();
    }

    private HeaderList(HeaderField[] fields, byte[] literals)
    {
        Reset();
        _fields = fields;
        _literals = literals;
        Count = fields.Length;
        LiteralsUsed = literals.Length;
        IsRetained = true;
    }

    /// <summary>
    /// Copies some fields into a list that takes no more memory than they need, for an owner who keeps them for long. The copy belongs
    /// to no pool: releasing it has no effect, and this list is to be released by itself. It knows places by number only: its
    /// <see cref="PathIndex"/> and the like are not set.
    /// </summary>
    /// <param name="places">The places of the fields, in the order in which they are to stand.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public HeaderList Retain(ReadOnlySpan<int> places)
    {
        int length = 0;
        foreach (int place in places)
        {
            length += this[place].LengthIn(_literals);
        }

        HeaderField[] fields = places.Length == 0 ? [] : new HeaderField[places.Length];
        byte[] literals = length == 0 ? [] : new byte[length];
        int used = 0;
        for (int i = 0; i < places.Length; i++)
        {
            fields[i] = this[places[i]].MoveLiterals(_literals, literals, ref used);
        }

        return new HeaderList(fields, literals);
    }

    /// <summary>How many fields there are.</summary>
    public int Count { get; private set; }

    /// <summary>The fields in the order received.</summary>
    public ReadOnlySpan<HeaderField> Fields => _fields.AsSpan(0, Count);

    /// <summary>The size that RFC 9113 section 10.5.1 counts, of all fields received, also of those cut off.</summary>
    public int Size { get; internal set; }

    /// <summary>Whether the list exceeded the connection's limits, so that fields from there on are missing.</summary>
    public bool IsTooLarge { get; internal set; }

    /// <summary>Where <c>:method</c> stands; -1 when absent.</summary>
    public int MethodIndex { get; internal set; }

    /// <summary>Where <c>:path</c> stands; -1 when absent.</summary>
    public int PathIndex { get; internal set; }

    /// <summary>Where <c>:scheme</c> stands; -1 when absent.</summary>
    public int SchemeIndex { get; internal set; }

    /// <summary>Where <c>:authority</c> stands; -1 when absent.</summary>
    public int AuthorityIndex { get; internal set; }

    /// <summary>The value of <c>:status</c>; 0 when absent.</summary>
    public int Status { get; internal set; }

    /// <summary>The value of <c>content-length</c>; -1 when absent.</summary>
    public long ContentLength { get; internal set; }

    /// <summary>Octets of memory that the list holds: its arrays, and table entries that may live for its sake alone.</summary>
    internal int MemorySize => ArraySize + Math.Min(Size, EntriesBound);

    /// <summary>Octets of its arrays, which stay when it is reset.</summary>
    internal int ArraySize => _literals.Length + (_fields.Length * FieldSize);

    internal byte[] Literals => _literals;

    /// <summary>Whether this is a copy made by <see cref="Retain"/>.</summary>
    internal bool IsRetained { get; }

    internal int LiteralsUsed { get; set; }

    /// <summary>The field at a place.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public ref readonly HeaderField this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return ref _fields[index];
        }
    }

    /// <summary>Makes room for every literal a block can hold, so that spans into the buffer stay valid while it is decoded.</summary>
    internal void EnsureLiterals(int maximum)
    {
        if (_literals.Length < maximum)
        {
            _literals = new byte[BitOperations.RoundUpToPowerOf2((uint)Math.Max(maximum, 128))];
        }
    }

    internal void Add(in HeaderField field)
    {
        if (Count == _fields.Length)
        {
            Array.Resize(ref _fields, Count * 2);
        }

        _fields[Count++] = field;
    }

    /// <summary>Empties the list.</summary>
    internal void Reset()
    {
        Array.Clear(_fields, 0, Count);
        Count = 0;
        LiteralsUsed = 0;
        Size = 0;
        IsTooLarge = false;
        MethodIndex = PathIndex = SchemeIndex = AuthorityIndex = -1;
        Status = 0;
        ContentLength = -1;
    }
}
