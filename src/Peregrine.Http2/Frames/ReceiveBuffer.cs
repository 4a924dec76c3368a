// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Http2.Frames;

/// <summary>
/// The bytes received and not yet read, in one pooled block. While leases point into the block, new bytes are appended behind them;
/// when it is full, only the unread rest moves to the next block.
/// </summary>
internal sealed class ReceiveBuffer
{
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

    /// <summary>Takes back one reference on a block.</summary>
    public void Release(ReceiveBlock block)
    {
        if (block.Release())
        {
            RentedBlocks--;
            _spare = block;
        }
    }

    /// <summary>Gives the block back when nothing in it is unread.</summary>
    public void ReleaseIfEmpty()
    {
        if (_block is not null && _start == _end)
        {
            Release(_block);
            _block = null;
        }
    }

    /// <summary>Forgets all unread bytes.</summary>
    public void Discard()
    {
        _start = _end;
        ReleaseIfEmpty();
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
            Release(old);
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
        return block;
    }
}
