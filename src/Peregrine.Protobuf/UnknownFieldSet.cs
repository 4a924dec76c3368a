// SPDX-License-Identifier: Apache-2.0
using System;
using System.Runtime.CompilerServices;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf;

/// <summary>
/// The fields of a message that its type does not know, kept as their bytes in the order in which they were read, so that
/// a message that passes through a program with an older schema loses nothing.
/// </summary>
public sealed class UnknownFieldSet : IEquatable<UnknownFieldSet>
{
    // Small at first: input of many messages with one unknown field each must not take a hundred times its size.
    private const int FirstCapacity = 16;

    private const int MaxTag = 5;
    private const int MaxTagAndNumber = MaxTag + Varint.MaxLength;

    // What is new in a schema has the highest numbers and comes last: behind the first unknown field only such follow. Room is made for
    // the rest of the message, until that is much.
    private const int MostExpected = 256;

    // Where some unknown fields are there are more: four times as much room each time, until that is much.
    private const int LastLargeStep = 1024;

    // The encoded fields, one after another. Bytes instead of a table: order comes for free, writing is one copy.
    private byte[] _bytes;
    private int _length;

    /// <summary>Makes a set without fields.</summary>
    public UnknownFieldSet()
        : this(FirstCapacity)
    {
    }

    private UnknownFieldSet(long expected) =>
        _bytes = GC.AllocateUninitializedArray<byte>((int)Math.Clamp(expected, FirstCapacity, MostExpected));

    /// <summary>The encoded fields in their order.</summary>
    public ReadOnlyMemory<byte> Encoded => _bytes.AsMemory(0, _length);

    private ReadOnlySpan<byte> EncodedSpan => _bytes.AsSpan(0, _length);

    /// <summary>
    /// Keeps the field whose tag was just read, or drops it if the reader is set so.
    /// </summary>
    /// <param name="set">The set of the message, made on the first field.</param>
    /// <param name="reader">The reader, behind the tag.</param>
    /// <param name="tag">The tag.</param>
    /// <returns>False at an end-group tag, on which <see cref="IMessage.MergeFrom"/> returns to its caller.</returns>
    /// <exception cref="InvalidProtocolBufferException">The field is malformed.</exception>
    public static bool TryMergeField(ref UnknownFieldSet? set, ref WireReader reader, uint tag)
    {
        if ((WireType)(tag & 7) == WireType.EndGroup)
        {
            reader.EndGroup(tag);
            return false;
        }

        if (reader.DiscardUnknownFields)
        {
            reader.SkipField(tag);
        }
        else
        {
            (set ??= new UnknownFieldSet(MaxTag + reader.Remaining)).Keep(ref reader, tag);
        }

        return true;
    }

    // The bytes behind the tag are kept as they are, also a number that is written longer than it need be. Not inlined, and what follows
    // neither: whoever reads known fields should not carry it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Keep(ref WireReader reader, uint tag)
    {
        if (reader.TrySkipInSegment(tag, out ReadOnlySpan<byte> content))
        {
            content.CopyTo(Start(tag, content.Length));
        }
        else
        {
            KeepAcross(ref reader, tag);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void KeepAcross(ref WireReader reader, uint tag)
    {
        // A copy of the reader looks for the end, so that room is made for what has arrived and not for what a length says.
        WireReader ahead = reader;
        ahead.SkipField(tag);
        reader.ReadRaw(Start(tag, (int)(ahead.Position - reader.Position)));
    }

    /// <summary>Adds a tag and room for what follows it.</summary>
    private Span<byte> Start(uint tag, int length)
    {
        Span<byte> free = GetSpan(MaxTag + (long)length);
        int tagLength = Varint.Write(free, tag);
        _length += tagLength + length;
        return free.Slice(tagLength, length);
    }

    // The bytes may be this set's own: they are taken from where they were.
    private void Add(ReadOnlySpan<byte> encoded)
    {
        encoded.CopyTo(GetSpan(encoded.Length));
        _length += encoded.Length;
    }

    /// <summary>The rest of the bytes, at least as many as asked for.</summary>
    private Span<byte> GetSpan(long sizeHint)
    {
        if (sizeHint > _bytes.Length - _length)
        {
            Grow(sizeHint);
        }

        return _bytes.AsSpan(_length);
    }

    private void Grow(long more)
    {
        long factor = _bytes.Length < LastLargeStep ? 4 : 2;
        long capacity = Math.Max(Math.Min(factor * _bytes.Length, Array.MaxLength), _length + more);
        if (capacity > Array.MaxLength)
        {
            throw new InvalidOperationException(
                $"The unknown fields of one message would take more than {Array.MaxLength} bytes; protobuf messages end at 2147483647 bytes (2 GiB).");
        }

        Array.Resize(ref _bytes, (int)capacity);
    }

    /// <summary>Keeps a number that a closed enum does not know, unless the reader drops unknown fields.</summary>
    /// <param name="set">The set of the message, made on the first field.</param>
    /// <param name="reader">The reader that found the number.</param>
    /// <param name="tag">A tag with the field's number; the wire type is of no effect.</param>
    /// <param name="value">The number.</param>
    public static void AddVarint(ref UnknownFieldSet? set, ref WireReader reader, uint tag, int value)
    {
        if (reader.DiscardUnknownFields)
        {
            return;
        }

        set ??= new UnknownFieldSet();
        WireWriter writer = new(set.GetSpan(MaxTagAndNumber));
        writer.WriteInt32(tag & ~7u, value);
        set._length += (int)writer.Position;
    }

    /// <summary>Adds a length-delimited field.</summary>
    internal static void AddBytes(ref UnknownFieldSet? set, uint tag, ByteString value)
    {
        set ??= new UnknownFieldSet();
        WireWriter writer = new(set.GetSpan(MaxTagAndNumber + (long)value.Length));
        writer.WriteBytes(tag, value);
        set._length += (int)writer.Position;
    }

    /// <summary>Adds encoded fields, each with its tag, behind those that are there.</summary>
    internal static void Add(ref UnknownFieldSet? set, ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length != 0)
        {
            (set ??= new UnknownFieldSet()).Add(encoded);
        }
    }

    /// <summary>A copy of <paramref name="other"/>, or null.</summary>
    public static UnknownFieldSet? Clone(UnknownFieldSet? other)
    {
        UnknownFieldSet? copy = null;
        MergeFrom(ref copy, other);
        return copy;
    }

    /// <summary>Adds the fields of <paramref name="other"/> behind those of <paramref name="set"/>.</summary>
    public static void MergeFrom(ref UnknownFieldSet? set, UnknownFieldSet? other)
    {
        if (other is not null)
        {
            // Merged into itself, the set is read to the length that it had.
            Add(ref set, other.Encoded.Span);
        }
    }

    /// <summary>The size of the fields in bytes, tags included.</summary>
    public int CalculateSize() => _length;

    /// <summary>Writes the fields.</summary>
    public void WriteTo(ref WireWriter writer) => writer.WriteRaw(EncodedSpan);

    /// <summary>Whether the same fields stand in the same order.</summary>
    public bool Equals(UnknownFieldSet? other) =>
        other is not null && EncodedSpan.SequenceEqual(other.EncodedSpan);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as UnknownFieldSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(EncodedSpan);
        return hash.ToHashCode();
    }
}
