// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.IO;
using System.Text;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf;

/// <summary>
/// Writes tags and values one by one to an array or a stream, for code that handles the wire format by hand. What goes to
/// a stream is gathered first: call <see cref="Flush"/> or dispose. For one thread.
/// </summary>
public sealed class CodedOutputStream : IDisposable
{
    /// <summary>How many bytes are gathered for a stream when nothing else is said.</summary>
    public const int DefaultBufferSize = 4096;

    private readonly Stream? _stream;
    private readonly bool _leaveOpen;
    private readonly byte[] _buffer;
    private readonly int _end;
    private int _position;
    private long _flushed;

    /// <summary>Writes to <paramref name="flatArray"/>, which must hold all that is written.</summary>
    public CodedOutputStream(byte[] flatArray)
    {
        ArgumentNullException.ThrowIfNull(flatArray);
        _buffer = flatArray;
        _end = flatArray.Length;
    }

    /// <summary>Writes to <paramref name="output"/>, which is closed with this object unless left open.</summary>
    public CodedOutputStream(Stream output, bool leaveOpen = false)
        : this(output, DefaultBufferSize, leaveOpen)
    {
    }

    /// <summary>Writes to <paramref name="output"/>, which is closed with this object.</summary>
    /// <param name="output">The stream.</param>
    /// <param name="bufferSize">How many bytes are gathered before they go to the stream; fewer than one value needs are made more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive.</exception>
    public CodedOutputStream(Stream output, int bufferSize)
        : this(output, bufferSize, leaveOpen: false)
    {
    }

    /// <summary>Writes to <paramref name="output"/>.</summary>
    /// <param name="output">The stream.</param>
    /// <param name="bufferSize">How many bytes are gathered before they go to the stream; fewer than one value needs are made more.</param>
    /// <param name="leaveOpen">Whether the stream stays open when this object is disposed.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive.</exception>
    public CodedOutputStream(Stream output, int bufferSize, bool leaveOpen)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bufferSize);
        _stream = output;
        _leaveOpen = leaveOpen;
        _end = Math.Max(bufferSize, Varint.MaxLength);
        _buffer = new byte[_end];
    }

    /// <summary>
    /// Whether the entries of maps are written in the order of their keys, so that equal messages give equal bytes. False if not set.
    /// Other programs and versions may order them otherwise.
    /// </summary>
    public bool Deterministic { get; set; }

    /// <summary>How many bytes were written.</summary>
    public long Position => _flushed + _position;

    /// <summary>How many bytes are left in the array.</summary>
    /// <exception cref="InvalidOperationException">The output is a stream.</exception>
    public int SpaceLeft => _stream is null
        ? _end - _position
        : throw new InvalidOperationException("Space is only known over an array; this writes to a stream.");

    /// <summary>Writes an int32, without its tag.</summary>
    public void WriteInt32(int value)
    {
        WireWriter writer = Begin(ComputeInt32Size(value));
        writer.WriteInt32Value(value);
        End(writer);
    }

    /// <summary>Writes an int64, without its tag.</summary>
    public void WriteInt64(long value)
    {
        WireWriter writer = Begin(ComputeInt64Size(value));
        writer.WriteInt64Value(value);
        End(writer);
    }

    /// <summary>Writes a uint32, without its tag.</summary>
    public void WriteUInt32(uint value)
    {
        WireWriter writer = Begin(ComputeUInt32Size(value));
        writer.WriteUInt32Value(value);
        End(writer);
    }

    /// <summary>Writes a uint64, without its tag.</summary>
    public void WriteUInt64(ulong value)
    {
        WireWriter writer = Begin(ComputeUInt64Size(value));
        writer.WriteUInt64Value(value);
        End(writer);
    }

    /// <summary>Writes a sint32, without its tag.</summary>
    public void WriteSInt32(int value)
    {
        WireWriter writer = Begin(ComputeSInt32Size(value));
        writer.WriteSInt32Value(value);
        End(writer);
    }

    /// <summary>Writes a sint64, without its tag.</summary>
    public void WriteSInt64(long value)
    {
        WireWriter writer = Begin(ComputeSInt64Size(value));
        writer.WriteSInt64Value(value);
        End(writer);
    }

    /// <summary>Writes a fixed32, without its tag.</summary>
    public void WriteFixed32(uint value)
    {
        WireWriter writer = Begin(ComputeFixed32Size(value));
        writer.WriteFixed32Value(value);
        End(writer);
    }

    /// <summary>Writes a fixed64, without its tag.</summary>
    public void WriteFixed64(ulong value)
    {
        WireWriter writer = Begin(ComputeFixed64Size(value));
        writer.WriteFixed64Value(value);
        End(writer);
    }

    /// <summary>Writes an sfixed32, without its tag.</summary>
    public void WriteSFixed32(int value)
    {
        WireWriter writer = Begin(ComputeSFixed32Size(value));
        writer.WriteSFixed32Value(value);
        End(writer);
    }

    /// <summary>Writes an sfixed64, without its tag.</summary>
    public void WriteSFixed64(long value)
    {
        WireWriter writer = Begin(ComputeSFixed64Size(value));
        writer.WriteSFixed64Value(value);
        End(writer);
    }

    /// <summary>Writes a float, without its tag.</summary>
    public void WriteFloat(float value)
    {
        WireWriter writer = Begin(ComputeFloatSize(value));
        writer.WriteFloatValue(value);
        End(writer);
    }

    /// <summary>Writes a double, without its tag.</summary>
    public void WriteDouble(double value)
    {
        WireWriter writer = Begin(ComputeDoubleSize(value));
        writer.WriteDoubleValue(value);
        End(writer);
    }

    /// <summary>Writes a bool, without its tag.</summary>
    public void WriteBool(bool value)
    {
        WireWriter writer = Begin(ComputeBoolSize(value));
        writer.WriteBoolValue(value);
        End(writer);
    }

    /// <summary>Writes an enum value, without its tag.</summary>
    public void WriteEnum(int value)
    {
        WireWriter writer = Begin(ComputeEnumSize(value));
        writer.WriteEnumValue(value);
        End(writer);
    }

    /// <summary>Writes a string, without its tag.</summary>
    public void WriteString(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        int length = Encoding.UTF8.GetByteCount(value);
        WriteLength(length);
        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            WriteRawBytes(rented.AsSpan(0, Encoding.UTF8.GetBytes(value, rented)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Writes a byte string, without its tag.</summary>
    public void WriteBytes(ByteString value)
    {
        ArgumentNullException.ThrowIfNull(value);
        WriteLength(value.Length);
        WriteRawBytes(value.Span);
    }

    /// <summary>The size of an int32.</summary>
    public static int ComputeInt32Size(int value) => WireSize.Int32(value);

    /// <summary>The size of an int64.</summary>
    public static int ComputeInt64Size(long value) => WireSize.Int64(value);

    /// <summary>The size of a uint32.</summary>
    public static int ComputeUInt32Size(uint value) => WireSize.UInt32(value);

    /// <summary>The size of a varint of 32 bits, such as a tag or a length.</summary>
    public static int ComputeRawVarint32Size(uint value) => WireSize.UInt32(value);

    /// <summary>The size of a varint.</summary>
    public static int ComputeRawVarint64Size(ulong value) => WireSize.UInt64(value);

    /// <summary>The size of a uint64.</summary>
    public static int ComputeUInt64Size(ulong value) => WireSize.UInt64(value);

    /// <summary>The size of a sint32.</summary>
    public static int ComputeSInt32Size(int value) => WireSize.SInt32(value);

    /// <summary>The size of a sint64.</summary>
    public static int ComputeSInt64Size(long value) => WireSize.SInt64(value);

    /// <summary>The size of a fixed32: 4.</summary>
    public static int ComputeFixed32Size(uint value) => sizeof(uint);

    /// <summary>The size of a fixed64: 8.</summary>
    public static int ComputeFixed64Size(ulong value) => sizeof(ulong);

    /// <summary>The size of an sfixed32: 4.</summary>
    public static int ComputeSFixed32Size(int value) => sizeof(uint);

    /// <summary>The size of an sfixed64: 8.</summary>
    public static int ComputeSFixed64Size(long value) => sizeof(ulong);

    /// <summary>The size of a float: 4.</summary>
    public static int ComputeFloatSize(float value) => sizeof(uint);

    /// <summary>The size of a double: 8.</summary>
    public static int ComputeDoubleSize(double value) => sizeof(ulong);

    /// <summary>The size of a bool: 1.</summary>
    public static int ComputeBoolSize(bool value) => 1;

    /// <summary>The size of an enum value.</summary>
    public static int ComputeEnumSize(int value) => WireSize.Enum(value);

    /// <summary>The size of a string, its length prefix included.</summary>
    public static int ComputeStringSize(string value) => WireSize.Total(WireSize.String(value));

    /// <summary>The size of a byte string, its length prefix included.</summary>
    public static int ComputeBytesSize(ByteString value) => WireSize.Total(WireSize.Bytes(value));

    /// <summary>The size of a message, its length prefix included.</summary>
    public static int ComputeMessageSize(IMessage value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return WireSize.Total(WireSize.Message(value));
    }

    /// <summary>The size of a tag.</summary>
    public static int ComputeTagSize(int fieldNumber) => WireSize.Tag((uint)fieldNumber << 3);

    /// <summary>The size of a length prefix.</summary>
    public static int ComputeLengthSize(int length) => WireSize.Length(length);

    /// <summary>Writes a tag.</summary>
    public void WriteTag(int fieldNumber, WireType type) => WriteTag(WireFormat.MakeTag(fieldNumber, type));

    /// <summary>Writes a tag.</summary>
    public void WriteTag(uint tag) => WriteUInt32(tag);

    /// <summary>Writes a tag whose bytes are known.</summary>
    /// <param name="tag">The varint of the tag, 1 to 5 bytes; not checked.</param>
    public void WriteRawTag(params ReadOnlySpan<byte> tag)
    {
        WireWriter writer = Begin(tag.Length);
        writer.WriteRaw(tag);
        End(writer);
    }

    /// <summary>Writes a length prefix.</summary>
    public void WriteLength(int length) => WriteUInt32((uint)length);

    /// <summary>Writes a message with its length.</summary>
    public void WriteMessage(IMessage value)
    {
        ArgumentNullException.ThrowIfNull(value);
        WriteLength(value.CalculateSize());
        WriteRawMessage(value);
    }

    /// <summary>Writes bytes as they are.</summary>
    public void WriteRawBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _end - _position)
        {
            Flush();
            if (_stream is not null && bytes.Length > _end)
            {
                _stream.Write(bytes);
                _flushed += bytes.Length;
                return;
            }
        }

        CheckSpace(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_position));
        _position += bytes.Length;
    }

    /// <summary>Hands what was gathered to the stream; of no effect over an array.</summary>
    public void Flush()
    {
        if (_stream is not null)
        {
            _stream.Write(_buffer, 0, _position);
            _flushed += _position;
            _position = 0;
        }
    }

    /// <summary>Checks that an array is full to its last byte.</summary>
    /// <exception cref="InvalidOperationException">Bytes are left.</exception>
    public void CheckNoSpaceLeft()
    {
        if (SpaceLeft != 0)
        {
            throw new InvalidOperationException($"{SpaceLeft} bytes of the array were not written.");
        }
    }

    /// <summary>Flushes, and closes the stream unless it was to be left open.</summary>
    public void Dispose()
    {
        Flush();
        if (!_leaveOpen)
        {
            _stream?.Dispose();
        }
    }

    /// <summary>Writes the fields of a message without a length.</summary>
    internal void WriteRawMessage(IMessage message)
    {
        int size = message.CalculateSize();
        if (size > _end - _position)
        {
            Flush();
        }

        if (_stream is null || size <= _end)
        {
            WireWriter writer = Begin(size);
            message.WriteTo(ref writer);
            MessageExtensions.CheckWritten(size, writer.Position);
            End(writer);
            return;
        }

        WireWriter blocks = new(new StreamBufferWriter(_stream)) { Deterministic = Deterministic };
        message.WriteTo(ref blocks);
        blocks.Flush();
        MessageExtensions.CheckWritten(size, blocks.Position);
        _flushed += size;
    }

    private WireWriter Begin(int size)
    {
        if (size > _end - _position)
        {
            Flush();
        }

        CheckSpace(size);
        return new WireWriter(_buffer.AsSpan(_position, _end - _position)) { Deterministic = Deterministic };
    }

    private void End(WireWriter writer) => _position += (int)writer.Position;

    private void CheckSpace(int size)
    {
        if (size > _end - _position)
        {
            throw new OutOfSpaceException($"{size} bytes are to be written, but {_end - _position} are left in the array.");
        }
    }

    /// <summary>There is no room left in the array that is written to.</summary>
    public sealed class OutOfSpaceException : IOException
    {
        internal OutOfSpaceException(string message)
            : base(message)
        {
        }
    }
}
