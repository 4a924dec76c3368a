// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf;

/// <summary>
/// The fields of a message that its type does not know, kept as their bytes in the order in which they were read, so that
/// a message that passes through a program with an older schema loses nothing.
/// </summary>
public sealed class UnknownFieldSet : IEquatable<UnknownFieldSet>
{
    private const int FirstCapacity = 16;
    private const int LargestStep = 1024;

    // The encoded fields, one after another. Bytes instead of a table: order comes for free, writing is one copy.
    // Small at first: input of many messages with one unknown field each must not take a hundred times its size.
    private readonly ArrayBufferWriter<byte> _fields = new(FirstCapacity);

    /// <summary>The encoded fields in their order.</summary>
    public ReadOnlyMemory<byte> Encoded => _fields.WrittenMemory;

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
            (set ??= new UnknownFieldSet()).MakeRoom();
            reader.CopyField(tag, set._fields);
        }

        return true;
    }

    // Where some unknown fields are there are more: four times as much room each time instead of twice, until that is much.
    private void MakeRoom()
    {
        if (_fields.FreeCapacity < FirstCapacity && _fields.WrittenCount is > 0 and < LargestStep)
        {
            _ = _fields.GetSpan(3 * _fields.Capacity);
        }
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

        WireWriter writer = new((set ??= new UnknownFieldSet())._fields);
        writer.WriteInt32(tag & ~7u, value);
        writer.Flush();
    }

    /// <summary>Adds a length-delimited field.</summary>
    internal static void AddBytes(ref UnknownFieldSet? set, uint tag, ByteString value)
    {
        WireWriter writer = new((set ??= new UnknownFieldSet())._fields);
        writer.WriteBytes(tag, value);
        writer.Flush();
    }

    /// <summary>Adds encoded fields, each with its tag, behind those that are there.</summary>
    internal static void Add(ref UnknownFieldSet? set, ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length != 0)
        {
            (set ??= new UnknownFieldSet())._fields.Write(encoded);
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
    public int CalculateSize() => _fields.WrittenCount;

    /// <summary>Writes the fields.</summary>
    public void WriteTo(ref WireWriter writer) => writer.WriteRaw(_fields.WrittenSpan);

    /// <summary>Whether the same fields stand in the same order.</summary>
    public bool Equals(UnknownFieldSet? other) =>
        other is not null && _fields.WrittenSpan.SequenceEqual(other._fields.WrittenSpan);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as UnknownFieldSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(_fields.WrittenSpan);
        return hash.ToHashCode();
    }
}
