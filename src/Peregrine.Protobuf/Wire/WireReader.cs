// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Peregrine.Protobuf.Wire;

/// <summary>
/// Reads the protobuf wire format from one span or from a sequence of segments: generated code calls it directly.
/// Every way in which input can be wrong throws <see cref="InvalidProtocolBufferException"/>; nothing is allocated that
/// the input does not hold. A reader is a cursor for one thread; the input must not change while it is read.
/// </summary>
/// <remarks>
/// The cursor is an offset into the current segment. <c>_end</c> is where the segment or the limit of the current message
/// ends, whichever comes first, so that the fast paths compare once:
/// <code>
///   segment:  [ ........ | ======= message ======= ]   next segment: [ == message == | ... ]
///                          ^ _position       _end ^                           _limit ^ (counted from the start of all input)
/// </code>
/// </remarks>
public ref partial struct WireReader
{
    private ReadOnlySpan<byte> _buffer;
    private int _position;
    private int _end;
    private long _bufferStart;
    private long _limit;
    private int _depth;
    private uint _endGroupTag;
    private readonly int _recursionLimit;
    private readonly int _uncheckedDepth;
    private readonly ReadOnlySequence<byte> _sequence;
    private SequencePosition _next;

    /// <summary>Reads <paramref name="input"/>.</summary>
    /// <exception cref="InvalidProtocolBufferException">The input exceeds the size limit.</exception>
    public WireReader(ReadOnlySpan<byte> input, WireReaderOptions options = default)
        : this(options, input.Length)
    {
        _buffer = input;
        _end = input.Length;
    }

    /// <summary>Reads <paramref name="input"/>, whose segments may be cut anywhere.</summary>
    /// <exception cref="InvalidProtocolBufferException">The input exceeds the size limit.</exception>
    public WireReader(in ReadOnlySequence<byte> input, WireReaderOptions options = default)
        : this(options, input.Length)
    {
        _buffer = input.FirstSpan;
        _end = _buffer.Length;
        if (!input.IsSingleSegment)
        {
            _sequence = input;
            _next = input.GetPosition(_buffer.Length);
        }
    }

    private WireReader(WireReaderOptions options, long length)
    {
        if (length > options.SizeLimit)
        {
            throw InvalidProtocolBufferException.SizeLimitExceeded(options.SizeLimit);
        }

        _limit = length;
        _recursionLimit = options.RecursionLimit;
        _uncheckedDepth = Math.Min(_recursionLimit, WireReaderOptions.DefaultRecursionLimit);
        DiscardUnknownFields = options.DiscardUnknownFields;
        ExtensionRegistry = options.ExtensionRegistry;
    }

    /// <summary>Whether unknown fields are dropped.</summary>
    public bool DiscardUnknownFields { get; }

    /// <summary>The extensions to parse, or null for none.</summary>
    public ExtensionRegistry? ExtensionRegistry { get; }

    /// <summary>How many bytes were read.</summary>
    public readonly long Position => _bufferStart + _position;

    /// <summary>Whether the current message, or packed field, ends here.</summary>
    public readonly bool IsAtLimit => _position == _end && _bufferStart + _position == _limit;

    /// <summary>How many bytes of the current message remain.</summary>
    internal readonly long Remaining => _limit - Position;

    /// <summary>Reads the next tag.</summary>
    /// <returns>The field number shifted left by three, or'ed with the wire type; 0 at the end of the current message.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint ReadTag()
    {
        int position = _position;
        if (position < _end)
        {
            uint first = At(position);
            // One byte: field numbers 1 to 15.
            if (first - 8 < 0x80 - 8)
            {
                _position = position + 1;
                return first;
            }
        }

        return ReadLongTag();
    }

    private uint ReadLongTag()
    {
        if (_position == _end && (_bufferStart + _end == _limit || !MoveToNextSegment()))
        {
            return 0;
        }

        if (_end - _position >= 2)
        {
            // Two bytes: field numbers up to 2047.
            uint two = At(_position) | ((uint)At(_position + 1) << 8);
            if ((two & 0x8080) == 0x0080 && two >= 0x0100)
            {
                _position += 2;
                return (two & 0x7F) | ((two & 0x7F00) >> 1);
            }
        }

        // 32 bits take 5 bytes; a longer tag is as wrong as one with field number 0.
        long start = Position;
        ulong tag = ReadVarint64();
        if (tag > uint.MaxValue || tag >> 3 == 0 || Position - start > 5)
        {
            throw InvalidProtocolBufferException.InvalidTag(tag);
        }

        return (uint)tag;
    }

    /// <summary>Consumes the next tag if it is <paramref name="tag"/>: how repeated fields stay in their loop.</summary>
    /// <param name="tag">The tag. One of more than two bytes, or cut by the end of a segment, is left to <see cref="ReadTag"/>.</param>
    /// <returns>Whether it was there.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadTag(uint tag)
    {
        int length = TagLengthAt(_position, tag);
        _position += length;
        return length != 0;
    }

    // The length of the tag if it stands at the position; else 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int TagLengthAt(int position, uint tag) => tag < 0x80
        ? position < _end && At(position) == tag ? 1 : 0
        : tag < 0x4000 && _end - position >= 2 && At(position) == (byte)(tag | 0x80) && At(position + 1) == tag >> 7 ? 2 : 0;

    /// <summary>
    /// How many length-delimited fields with <paramref name="tag"/>, the first of whose tag was just read, follow each other in this segment:
    /// at least 1. It jumps from length to length, so that it reads what will be read next.
    /// </summary>
    internal readonly int CountRun(uint tag)
    {
        int count = 0;
        int position = _position;
        while (true)
        {
            count++;
            int bytes = 1;
            ulong length = position < _end ? At(position) : 0x80u;
            if (length >= 0x80)
            {
                bytes = Varint.TryRead(_buffer[position.._end], out length);
            }

            if (bytes == 0 || length > (ulong)(_end - position - bytes))
            {
                return count;
            }

            position += bytes + (int)length;
            int tagLength = TagLengthAt(position, tag);
            if (tagLength == 0)
            {
                return count;
            }

            position += tagLength;
        }
    }

    // Without a check: whoever calls it has compared the position with _end, which is never behind the end of the buffer.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly byte At(int position) => Unsafe.Add(ref MemoryMarshal.GetReference(_buffer), position);

    /// <summary>Reads an int32; of a longer number the low 32 bits count.</summary>
    public int ReadInt32() => (int)ReadVarint64();

    /// <summary>Reads an int64.</summary>
    public long ReadInt64() => (long)ReadVarint64();

    /// <summary>Reads a uint32; of a longer number the low 32 bits count.</summary>
    public uint ReadUInt32() => (uint)ReadVarint64();

    /// <summary>Reads a uint64.</summary>
    public ulong ReadUInt64() => ReadVarint64();

    /// <summary>Reads a zigzag-coded sint32.</summary>
    public int ReadSInt32() => Varint.UnZigZag((uint)ReadVarint64());

    /// <summary>Reads a zigzag-coded sint64.</summary>
    public long ReadSInt64() => Varint.UnZigZag(ReadVarint64());

    /// <summary>Reads the number of an enum value.</summary>
    public int ReadEnum() => (int)ReadVarint64();

    /// <summary>Reads a bool: any number but 0 is true.</summary>
    public bool ReadBool() => ReadVarint64() != 0;

    /// <summary>Reads a fixed32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint ReadFixed32()
    {
        if (_end - _position >= sizeof(uint))
        {
            uint value = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref MemoryMarshal.GetReference(_buffer), _position));
            value = BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
            _position += sizeof(uint);
            return value;
        }

        return ReadSplitFixed32();
    }

    /// <summary>Reads a fixed64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadFixed64()
    {
        if (_end - _position >= sizeof(ulong))
        {
            ulong value = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetReference(_buffer), _position));
            value = BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
            _position += sizeof(ulong);
            return value;
        }

        return ReadSplitFixed64();
    }

    /// <summary>Reads an sfixed32.</summary>
    public int ReadSFixed32() => (int)ReadFixed32();

    /// <summary>Reads an sfixed64.</summary>
    public long ReadSFixed64() => (long)ReadFixed64();

    /// <summary>Reads a float; its bits are kept, also of a NaN.</summary>
    public float ReadFloat() => BitConverter.UInt32BitsToSingle(ReadFixed32());

    /// <summary>Reads a double; its bits are kept, also of a NaN.</summary>
    public double ReadDouble() => BitConverter.UInt64BitsToDouble(ReadFixed64());

    /// <summary>Reads bytes into a new <see cref="ByteString"/>.</summary>
    public ByteString ReadBytes()
    {
        int length = ReadLength();
        if (length == 0)
        {
            return ByteString.Empty;
        }

        byte[] bytes = GC.AllocateUninitializedArray<byte>(length);
        ReadRaw(bytes);
        return ByteString.AttachBytes(bytes);
    }

    /// <summary>Reads a length-delimited message into <paramref name="message"/>, merging.</summary>
    // Inlined on purpose: where the static type of the argument is a sealed message class the call in the middle is direct.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void ReadMessage(IMessage message)
    {
        long outer = EnterMessage();
        message.MergeFrom(ref this);
        LeaveMessage(outer);
    }

    /// <summary>Reads a group, whose start tag was just read, into <paramref name="message"/>, merging.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void ReadGroup(uint startTag, IMessage message)
    {
        EnterGroup();
        message.MergeFrom(ref this);
        LeaveGroup(startTag);
    }

    /// <summary>Reads a message from bytes that were taken out of this reader's input; they are one level deeper than it.</summary>
    internal void ReadDetached(ReadOnlySpan<byte> bytes, IMessage message)
    {
        EnterGroup();
        WireReader inner = new(bytes, new WireReaderOptions
        {
            RecursionLimit = _recursionLimit,
            DiscardUnknownFields = DiscardUnknownFields,
            ExtensionRegistry = ExtensionRegistry,
        })
        {
            _depth = _depth,
        };
        message.MergeFrom(ref inner);
        inner.CheckEnd();
        _depth--;
    }

    /// <summary>Reads a length and makes it the limit of what follows.</summary>
    /// <returns>The limit to restore with <see cref="LeaveMessage"/>.</returns>
    public long EnterMessage()
    {
        int position = _position;
        int depth = _depth;
        if (position < _end && depth < _uncheckedDepth)
        {
            // A short message in this segment, as most are.
            int length = At(position);
            if (length < 0x80 && length < _end - position)
            {
                int end = position + 1 + length;
                long outer = _limit;
                _position = position + 1;
                _end = end;
                _limit = _bufferStart + end;
                _depth = depth + 1;
                return outer;
            }
        }

        return EnterLongMessage();
    }

    private long EnterLongMessage()
    {
        int length = ReadLength();
        EnterGroup();
        return PushLimit(length);
    }

    /// <summary>Ends a message that <see cref="EnterMessage"/> began.</summary>
    public void LeaveMessage(long outer)
    {
        if (_endGroupTag != 0 || Position != _limit)
        {
            ThrowNotAtEnd();
        }

        _depth--;
        PopLimit(outer);
    }

    [DoesNotReturn]
    private readonly void ThrowNotAtEnd() => throw (_endGroupTag != 0
        ? InvalidProtocolBufferException.UnexpectedEndGroup(_endGroupTag)
        : InvalidProtocolBufferException.MessageNotConsumed(_limit - Position));

    /// <summary>Counts a level of nesting.</summary>
    internal void EnterGroup()
    {
        if (_depth >= _recursionLimit)
        {
            throw InvalidProtocolBufferException.TooDeep(_recursionLimit);
        }

        // The default limit fits every stack; a raised one may not.
        if (_depth >= WireReaderOptions.DefaultRecursionLimit && !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw InvalidProtocolBufferException.TooDeepForStack(_depth);
        }

        _depth++;
    }

    /// <summary>Checks that the group that ends here is the one that began with <paramref name="startTag"/>.</summary>
    internal void LeaveGroup(uint startTag)
    {
        // The wire types of start (3) and end (4) are neighbours.
        if (_endGroupTag != startTag + 1)
        {
            throw _endGroupTag == 0
                ? InvalidProtocolBufferException.UnterminatedGroup(startTag)
                : InvalidProtocolBufferException.MismatchedEndGroup(startTag, _endGroupTag);
        }

        _endGroupTag = 0;
        _depth--;
    }

    /// <summary>Tells that an end-group tag was read, so that whoever reads the group can compare it with its start.</summary>
    internal void EndGroup(uint tag) => _endGroupTag = tag;

    /// <summary>Checks that the outermost message ended with its input and not with a stray end-group tag.</summary>
    internal readonly void CheckEnd()
    {
        if (_endGroupTag != 0)
        {
            throw InvalidProtocolBufferException.UnexpectedEndGroup(_endGroupTag);
        }
    }

    internal long PushLimit(int length)
    {
        long outer = _limit;
        _limit = Position + length;
        _end = (int)Math.Min(_buffer.Length, _limit - _bufferStart);
        return outer;
    }

    internal void PopLimit(long outer)
    {
        _limit = outer;
        _end = (int)Math.Min(_buffer.Length, outer - _bufferStart);
    }

    /// <summary>Reads the length of a length-delimited value and checks that the current message holds as many bytes.</summary>
    internal int ReadLength()
    {
        ulong length = ReadVarint64();
        if (length > (ulong)(_limit - Position))
        {
            ThrowBeyondLimit(length);
        }

        return (int)length;
    }

    [DoesNotReturn]
    private readonly void ThrowBeyondLimit(ulong length) => throw ((int)length < 0
        ? InvalidProtocolBufferException.NegativeSize((long)length)
        : InvalidProtocolBufferException.Truncated((long)length, _limit - Position));

    /// <summary>The rest of the current message, or packed field, if it lies in one segment; else empty.</summary>
    internal readonly ReadOnlySpan<byte> ContiguousRemaining =>
        _bufferStart + _end == _limit ? _buffer[_position.._end] : default;

    /// <summary>Passes over bytes of <see cref="ContiguousRemaining"/>.</summary>
    internal void Advance(int count) => _position += count;

    /// <summary>Skips the field whose tag was just read.</summary>
    /// <exception cref="InvalidProtocolBufferException">The tag is an end-group tag or has an unknown wire type.</exception>
    public void SkipField(uint tag)
    {
        switch ((WireType)(tag & 7))
        {
            case WireType.Varint:
                _ = ReadVarint64();
                break;
            case WireType.Fixed64:
                SkipRaw(sizeof(ulong));
                break;
            case WireType.LengthDelimited:
                SkipRaw(ReadLength());
                break;
            case WireType.Fixed32:
                SkipRaw(sizeof(uint));
                break;
            case WireType.StartGroup:
                SkipGroup(tag);
                break;
            case WireType.EndGroup:
                throw InvalidProtocolBufferException.UnexpectedEndGroup(tag);
            default:
                throw InvalidProtocolBufferException.InvalidWireType(tag);
        }
    }

    /// <summary>Skips the field whose tag was just read, if the rest of its message lies in one segment.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="content">What stands behind the tag.</param>
    /// <returns>False, with the reader where it was, if it may not.</returns>
    internal bool TrySkipInSegment(uint tag, out ReadOnlySpan<byte> content)
    {
        if (_bufferStart + _end != _limit)
        {
            content = default;
            return false;
        }

        int start = _position;
        SkipField(tag);
        content = _buffer[start.._position];
        return true;
    }

    private void SkipGroup(uint startTag)
    {
        EnterGroup();
        uint tag;
        while ((tag = ReadTag()) != 0)
        {
            if ((WireType)(tag & 7) == WireType.EndGroup)
            {
                EndGroup(tag);
                break;
            }

            SkipField(tag);
        }

        LeaveGroup(startTag);
    }

    /// <summary>Copies the field whose tag was just read, tag included, to <paramref name="writer"/>.</summary>
    internal void CopyField(uint tag, ref WireWriter writer)
    {
        switch ((WireType)(tag & 7))
        {
            case WireType.Varint:
                writer.WriteUInt64(tag, ReadVarint64());
                break;
            case WireType.Fixed64:
                writer.WriteFixed64(tag, ReadFixed64());
                break;
            case WireType.LengthDelimited:
                CopyLengthDelimited(tag, ref writer);
                break;
            case WireType.Fixed32:
                writer.WriteFixed32(tag, ReadFixed32());
                break;
            case WireType.StartGroup:
                CopyGroup(tag, ref writer);
                break;
            case WireType.EndGroup:
                throw InvalidProtocolBufferException.UnexpectedEndGroup(tag);
            default:
                throw InvalidProtocolBufferException.InvalidWireType(tag);
        }
    }

    private void CopyLengthDelimited(uint tag, ref WireWriter writer)
    {
        int length = ReadLength();
        writer.WriteTag(tag);
        writer.WriteLength(length);
        while (length > 0)
        {
            ReadOnlySpan<byte> piece = ReadPiece(length);
            writer.WriteRaw(piece);
            length -= piece.Length;
        }
    }

    private void CopyGroup(uint startTag, ref WireWriter writer)
    {
        EnterGroup();
        writer.WriteTag(startTag);
        uint tag;
        while ((tag = ReadTag()) != 0)
        {
            if ((WireType)(tag & 7) == WireType.EndGroup)
            {
                EndGroup(tag);
                break;
            }

            CopyField(tag, ref writer);
        }

        LeaveGroup(startTag);
        writer.WriteTag(startTag + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong ReadVarint64()
    {
        int position = _position;
        if (position < _end)
        {
            byte first = At(position);
            if (first < 0x80)
            {
                _position = position + 1;
                return first;
            }
        }

        return ReadLongVarint();
    }

    private ulong ReadLongVarint()
    {
        int position = _position;
        if (_end - position >= 2)
        {
            uint second = At(position + 1);
            if (second < 0x80 && At(position) is >= 0x80 and byte first)
            {
                _position = position + 2;
                return (first & 0x7FU) | (second << 7);
            }
        }

        return ReadLongerVarint();
    }

    // Not inlined with the shorter ones, which would carry its locals.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong ReadLongerVarint()
    {
        // Also with bytes behind the end of the message, as long as the number itself ends before.
        int position = _position;
        int length = Varint.TryRead(_buffer[position..], out ulong value);
        if (length != 0 && length <= _end - position)
        {
            _position = position + length;
            return value;
        }

        return ReadSplitVarint();
    }

    // Across segments, or malformed.
    private ulong ReadSplitVarint()
    {
        ulong result = 0;
        for (int shift = 0; shift < 7 * Varint.MaxLength; shift += 7)
        {
            byte b = ReadByte();
            result |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return result;
            }
        }

        throw InvalidProtocolBufferException.MalformedVarint();
    }

    private uint ReadSplitFixed32()
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        ReadRaw(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    private ulong ReadSplitFixed64()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        ReadRaw(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    private byte ReadByte()
    {
        if (_position == _end && !MoveToNextSegment())
        {
            throw InvalidProtocolBufferException.Truncated(1, 0);
        }

        return _buffer[_position++];
    }

    /// <summary>Fills <paramref name="destination"/> from the current message.</summary>
    internal void ReadRaw(scoped Span<byte> destination)
    {
        if (destination.Length <= _end - _position)
        {
            _buffer.Slice(_position, destination.Length).CopyTo(destination);
            _position += destination.Length;
            return;
        }

        if (destination.Length > Remaining)
        {
            throw InvalidProtocolBufferException.Truncated(destination.Length, Remaining);
        }

        while (destination.Length > 0)
        {
            ReadOnlySpan<byte> piece = ReadPiece(destination.Length);
            piece.CopyTo(destination);
            destination = destination[piece.Length..];
        }
    }

    private void SkipRaw(int count)
    {
        if (count <= _end - _position)
        {
            _position += count;
            return;
        }

        if (count > Remaining)
        {
            throw InvalidProtocolBufferException.Truncated(count, Remaining);
        }

        while (count > 0)
        {
            count -= ReadPiece(count).Length;
        }
    }

    /// <summary>Takes at least 1 and at most <paramref name="count"/> bytes, as many as lie in one segment.</summary>
    private ReadOnlySpan<byte> ReadPiece(int count)
    {
        if (_position == _end && !MoveToNextSegment())
        {
            throw InvalidProtocolBufferException.Truncated(count, 0);
        }

        int length = Math.Min(count, _end - _position);
        ReadOnlySpan<byte> piece = _buffer.Slice(_position, length);
        _position += length;
        return piece;
    }

    /// <summary>Goes on in the next segment that has bytes; false at the limit.</summary>
    private bool MoveToNextSegment()
    {
        if (Position == _limit)
        {
            return false;
        }

        // The limit never lies behind the end of the sequence, so there is a segment with bytes.
        while (_sequence.TryGet(ref _next, out ReadOnlyMemory<byte> memory))
        {
            if (memory.Length != 0)
            {
                _bufferStart += _buffer.Length;
                _buffer = memory.Span;
                _position = 0;
                _end = (int)Math.Min(_buffer.Length, _limit - _bufferStart);
                return true;
            }
        }

        return false;
    }
}
