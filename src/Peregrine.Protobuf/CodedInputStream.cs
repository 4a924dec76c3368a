// SPDX-License-Identifier: Apache-2.0
using System;
using System.IO;
using System.Runtime.CompilerServices;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf;

/// <summary>
/// Reads tags and values one by one from an array or a stream, for code that handles the wire format by hand. Messages are
/// parsed with <see cref="MessageParser{T}"/>. For one thread. A stream is read in blocks, ahead of what was asked for.
/// </summary>
public sealed class CodedInputStream : IDisposable
{
    private const int BlockSize = 4096;

    private readonly Stream? _stream;
    private readonly bool _leaveOpen;
    private byte[] _buffer;
    private int _position;
    private int _end;
    private long _consumed;
    private bool _peeked;
    private uint _peekedTag;

    /// <summary>Reads from <paramref name="buffer"/>.</summary>
    public CodedInputStream(byte[] buffer)
        : this(Checked(buffer), 0, buffer.Length)
    {
    }

    /// <summary>Reads from a part of <paramref name="buffer"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part is outside of the array.</exception>
    public CodedInputStream(byte[] buffer, int offset, int length)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)offset, (uint)buffer.Length, nameof(offset));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)(buffer.Length - offset), nameof(length));
        _buffer = buffer;
        _position = offset;
        _end = offset + length;
        _consumed = -offset;
    }

    /// <summary>Reads from <paramref name="input"/>, which is closed with this object unless left open.</summary>
    public CodedInputStream(Stream input, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(input);
        _stream = input;
        _leaveOpen = leaveOpen;
        _buffer = new byte[BlockSize];
    }

    private CodedInputStream(Stream input, int sizeLimit, int recursionLimit)
        : this(input, leaveOpen: false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sizeLimit);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(recursionLimit);
        SizeLimit = sizeLimit;
        RecursionLimit = recursionLimit;
    }

    /// <summary>Reads from <paramref name="input"/>, which is closed with this object, within limits of the caller's.</summary>
    /// <param name="input">The stream.</param>
    /// <param name="sizeLimit">How many bytes may be taken from the stream in all, those read ahead included.</param>
    /// <param name="recursionLimit">How deep messages and groups may nest.</param>
    /// <exception cref="ArgumentOutOfRangeException">A limit is not positive.</exception>
    public static CodedInputStream CreateWithLimits(Stream input, int sizeLimit, int recursionLimit) =>
        new(input, sizeLimit, recursionLimit);

    /// <summary>How many bytes may be taken from a stream in all: 2 GiB - 1 unless set.</summary>
    public int SizeLimit { get; } = int.MaxValue;

    /// <summary>How deep messages and groups may nest: 100 unless set.</summary>
    public int RecursionLimit { get; } = WireReaderOptions.DefaultRecursionLimit;

    /// <summary>How many bytes were read.</summary>
    public long Position => _consumed + _position;

    /// <summary>The last tag that <see cref="ReadTag"/> returned; 0 at the start and at the end.</summary>
    public uint LastTag { get; private set; }

    /// <summary>Whether the input ends here.</summary>
    public bool IsAtEnd => !Fill(1);

    /// <summary>Reads the next tag; 0 at the end of the input.</summary>
    /// <exception cref="InvalidProtocolBufferException">The tag is malformed.</exception>
    public uint ReadTag()
    {
        if (_peeked)
        {
            _peeked = false;
            return LastTag = _peekedTag;
        }

        if (IsAtEnd)
        {
            return LastTag = 0;
        }

        WireReader reader = Begin(Varint.MaxLength);
        LastTag = reader.ReadTag();
        Consume(reader);
        return LastTag;
    }

    /// <summary>What <see cref="ReadTag"/> will return.</summary>
    public uint PeekTag()
    {
        if (!_peeked)
        {
            uint last = LastTag;
            _peekedTag = ReadTag();
            LastTag = last;
            _peeked = true;
        }

        return _peekedTag;
    }

    /// <summary>Skips the field whose tag was read last.</summary>
    /// <exception cref="InvalidOperationException">No tag was read.</exception>
    /// <exception cref="InvalidProtocolBufferException">The field is malformed.</exception>
    public void SkipLastField()
    {
        if (LastTag == 0)
        {
            throw new InvalidOperationException("There is no field to skip: ReadTag was not called, or the input ended.");
        }

        Skip(LastTag, RecursionLimit);
    }

    /// <summary>Reads an int32.</summary>
    /// <exception cref="InvalidProtocolBufferException">The input is malformed.</exception>
    public int ReadInt32()
    {
        WireReader reader = Begin(Varint.MaxLength);
        int value = reader.ReadInt32();
        Consume(reader);
        return value;
    }

    /// <summary>Reads an int64.</summary>
    /// <exception cref="InvalidProtocolBufferException">The input is malformed.</exception>
    public long ReadInt64()
    {
        WireReader reader = Begin(Varint.MaxLength);
        long value = reader.ReadInt64();
        Consume(reader);
        return value;
    }

    /// <summary>Reads a uint32.</summary>
    /// <exception cref="InvalidProtocolBufferException">The input is malformed.</exception>
    public uint ReadUInt32()
    {
        WireReader reader = Begin(Varint.MaxLength);
        uint value = reader.ReadUInt32();
        Consume(reader);
        return value;
    }

    /// <summary>Reads a uint64.</summary>
    /// <exception cref="InvalidProtocolBufferException">The input is malformed.</exception>
    public ulong ReadUInt64()
    {
        WireReader reader = Begin(Varint.MaxLength);
        ulong value = reader.ReadUInt64();
        Consume(reader);
        return value;
    }

    /// <summary>Reads a sint32.</summary>
    /// <exception cref="InvalidProtocolBufferException">The input is malformed.</exception>
    public int ReadSInt32()
    {
        WireReader reader = Begin(Varint.MaxLength);
        int value = reader.ReadSInt32();
        Consume(reader);
        return value;
    }

    /// <summary>Reads a sint64.</summary>
    /// <exception cref="InvalidProtocolBufferException">The input is malformed.</exception>
    public long ReadSInt64()
    {
        WireReader reader = Begin(Varint.MaxLength);
        long value = reader.ReadSInt64();
        Consume(reader);
        return value;
    }

    /// <summary>Reads a fixed32.</summary>
    /// <exception cref="InvalidProtocolBufferException">The input is malformed.</exception>
    public uint ReadFixed32()
    {
        WireReader reader = Begin(sizeof(uint));
        uint value = reader.ReadFixed32();
        Consume(reader);
        return value;
    }

    /// <summary>Reads a fixed64.</summary>
    /// <exception cref="InvalidProtocolBufferException">The input is malformed.</exception>
    public ulong ReadFixed64()
    {
        WireReader reader = Begin(sizeof(ulong));
        ulong value = reader.ReadFixed64();
        Consume(reader);
        return value;
    }

    /// <summary>Reads an sfixed32.</summary>
    /// <exception cref="InvalidProtocolBufferException">The input is malformed.</exception>
    public int ReadSFixed32()
    {
        WireReader reader = Begin(sizeof(uint));
        int value = reader.ReadSFixed32();
        Consume(reader);
        return value;
    }

    /// <summary>Reads an sfixed64.</summary>
    /// <exception cref="InvalidProtocolBufferException">The input is malformed.</exception>
    public long ReadSFixed64()
    {
        WireReader reader = Begin(sizeof(ulong));
        long value = reader.ReadSFixed64();
        Consume(reader);
        return value;
    }

    /// <summary>Reads a float.</summary>
    /// <exception cref="InvalidProtocolBufferException">The input is malformed.</exception>
    public float ReadFloat()
    {
        WireReader reader = Begin(sizeof(uint));
        float value = reader.ReadFloat();
        Consume(reader);
        return value;
    }

    /// <summary>Reads a double.</summary>
    /// <exception cref="InvalidProtocolBufferException">The input is malformed.</exception>
    public double ReadDouble()
    {
        WireReader reader = Begin(sizeof(ulong));
        double value = reader.ReadDouble();
        Consume(reader);
        return value;
    }

    /// <summary>Reads a bool.</summary>
    /// <exception cref="InvalidProtocolBufferException">The input is malformed.</exception>
    public bool ReadBool()
    {
        WireReader reader = Begin(Varint.MaxLength);
        bool value = reader.ReadBool();
        Consume(reader);
        return value;
    }

    /// <summary>Reads an enum value.</summary>
    /// <exception cref="InvalidProtocolBufferException">The input is malformed.</exception>
    public int ReadEnum()
    {
        WireReader reader = Begin(Varint.MaxLength);
        int value = reader.ReadEnum();
        Consume(reader);
        return value;
    }

    /// <summary>Reads a string.</summary>
    /// <exception cref="InvalidProtocolBufferException">The input is malformed.</exception>
    public string ReadString()
    {
        WireReader reader = BeginLengthDelimited();
        string value = reader.ReadString();
        Consume(reader);
        return value;
    }

    /// <summary>Reads a byte string.</summary>
    /// <exception cref="InvalidProtocolBufferException">The input is malformed.</exception>
    public ByteString ReadBytes()
    {
        WireReader reader = BeginLengthDelimited();
        ByteString value = reader.ReadBytes();
        Consume(reader);
        return value;
    }

    /// <summary>Reads the length of a length-delimited value.</summary>
    /// <exception cref="InvalidProtocolBufferException">The length is negative.</exception>
    public int ReadLength()
    {
        ulong length = ReadUInt64();
        return length <= int.MaxValue ? (int)length : throw InvalidProtocolBufferException.NegativeSize((long)length);
    }

    /// <summary>Reads a length-delimited message and merges it into <paramref name="message"/>.</summary>
    /// <exception cref="InvalidProtocolBufferException">The input is malformed.</exception>
    public void ReadMessage(IMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        WireReader reader = BeginLengthDelimited();
        reader.ReadMessage(message);
        Consume(reader);
    }

    /// <summary>Closes the stream, unless it was to be left open.</summary>
    public void Dispose()
    {
        if (!_leaveOpen)
        {
            _stream?.Dispose();
        }
    }

    /// <summary>Merges all that is left into a message.</summary>
    internal void MergeRest(IMessage message, WireReaderOptions options)
    {
        if (_stream is not null)
        {
            int wanted = BlockSize;
            while (Fill(wanted) && wanted < Array.MaxLength)
            {
                wanted = (int)Math.Min(Array.MaxLength, 2L * wanted);
            }
        }

        MessageParsing.Merge(
            message, _buffer.AsSpan(_position, _end - _position), options with { RecursionLimit = RecursionLimit });
        _position = _end;
    }

    private static byte[] Checked(byte[] buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        return buffer;
    }

    private void Skip(uint tag, int depth)
    {
        switch ((WireType)(tag & 7))
        {
            case WireType.StartGroup when depth == 0:
                throw InvalidProtocolBufferException.TooDeep(RecursionLimit);
            case WireType.StartGroup:
                SkipGroup(tag, depth - 1);
                return;
            case WireType.LengthDelimited:
                WireReader delimited = BeginLengthDelimited();
                delimited.SkipField(tag);
                Consume(delimited);
                return;
            default:
                WireReader reader = Begin(Varint.MaxLength);
                reader.SkipField(tag);
                Consume(reader);
                return;
        }
    }

    private void SkipGroup(uint startTag, int depth)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw InvalidProtocolBufferException.TooDeepForStack(RecursionLimit - depth);
        }

        uint tag;
        while ((tag = ReadTag()) != 0)
        {
            if ((WireType)(tag & 7) == WireType.EndGroup)
            {
                if (tag != startTag + 1)
                {
                    throw InvalidProtocolBufferException.MismatchedEndGroup(startTag, tag);
                }

                return;
            }

            Skip(tag, depth);
        }

        throw InvalidProtocolBufferException.UnterminatedGroup(startTag);
    }

    // The bytes at hand, at least as many as asked for unless the input ends before.
    private WireReader Begin(int wanted)
    {
        if (_peeked)
        {
            throw new InvalidOperationException("The tag that PeekTag showed must be read with ReadTag before its value.");
        }

        _ = Fill(wanted);
        return new WireReader(
            _buffer.AsSpan(_position, _end - _position), new WireReaderOptions { RecursionLimit = RecursionLimit });
    }

    private WireReader BeginLengthDelimited()
    {
        WireReader reader = Begin(Varint.MaxLength);
        ulong length = reader.ReadUInt64();
        if (length > int.MaxValue)
        {
            throw InvalidProtocolBufferException.NegativeSize((long)length);
        }

        long whole = reader.Position + (long)length;
        if (!Fill((int)Math.Min(whole, Array.MaxLength)))
        {
            throw InvalidProtocolBufferException.Truncated((long)length, _end - _position - reader.Position);
        }

        return Begin(0);
    }

    private void Consume(WireReader reader) => _position += (int)reader.Position;

    // Memory grows with what arrives, never with what a length promises.
    private bool Fill(int wanted)
    {
        while (_end - _position < wanted)
        {
            if (_stream is null)
            {
                return false;
            }

            if (_end == _buffer.Length)
            {
                MakeRoom();
            }

            int read = _stream.Read(_buffer, _end, _buffer.Length - _end);
            if (read == 0)
            {
                return false;
            }

            _end += read;
            if (_consumed + _end > SizeLimit)
            {
                throw InvalidProtocolBufferException.SizeLimitExceeded(SizeLimit);
            }
        }

        return true;
    }

    private void MakeRoom()
    {
        int held = _end - _position;
        byte[] target = held > _buffer.Length / 2
            ? new byte[(int)Math.Min(Array.MaxLength, 2L * _buffer.Length)]
            : _buffer;
        _buffer.AsSpan(_position, held).CopyTo(target);
        _buffer = target;
        _consumed += _position;
        _position = 0;
        _end = held;
    }
}
