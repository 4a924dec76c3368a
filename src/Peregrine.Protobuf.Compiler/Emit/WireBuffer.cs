// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;

namespace Peregrine.Protobuf.Compiler.Emit;

/// <summary>
/// Writes protobuf wire format into a growing array. The length of a nested message stands before its content but is known after it:
/// lengths are kept aside and put in by <see cref="ToArray"/>, so that every byte is copied once, however deep messages are nested.
/// </summary>
internal sealed class WireBuffer
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly List<(int Position, int Length)> _nested = [];

    // The bytes that the lengths of closed messages will take; at the opening of a message its count so far is kept in Length.
    private int _lengthBytes;

    public void Tag(int number, int wireType) => Varint(((ulong)number << 3) | (uint)wireType);

    public void Varint(ulong value)
    {
        Span<byte> span = _output.GetSpan(10);
        _output.Advance(WriteVarint(span, value));
    }

    /// <summary>Writes fields that are serialized already.</summary>
    public void Raw(ReadOnlySpan<byte> fields) => _output.Write(fields);

    public void Fixed32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_output.GetSpan(4), value);
        _output.Advance(4);
    }

    public void Fixed64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_output.GetSpan(8), value);
        _output.Advance(8);
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
        _output.Write(value);
    }

    public void String(int number, string value)
    {
        Tag(number, 2);
        int length = Encoding.UTF8.GetByteCount(value);
        Varint((ulong)length);
        Encoding.UTF8.GetBytes(value, _output.GetSpan(length));
        _output.Advance(length);
    }

    /// <summary>Begins a nested message, or packed values: what is written up to <see cref="Close"/> is its content.</summary>
    /// <returns>What <see cref="Close"/> is to be called with.</returns>
    public int Open(int number)
    {
        Tag(number, 2);
        _nested.Add((_output.WrittenCount, _lengthBytes));
        return _nested.Count - 1;
    }

    /// <summary>Ends what <see cref="Open"/> began; the innermost first.</summary>
    public void Close(int mark)
    {
        (int position, int lengthBytesBefore) = _nested[mark];
        int length = _output.WrittenCount - position + (_lengthBytes - lengthBytesBefore);
        _nested[mark] = (position, length);
        Span<byte> scratch = stackalloc byte[10];
        _lengthBytes += WriteVarint(scratch, (ulong)length);
    }

    /// <summary>All that was written; everything opened must be closed.</summary>
    public byte[] ToArray()
    {
        ReadOnlySpan<byte> written = _output.WrittenSpan;
        byte[] result = new byte[written.Length + _lengthBytes];
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
