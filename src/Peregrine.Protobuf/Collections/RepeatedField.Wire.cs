// SPDX-License-Identifier: Apache-2.0
using System;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf.Collections;

/// <content>How elements come from the wire and go there: what generated code calls.</content>
public sealed partial class RepeatedField<T>
{
    /// <summary>The list of a message that makes its lists on first use; of several threads all get the same one.</summary>
    /// <param name="field">The message's field, null until now.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static RepeatedField<T> GetOrCreate(ref RepeatedField<T>? field)
    {
        RepeatedField<T> made = new();
        return Interlocked.CompareExchange(ref field, made, null) ?? made;
    }

    /// <summary>Whether two lists of messages that make theirs on first use are equal: none is equal to an empty one.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static bool AreEqual(RepeatedField<T>? left, RepeatedField<T>? right) =>
        left is null || right is null ? (left?._count ?? 0) == (right?._count ?? 0) : left.Equals(right);

    /// <summary>
    /// Makes room for the elements that follow each other behind <paramref name="tag"/>, each with its tag and length: as many as are there.
    /// </summary>
    /// <param name="reader">The reader, behind the tag of the first.</param>
    /// <param name="tag">The tag; with another wire type than the length-delimited one nothing is known ahead.</param>
    /// <returns>This list.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public RepeatedField<T> Prepare(ref WireReader reader, uint tag)
    {
        if (_count == _items.Length)
        {
            int run = (WireType)(tag & 7) == WireType.LengthDelimited ? reader.CountRun(tag) : 1;
            if (_count == 0)
            {
                // Exactly as many: most lists stay as they were read.
                _items = new T[Math.Max(run, 1)];
            }
            else
            {
                Grow(checked(_count + run));
            }
        }

        return this;
    }

    /// <summary>Adds an element that was just read; it is not null.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddRead(T item)
    {
        int count = _count;
        T[] items = _items;
        if ((uint)count < (uint)items.Length)
        {
            // Without the check that stores into arrays of classes make: the array was made here, as one of T.
            Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(items), count) = item;
            _count = count + 1;
        }
        else
        {
            Add(item);
        }
    }

    /// <summary>Reads elements behind <paramref name="tag"/>: one, or the packed run of a length-delimited tag.</summary>
    /// <exception cref="InvalidProtocolBufferException">The input is malformed.</exception>
    public void ReadFrom<TCodec>(ref WireReader reader, uint tag)
        where TCodec : struct, IValueCodec<T>
    {
        if ((WireType)(tag & 7) == WireType.LengthDelimited && TCodec.WireType != WireType.LengthDelimited)
        {
            ReadPacked<TCodec>(ref reader);
            return;
        }

        _ = Prepare(ref reader, tag);
        do
        {
            AddRead(TCodec.Read(ref reader));
        }
        while (reader.TryReadTag(tag));
    }

    private void ReadPacked<TCodec>(ref WireReader reader)
        where TCodec : struct, IValueCodec<T>
    {
        int length = reader.ReadLength();
        long outer = reader.PushLimit(length);
        if (TCodec.FixedSize != 0)
        {
            if (length % TCodec.FixedSize != 0)
            {
                throw InvalidProtocolBufferException.PackedSizeMismatch(length, TCodec.FixedSize);
            }

            // The length was checked against the input, so this is no more memory than the input takes.
            Reserve(length / TCodec.FixedSize);
            if (BitConverter.IsLittleEndian && !RuntimeHelpers.IsReferenceOrContainsReferences<T>()
                && Unsafe.SizeOf<T>() == TCodec.FixedSize)
            {
                int count = length / TCodec.FixedSize;
                reader.ReadRaw(AsBytes(_items.AsSpan(_count, count)));
                _count += count;
            }
        }
        else
        {
            // As many as end here: a plain loop, without a check for the end after each.
            ReadOnlySpan<byte> run = reader.ContiguousRemaining;
            int count = Varint.Count(run);
            Reserve(count);
            _count += PackedVarints.Read<T, TCodec>(run, _items.AsSpan(_count, count), out int read);
            reader.Advance(read);
        }

        while (!reader.IsAtLimit)
        {
            AddRead(TCodec.Read(ref reader));
        }

        reader.PopLimit(outer);
    }

    /// <summary>
    /// Reads values of a closed enum behind <paramref name="tag"/>; numbers that it does not define become unknown fields.
    /// </summary>
    /// <exception cref="InvalidProtocolBufferException">The input is malformed.</exception>
    public void ReadClosedEnum(
        ref WireReader reader, uint tag, Func<T, bool> isDefined, ref UnknownFieldSet? unknownFields)
    {
        if ((WireType)(tag & 7) != WireType.LengthDelimited)
        {
            ReadClosedEnumValue(ref reader, tag, isDefined, ref unknownFields);
            return;
        }

        long outer = reader.PushLimit(reader.ReadLength());
        while (!reader.IsAtLimit)
        {
            ReadClosedEnumValue(ref reader, tag, isDefined, ref unknownFields);
        }

        reader.PopLimit(outer);
    }

    private void ReadClosedEnumValue(
        ref WireReader reader, uint tag, Func<T, bool> isDefined, ref UnknownFieldSet? unknownFields)
    {
        int number = reader.ReadEnum();
        T value = Unsafe.BitCast<int, T>(number);
        if (isDefined(value))
        {
            Add(value);
        }
        else
        {
            UnknownFieldSet.AddVarint(ref unknownFields, ref reader, tag, number);
        }
    }

    /// <summary>The size of the packed field with its tag and length; 0 without elements.</summary>
    public long PackedSize<TCodec>(int tagSize)
        where TCodec : struct, IValueCodec<T>
    {
        if (_count == 0)
        {
            return 0;
        }

        long size = ElementsSize<TCodec>();
        _packedLength = WireSize.Total(size);
        return tagSize + WireSize.Length(_packedLength) + size;
    }

    /// <summary>The size of the elements, each with its tag.</summary>
    public long ExpandedSize<TCodec>(int tagSize)
        where TCodec : struct, IValueCodec<T> =>
        _count == 0 ? 0 : ((long)_count * tagSize) + ElementsSize<TCodec>();

    private long ElementsSize<TCodec>()
        where TCodec : struct, IValueCodec<T>
    {
        if (TCodec.FixedSize != 0)
        {
            return (long)_count * TCodec.FixedSize;
        }

        long size = 0;
        foreach (T item in AsSpan())
        {
            size += TCodec.Size(item);
        }

        return size;
    }

    /// <summary>Writes a packed field, with the length that the last <see cref="PackedSize"/> found.</summary>
    public void WritePacked<TCodec>(ref WireWriter writer, uint tag)
        where TCodec : struct, IValueCodec<T>
    {
        if (_count == 0)
        {
            return;
        }

        int length = TCodec.FixedSize != 0 ? WireSize.Total((long)_count * TCodec.FixedSize) : _packedLength;
        writer.WriteTagAndLength(tag, length);
        long end = writer.Position + length;
        if (TCodec.FixedSize != 0 && BitConverter.IsLittleEndian
            && !RuntimeHelpers.IsReferenceOrContainsReferences<T>() && Unsafe.SizeOf<T>() == TCodec.FixedSize)
        {
            writer.WriteRaw(AsBytes(AsSpan()));
            return;
        }

        if (TCodec.WireType == WireType.Varint && writer.TryTake(length, out Span<byte> destination))
        {
            // What is written is as long as what was measured, or the list was changed in between.
            WireWriter.CheckTaken(length, PackedVarints.Write<T, TCodec>(AsSpan(), destination));
            return;
        }

        foreach (T item in AsSpan())
        {
            TCodec.Write(ref writer, item);
        }

        writer.CheckEnd(length, end);
    }

    /// <summary>Writes each element with its tag.</summary>
    public void WriteExpanded<TCodec>(ref WireWriter writer, uint tag)
        where TCodec : struct, IValueCodec<T>
    {
        foreach (T item in AsSpan())
        {
            writer.WriteTag(tag);
            TCodec.Write(ref writer, item);
        }
    }

    // On little-endian machines a run of fixed-size elements has the same bytes in memory and on the wire.
    private static Span<byte> AsBytes(Span<T> items) => MemoryMarshal.CreateSpan(
        ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(items)), items.Length * Unsafe.SizeOf<T>());
}
