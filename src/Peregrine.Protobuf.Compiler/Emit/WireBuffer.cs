// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Peregrine.Protobuf.Compiler.Emit;

/// <summary>Writes protobuf wire format into a growing array.</summary>
internal sealed class WireBuffer
{
    private readonly ArrayBufferWriter<byte> _output = new();

    public ReadOnlySpan<byte> Written => _output.WrittenSpan;

    public int Length => _output.WrittenCount;

    public void Tag(int number, int wireType) => Varint(((ulong)number << 3) | (uint)wireType);

    public void Varint(ulong value)
    {
        Span<byte> span = _output.GetSpan(10);
        int length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        _output.Advance(length);
    }

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

    public void Raw(ReadOnlySpan<byte> value) => _output.Write(value);

    public void String(int number, string value) => Bytes(number, Encoding.UTF8.GetBytes(value));
}
