// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;

namespace Peregrine.Http2.Frames;

/// <summary>
/// Joins a HEADERS frame with its CONTINUATION frames (RFC 9113 section 6.10). A block that comes whole in one frame never passes
/// through here. Bounded in octets and in frames: a block without end is the CONTINUATION flood.
/// </summary>
internal sealed class HeaderBlockAssembler(int maxBlockSize)
{
    // A block of the largest accepted size takes a handful of frames at the smallest permitted maximum; senders that cut smaller exist,
    // none that need more than this.
    private const int MaxFrames = 64;

    private byte[] _buffer = [];
    private int _length;
    private int _frames;

    /// <summary>The stream whose block is incomplete; 0 when none is.</summary>
    public int StreamId { get; private set; }

    public bool EndStream { get; private set; }

    /// <summary>Whether the HEADERS frame named its own stream as dependency.</summary>
    public bool SelfDependent { get; private set; }

    public bool InProgress => StreamId != 0;

    public ReadOnlySpan<byte> Block => _buffer.AsSpan(0, _length);

    public void Begin(int streamId, bool endStream, bool selfDependent)
    {
        StreamId = streamId;
        EndStream = endStream;
        SelfDependent = selfDependent;
        _length = 0;
        _frames = 0;
    }

    /// <summary>Adds a fragment; false when the block grew beyond its bounds.</summary>
    public bool TryAppend(ReadOnlySpan<byte> fragment)
    {
        if (++_frames > MaxFrames || _length + fragment.Length > maxBlockSize)
        {
            return false;
        }

        if (_length + fragment.Length > _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(4096, _length + fragment.Length));
            Block.CopyTo(larger);
            ReturnBuffer();
            _buffer = larger;
        }

        fragment.CopyTo(_buffer.AsSpan(_length));
        _length += fragment.Length;
        return true;
    }

    /// <summary>Forgets the block.</summary>
    public void End()
    {
        StreamId = 0;
        _length = 0;
        ReturnBuffer();
    }

    private void ReturnBuffer()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }
}
