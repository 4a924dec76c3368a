// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Peregrine.Protobuf.Wire;

/// <summary>
/// Writes the protobuf wire format to a caller's span or to an <see cref="IBufferWriter{T}"/>: generated code calls it
/// directly, one call a field. A writer is a cursor for one thread. Nested messages are written with the size that
/// <see cref="IMessage.CalculateSize"/> stored in them: sizes are computed once, not once a level.
/// </summary>
/// <remarks>
/// Rejected: writing backwards, which needs the whole message in one block; and leaving a gap for the length and shifting,
/// which moves deep messages once a level and cannot be used when blocks are handed on as they fill.
/// </remarks>
public ref struct WireWriter
{
    // A tag of at most 5 bytes and a varint of at most 10.
    private const int MaxVarintField = 5 + Varint.MaxLength;

    // Fewer levels than this fit the stack that the check of the last CalculateSize left over.
    private const int UncheckedDepth = WireReaderOptions.DefaultRecursionLimit;

    private readonly IBufferWriter<byte>? _output;
    private Span<byte> _buffer;
    private int _position;
    private long _flushed;
    private int _depth;

    /// <summary>Writes to <paramref name="destination"/>, which must hold all that is written.</summary>
    public WireWriter(Span<byte> destination)
    {
        _buffer = destination;
    }

    /// <summary>Writes to <paramref name="output"/> block by block; <see cref="Flush"/> hands over the last.</summary>
    public WireWriter(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
        _buffer = output.GetSpan();
    }

    /// <summary>Whether map entries are written in the order of their keys, so that equal messages give equal bytes.</summary>
    public bool Deterministic { get; init; }

    /// <summary>How many bytes were written.</summary>
    public readonly long Position => _flushed + _position;

    /// <summary>Hands what was written to the output; of no effect over a span.</summary>
    public void Flush()
    {
        if (_output is not null && _position != 0)
        {
            _output.Advance(_position);
            _flushed += _position;
            _position = 0;
            _buffer = default;
        }
    }

    /// <summary>Writes an int32 field.</summary>
    public void WriteInt32(uint tag, int value) => WriteVarintField(tag, (ulong)value);

    /// <summary>Writes an int64 field.</summary>
    public void WriteInt64(uint tag, long value) => WriteVarintField(tag, (ulong)value);

    /// <summary>Writes a uint32 field.</summary>
    public void WriteUInt32(uint tag, uint value) => WriteVarintField(tag, value);

    /// <summary>Writes a uint64 field.</summary>
    public void WriteUInt64(uint tag, ulong value) => WriteVarintField(tag, value);

    /// <summary>Writes a sint32 field.</summary>
    public void WriteSInt32(uint tag, int value) => WriteVarintField(tag, Varint.ZigZag(value));

    /// <summary>Writes a sint64 field.</summary>
    public void WriteSInt64(uint tag, long value) => WriteVarintField(tag, Varint.ZigZag(value));

    /// <summary>Writes an enum field.</summary>
    public void WriteEnum(uint tag, int value) => WriteVarintField(tag, (ulong)value);

    /// <summary>Writes a bool field.</summary>
    public void WriteBool(uint tag, bool value) => WriteVarintField(tag, value ? 1UL : 0UL);

    /// <summary>Writes a fixed32 field.</summary>
    public void WriteFixed32(uint tag, uint value)
    {
        WriteTag(tag);
        WriteFixed32Value(value);
    }

    /// <summary>Writes a fixed64 field.</summary>
    public void WriteFixed64(uint tag, ulong value)
    {
        WriteTag(tag);
        WriteFixed64Value(value);
    }

    /// <summary>Writes an sfixed32 field.</summary>
    public void WriteSFixed32(uint tag, int value) => WriteFixed32(tag, (uint)value);

    /// <summary>Writes an sfixed64 field.</summary>
    public void WriteSFixed64(uint tag, long value) => WriteFixed64(tag, (ulong)value);

    /// <summary>Writes a float field.</summary>
    public void WriteFloat(uint tag, float value) => WriteFixed32(tag, BitConverter.SingleToUInt32Bits(value));

    /// <summary>Writes a double field.</summary>
    public void WriteDouble(uint tag, double value) => WriteFixed64(tag, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>Writes a string field. Surrogates without their other half become U+FFFD.</summary>
    public void WriteString(uint tag, string value)
    {
        WriteTag(tag);
        WriteStringValue(value);
    }

    /// <summary>Writes a bytes field.</summary>
    public void WriteBytes(uint tag, ByteString value)
    {
        WriteTag(tag);
        WriteBytesValue(value);
    }

    /// <summary>Writes a message field, with the size that its last <see cref="IMessage.CalculateSize"/> found.</summary>
    /// <exception cref="InvalidOperationException">The message is not of that size any more, or nests too deeply.</exception>
    // Inlined on purpose: where the static type of the argument is a sealed message class the calls on it are direct.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteMessage(uint tag, IMessage message)
    {
        int size = message.CachedSize;
        WriteTagAndLength(tag, size);
        long end = Enter(size);
        message.WriteTo(ref this);
        Leave(size, end);
    }

    /// <summary>Writes a message as a group: start tag, fields, end tag.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteGroup(uint startTag, IMessage message)
    {
        WriteTag(startTag);
        _ = Enter(0);
        message.WriteTo(ref this);
        _depth--;
        WriteTag(startTag + 1);
    }

    private long Enter(int size)
    {
        if (_depth++ >= UncheckedDepth)
        {
            MessageNesting.Check();
        }

        return Position + size;
    }

    private void Leave(int size, long end)
    {
        _depth--;
        CheckEnd(size, end);
    }

    /// <summary>Checks that what follows a length was as long as that: else the output would be silently corrupt.</summary>
    internal readonly void CheckEnd(int size, long end)
    {
        if (Position != end)
        {
            ThrowStaleSize(size, size + Position - end);
        }
    }

    /// <summary>Takes the next bytes of the current block, for the caller to fill; false when they are not in one block.</summary>
    internal bool TryTake(int length, out Span<byte> bytes)
    {
        if (length > _buffer.Length - _position)
        {
            bytes = default;
            return false;
        }

        bytes = _buffer.Slice(_position, length);
        _position += length;
        return true;
    }

    /// <summary>Checks that what was taken by <see cref="TryTake"/> was filled; written is negative when it was too short.</summary>
    internal static void CheckTaken(int length, int written)
    {
        if (written != length)
        {
            ThrowStaleSize(length, written < 0 ? length + 1L : written);
        }
    }

    private static void ThrowStaleSize(int size, long written) => throw new InvalidOperationException(
        $"A nested message or field was sized at {size} bytes but wrote {written}. "
        + "CalculateSize did not run after the last change, or the message was changed while it was serialized.");

    /// <summary>Writes a tag.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteTag(uint tag)
    {
        if (tag < 0x80 && _position < _buffer.Length)
        {
            _buffer[_position++] = (byte)tag;
            return;
        }

        WriteVarint(tag);
    }

    /// <summary>Writes a tag and the length of what follows.</summary>
    public void WriteTagAndLength(uint tag, int length) => WriteVarintField(tag, (uint)length);

    /// <summary>Writes a length prefix.</summary>
    public void WriteLength(int length) => WriteVarint((uint)length);

    /// <summary>Writes an int32 without tag.</summary>
    public void WriteInt32Value(int value) => WriteVarint((ulong)value);

    /// <summary>Writes an int64 without tag.</summary>
    public void WriteInt64Value(long value) => WriteVarint((ulong)value);

    /// <summary>Writes a uint32 without tag.</summary>
    public void WriteUInt32Value(uint value) => WriteVarint(value);

    /// <summary>Writes a uint64 without tag.</summary>
    public void WriteUInt64Value(ulong value) => WriteVarint(value);

    /// <summary>Writes a sint32 without tag.</summary>
    public void WriteSInt32Value(int value) => WriteVarint(Varint.ZigZag(value));

    /// <summary>Writes a sint64 without tag.</summary>
    public void WriteSInt64Value(long value) => WriteVarint(Varint.ZigZag(value));

    /// <summary>Writes the number of an enum value without tag.</summary>
    public void WriteEnumValue(int value) => WriteVarint((ulong)value);

    /// <summary>Writes a bool without tag.</summary>
    public void WriteBoolValue(bool value) => WriteVarint(value ? 1UL : 0UL);

    /// <summary>Writes a fixed32 without tag.</summary>
    public void WriteFixed32Value(uint value)
    {
        if (_buffer.Length - _position >= sizeof(uint))
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_buffer[_position..], value);
            _position += sizeof(uint);
            return;
        }

        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        WriteRaw(bytes);
    }

    /// <summary>Writes a fixed64 without tag.</summary>
    public void WriteFixed64Value(ulong value)
    {
        if (_buffer.Length - _position >= sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_buffer[_position..], value);
            _position += sizeof(ulong);
            return;
        }

        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        WriteRaw(bytes);
    }

    /// <summary>Writes an sfixed32 without tag.</summary>
    public void WriteSFixed32Value(int value) => WriteFixed32Value((uint)value);

    /// <summary>Writes an sfixed64 without tag.</summary>
    public void WriteSFixed64Value(long value) => WriteFixed64Value((ulong)value);

    /// <summary>Writes a float without tag.</summary>
    public void WriteFloatValue(float value) => WriteFixed32Value(BitConverter.SingleToUInt32Bits(value));

    /// <summary>Writes a double without tag.</summary>
    public void WriteDoubleValue(double value) => WriteFixed64Value(BitConverter.DoubleToUInt64Bits(value));

    /// <summary>Writes bytes with their length.</summary>
    public void WriteBytesValue(ByteString value)
    {
        WriteLength(value.Length);
        WriteRaw(value.Span);
    }

    /// <summary>Writes a message with its length.</summary>
    public void WriteMessageValue(IMessage message)
    {
        int size = message.CachedSize;
        WriteLength(size);
        long end = Enter(size);
        message.WriteTo(ref this);
        Leave(size, end);
    }

    /// <summary>Writes a string with its length.</summary>
    public void WriteStringValue(string value)
    {
        // ASCII, as most texts are, has as many bytes as characters: one pass instead of one to count and one to encode.
        int prefix = WireSize.Length(value.Length);
        if (_buffer.Length - _position >= prefix + value.Length && AsciiText.TryNarrow(value, _buffer[(_position + prefix)..]))
        {
            _position += Put(_buffer[_position..], (uint)value.Length) + value.Length;
            return;
        }

        int length = Encoding.UTF8.GetByteCount(value);
        WriteLength(length);
        if (length <= _buffer.Length - _position)
        {
            _position += Encoding.UTF8.GetBytes(value, _buffer[_position..]);
            return;
        }

        WriteSplitString(value, length);
    }

    private void WriteSplitString(string value, int length)
    {
        CheckHasOutput();
        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            WriteRaw(rented.AsSpan(0, Encoding.UTF8.GetBytes(value, rented)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Writes bytes as they are.</summary>
    public void WriteRaw(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= _buffer.Length - _position)
        {
            bytes.CopyTo(_buffer[_position..]);
            _position += bytes.Length;
            return;
        }

        WriteSplitRaw(bytes);
    }

    private void WriteSplitRaw(scoped ReadOnlySpan<byte> bytes)
    {
        CheckHasOutput();
        while (true)
        {
            int length = Math.Min(bytes.Length, _buffer.Length - _position);
            bytes[..length].CopyTo(_buffer[_position..]);
            _position += length;
            bytes = bytes[length..];
            if (bytes.Length == 0)
            {
                return;
            }

            Flush();
            _buffer = _output!.GetSpan(1);
        }
    }

    private readonly void CheckHasOutput()
    {
        if (_output is null)
        {
            throw new InvalidOperationException(
                $"The destination of {_buffer.Length} bytes is too small for the message. Its size is CalculateSize(); "
                + "if that was used, the message was changed while it was written.");
        }
    }

    private void WriteVarintField(uint tag, ulong value)
    {
        int position = _position;
        if ((tag | value) < 0x80 && _buffer.Length - position >= 2)
        {
            // Small numbers in low fields, also in the last bytes of a block that fits exactly.
            _buffer[position + 1] = (byte)value;
            _buffer[position] = (byte)tag;
            _position = position + 2;
            return;
        }

        if (_buffer.Length - position >= MaxVarintField)
        {
            position += Put(_buffer[position..], tag);
            _position = position + Put(_buffer[position..], value);
            return;
        }

        WriteVarint(tag);
        WriteVarint(value);
    }

    private void WriteVarint(ulong value)
    {
        if (value < 0x80 && _position < _buffer.Length)
        {
            _buffer[_position++] = (byte)value;
            return;
        }

        if (_buffer.Length - _position >= Varint.MaxLength)
        {
            _position += Put(_buffer[_position..], value);
            return;
        }

        WriteTightVarint(value);
    }

    private void WriteTightVarint(ulong value)
    {
        if (WireSize.UInt64(value) <= _buffer.Length - _position)
        {
            _position += Varint.Write(_buffer[_position..], value);
            return;
        }

        Span<byte> bytes = stackalloc byte[Varint.MaxLength];
        WriteRaw(bytes[..Varint.Write(bytes, value)]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Put(Span<byte> destination, ulong value)
    {
        if (value < 0x80)
        {
            destination[0] = (byte)value;
            return 1;
        }

        return Varint.Write(destination, value);
    }
}
