// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Http2.Frames;

/// <summary>
/// The bytes received and not yet read, in one pooled block. While leases point into the block, new bytes are appended behind them;
/// when it is full, only the unread rest moves to the next block.
/// </summary>
internal sealed class ReceiveBuffer(Http2Session connection)
{
    // A lease holds its whole block in memory. While few are out that is the cheapest way; a peer whose small pieces lie unread, each in
    // another block, would fill the memory with what lay between them. From these numbers on, small pieces are copied together, by
    // stream, and once all blocks are twice what the window admits, all pieces are.
    private const int SmallPiece = 4096;
    private const int ManyLeases = 4096;
    private const int ManyBytes = 1 << 20;

    // Reads into less room than a frame of the default size are not worth their system call.
    private const int SmallestRead = 16 << 10;

    private ReceiveBlock? _block;
    private ReceiveBlock? _spare;
    private int _start;
    private int _end;

    public ReceiveBlock? Block => _block;

    /// <summary>Where in the block the unread bytes begin.</summary>
    public int Start => _start;

    public int Length => _end - _start;

    /// <summary>Blocks that hold a pooled array: the current one, and those that leases point into.</summary>
    public int RentedBlocks { get; private set; }

    /// <summary>Octets of their arrays.</summary>
    public long RentedBytes { get; private set; }

    /// <summary>Leases handed out and not given back.</summary>
    public int Leases { get; private set; }

    public ReadOnlySpan<byte> Unread => _block is null ? default : _block.Array.AsSpan(_start, _end - _start);

    /// <summary>Free memory behind the unread bytes, enough for a frame of which <paramref name="frameSize"/> octets are needed in one piece.</summary>
    public Memory<byte> GetFreeMemory(int frameSize)
    {
        if (_block is null)
        {
            _block = TakeBlock(Math.Max(ReceiveBlock.DefaultSize, frameSize + SmallestRead));
            _start = _end = 0;
        }
        else if (_start == _end && !_block.IsShared)
        {
            _start = _end = 0;
        }

        int free = _block.Array.Length - _end;
        if (free < SmallestRead || _block.Array.Length - _start < frameSize)
        {
            MoveUnread(frameSize);
        }

        return _block.Array.AsMemory(_end);
    }

    public void Advance(int count)
    {
        if (_block is null || (uint)count > (uint)(_block.Array.Length - _end))
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, "More bytes than GetReceiveMemory offered.");
        }

        _end += count;
    }

    public void Consume(int count) => _start += count;

    /// <summary>
    /// Lends a piece of the current block: in place, or, when much is lent already, as a copy in a block of the stream's own.
    /// </summary>
    public (ReceiveBlock Block, int Offset) Lease(int offset, int length, ref CompactBlock compact)
    {
        Leases++;
        bool copy = RentedBytes > ManyBytes + (2L * connection.ConnectionWindow)
            || (length <= SmallPiece && (Leases > ManyLeases || RentedBytes > ManyBytes));
        if (!copy)
        {
            _block!.AddReference();
            return (_block, offset);
        }

        if (compact.Block is null || compact.Block.Array.Length - compact.Used < length)
        {
            EndCompact(ref compact);
            compact.Block = TakeBlock(Math.Max(SmallPiece, length));
        }

        Buffer.BlockCopy(_block!.Array, offset, compact.Block.Array, compact.Used, length);
        compact.Block.AddReference();
        compact.Used += length;
        return (compact.Block, compact.Used - length);
    }

    /// <summary>Nothing more is copied into a stream's block; leases in it stay valid.</summary>
    public void EndCompact(ref CompactBlock compact)
    {
        if (compact.Block is { } block)
        {
            compact = default;
            Drop(block);
        }
    }

    /// <summary>Takes back a lease.</summary>
    public void Release(ReceiveBlock block)
    {
        Leases--;
        Drop(block);
    }

    /// <summary>
    /// Gives the block back while nothing comes. The beginning of a frame, or of the preface, stays in a block of its own size: one octet of a
    /// peer that sends no more must not hold thousands.
    /// </summary>
    public void ReleaseIdle()
    {
        if (_block is not { } block)
        {
            return;
        }

        int unread = _end - _start;
        if (unread == 0)
        {
            Drop(block);
            _block = null;
        }
        else if (unread <= SmallPiece && block.Array.Length > 2 * SmallPiece && !block.IsShared)
        {
            _block = TakeBlock(unread);
            Buffer.BlockCopy(block.Array, _start, _block.Array, 0, unread);
            Drop(block);
            _start = 0;
            _end = unread;
        }
    }

    /// <summary>Forgets all unread bytes.</summary>
    public void Discard()
    {
        _start = _end;
        ReleaseIdle();
    }

    private void MoveUnread(int frameSize)
    {
        ReceiveBlock old = _block!;
        int unread = _end - _start;
        int needed = Math.Max(unread, frameSize) + SmallestRead;
        if (!old.IsShared && old.Array.Length >= needed)
        {
            Buffer.BlockCopy(old.Array, _start, old.Array, 0, unread);
        }
        else
        {
            _block = TakeBlock(Math.Max(ReceiveBlock.DefaultSize, needed));
            Buffer.BlockCopy(old.Array, _start, _block.Array, 0, unread);
            Drop(old);
        }

        _start = 0;
        _end = unread;
    }

    private ReceiveBlock TakeBlock(int size)
    {
        ReceiveBlock block = _spare ?? new ReceiveBlock();
        _spare = null;
        block.Rent(size);
        RentedBlocks++;
        RentedBytes += block.Array.Length;
        return block;
    }

    private void Drop(ReceiveBlock block)
    {
        int length = block.Array.Length;
        if (block.Release())
        {
            RentedBlocks--;
            RentedBytes -= length;
            _spare = block;
        }
    }
}
