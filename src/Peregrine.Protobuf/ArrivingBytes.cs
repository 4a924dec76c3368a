// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf;

/// <summary>
/// The bytes of a stream as they arrive, cut into messages that their length precedes, or taken as one at the end. Whoever reads the
/// stream, blocking or not, asks for room and says how much came. Memory grows with what has arrived, never with what a length promises.
/// </summary>
/// <param name="sizeLimit">The largest message in bytes.</param>
/// <param name="readAhead">
/// Whether room is given for more than the next message: then what follows it is taken from the stream, too.
/// </param>
internal sealed class ArrivingBytes(int sizeLimit, bool readAhead)
{
    private const int FirstBlock = 4096;

    private byte[] _bytes = new byte[readAhead ? FirstBlock : Varint.MaxLength];
    private int _start;
    private int _end;
    private int _prefix;
    private int _length;

    // How many bytes are missing at least before a message is whole.
    private int _missing = 1;

    /// <summary>Finds the length before a message.</summary>
    /// <param name="bytes">The input, which begins with the length.</param>
    /// <param name="sizeLimit">The largest message in bytes.</param>
    /// <param name="length">The length of the message.</param>
    /// <returns>How many bytes the length takes; 0 when it goes on behind the input.</returns>
    /// <exception cref="InvalidProtocolBufferException">The length is malformed or too large.</exception>
    public static int ReadPrefix(ReadOnlySpan<byte> bytes, int sizeLimit, out int length)
    {
        length = 0;
        int last = bytes.IndexOfAnyInRange((byte)0, (byte)0x7f);
        if (last < 0 ? bytes.Length >= Varint.MaxLength : last >= Varint.MaxLength)
        {
            throw InvalidProtocolBufferException.MalformedVarint();
        }

        if (last < 0)
        {
            return 0;
        }

        _ = Varint.TryRead(bytes[..(last + 1)], out ulong value);
        if (value > int.MaxValue)
        {
            throw InvalidProtocolBufferException.NegativeSize((long)value);
        }

        length = (int)value;
        return length <= sizeLimit ? last + 1 : throw InvalidProtocolBufferException.SizeLimitExceeded(sizeLimit);
    }

    /// <summary>Where the next bytes of the stream go; at least one byte.</summary>
    public Memory<byte> Room()
    {
        if (_start == _end)
        {
            _start = 0;
            _end = 0;
        }

        if (_end == _bytes.Length)
        {
            Grow();
        }

        return _bytes.AsMemory(_end, readAhead ? _bytes.Length - _end : Math.Min(_missing, _bytes.Length - _end));
    }

    /// <summary>Says how many bytes came.</summary>
    public void Advance(int count) => _end += count;

    /// <summary>Whether the next message is whole; it is <see cref="Take"/>n then.</summary>
    /// <exception cref="InvalidProtocolBufferException">The length before it is malformed or too large.</exception>
    public bool HasMessage()
    {
        ReadOnlySpan<byte> arrived = _bytes.AsSpan(_start, _end - _start);
        if (_prefix == 0)
        {
            _prefix = ReadPrefix(arrived, Math.Min(sizeLimit, Array.MaxLength - Varint.MaxLength), out _length);
        }

        _missing = _prefix == 0 ? 1 : _prefix + _length - arrived.Length;
        return _missing <= 0;
    }

    /// <summary>The message that <see cref="HasMessage"/> found; valid until room is asked for.</summary>
    public ReadOnlySpan<byte> Take()
    {
        ReadOnlySpan<byte> message = _bytes.AsSpan(_start + _prefix, _length);
        _start += _prefix + _length;
        _prefix = 0;
        return message;
    }

    /// <summary>All that arrived, as one message.</summary>
    /// <exception cref="InvalidProtocolBufferException">It is larger than the limit.</exception>
    public ReadOnlySpan<byte> TakeAll()
    {
        CheckSize();
        return _bytes.AsSpan(_start, _end - _start);
    }

    /// <summary>Checks that nothing larger than the limit arrived, when all of it is one message.</summary>
    /// <exception cref="InvalidProtocolBufferException">It is larger.</exception>
    public void CheckSize()
    {
        if (_end - _start > sizeLimit)
        {
            throw InvalidProtocolBufferException.SizeLimitExceeded(sizeLimit);
        }
    }

    /// <summary>Checks that the stream did not end inside of a message.</summary>
    /// <exception cref="InvalidProtocolBufferException">It did.</exception>
    public void CheckEnd()
    {
        if (_start != _end)
        {
            throw InvalidProtocolBufferException.Truncated(_missing, 0);
        }
    }

    private void Grow()
    {
        int held = _end - _start;
        if (held == Array.MaxLength)
        {
            throw InvalidProtocolBufferException.SizeLimitExceeded(Array.MaxLength);
        }

        long size = Math.Min(Array.MaxLength, Math.Max(FirstBlock, 2L * _bytes.Length));
        byte[] target = _start > _bytes.Length / 2 ? _bytes
            : new byte[(int)(readAhead ? size : Math.Min(size, held + (long)_missing))];
        _bytes.AsSpan(_start, held).CopyTo(target);
        _bytes = target;
        _start = 0;
        _end = held;
    }
}
