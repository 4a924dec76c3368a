// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Peregrine.Protobuf.Compiler.Syntax;

namespace Peregrine.Protobuf.Compiler.Emit;

/// <summary>
/// Writes protobuf wire format into a growing array. The length of a nested message stands before its content but is known after it:
/// lengths are kept aside and put in by <see cref="ToArray"/>, so that every byte is copied once, however deep messages are nested. A
/// buffer can be used again: <see cref="Clear"/> keeps its memory.
/// </summary>
internal sealed class WireBuffer
{
    // What a buffer keeps for its next use: more than most descriptors take, and little beside what a compilation takes in all.
    private const int MaxKept = 1 << 20;

    private readonly List<(int Position, int Length)> _nested = [];
    private byte[] _output = [];
    private int _count;

    // The bytes that the lengths of closed messages will take; at the opening of a message its count so far is kept in Length.
    private int _lengthBytes;

    public void Clear()
    {
        _nested.Clear();
        _count = 0;
        _lengthBytes = 0;
        if (_output.Length > MaxKept)
        {
            _output = [];
        }
    }

    public void Tag(int number, int wireType) => Varint(((ulong)number << 3) | (uint)wireType);

    public void Varint(ulong value)
    {
        Reserve(10);
        if (value < 0x80)
        {
            _output[_count++] = (byte)value;
        }
        else
        {
            _count += WriteVarint(_output.AsSpan(_count), value);
        }
    }

    /// <summary>Writes fields that are serialized already.</summary>
    public void Raw(ReadOnlySpan<byte> fields)
    {
        Reserve(fields.Length);
        fields.CopyTo(_output.AsSpan(_count));
        _count += fields.Length;
    }

    public void Fixed32(uint value)
    {
        Reserve(4);
        BinaryPrimitives.WriteUInt32LittleEndian(_output.AsSpan(_count), value);
        _count += 4;
    }

    public void Fixed64(ulong value)
    {
        Reserve(8);
        BinaryPrimitives.WriteUInt64LittleEndian(_output.AsSpan(_count), value);
        _count += 8;
    }

    public void Int32(int number, int value)
    {
        Tag(number, 0);
        Varint((ulong)(long)value);
    }

    public void Bool(int number, bool value)
    {
        Tag(number, 0);
        Varint(value ? 1UL : 0UL);
    }

    public void Bytes(int number, ReadOnlySpan<byte> value)
    {
        Tag(number, 2);
        Varint((ulong)value.Length);
        Raw(value);
    }

    public void String(int number, ReadOnlySpan<char> value)
    {
        if (ByteText.MayBeEscaped(value))
        {
            Bytes(number, ByteText.Encode(value));
            return;
        }

        Tag(number, 2);
        int length = Encoding.UTF8.GetByteCount(value);
        Varint((ulong)length);
        Reserve(length);
        Encoding.UTF8.GetBytes(value, _output.AsSpan(_count));
        _count += length;
    }

    /// <summary>Writes the full name of a type, with the dot that says so.</summary>
    public void TypeName(int number, string fullName)
    {
        Tag(number, 2);
        Varint((ulong)fullName.Length + 1);
        Reserve(fullName.Length + 1);
        _output[_count++] = (byte)'.';
        _count += Encoding.ASCII.GetBytes(fullName, _output.AsSpan(_count));
    }

    /// <summary>Begins a nested message, or packed values: what is written up to <see cref="Close"/> is its content.</summary>
    /// <returns>What <see cref="Close"/> is to be called with.</returns>
    public int Open(int number)
    {
        Tag(number, 2);
        _nested.Add((_count, _lengthBytes));
        return _nested.Count - 1;
    }

    /// <summary>Ends what <see cref="Open"/> began; the innermost first.</summary>
    public void Close(int mark)
    {
        ref (int Position, int Length) nested = ref CollectionsMarshal.AsSpan(_nested)[mark];
        nested.Length = _count - nested.Position + (_lengthBytes - nested.Length);
        _lengthBytes += VarintSize((uint)nested.Length);
    }

    /// <summary>All that was written; everything opened must be closed.</summary>
    public byte[] ToArray()
    {
        ReadOnlySpan<byte> written = _output.AsSpan(0, _count);
        byte[] result = GC.AllocateUninitializedArray<byte>(written.Length + _lengthBytes);
        int from = 0;
        int to = 0;
        foreach ((int position, int length) in _nested)
        {
            written[from..position].CopyTo(result.AsSpan(to));
            to += position - from;
            from = position;
            to += WriteVarint(result.AsSpan(to), (ulong)length);
        }

        written[from..].CopyTo(result.AsSpan(to));
        return result;
    }

    private void Reserve(int count)
    {
        if (_output.Length - _count < count)
        {
            Array.Resize(ref _output, Math.Max(_output.Length * 2, _count + Math.Max(count, 1 << 12)));
        }
    }

    private static int VarintSize(uint value) => value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : value < 1 << 28 ? 4 : 5;

    private static int WriteVarint(Span<byte> span, ulong value)
    {
        int length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        return length;
    }
}
