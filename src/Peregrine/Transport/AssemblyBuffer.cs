// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;

namespace Peregrine.Transport;

/// <summary>
/// The bytes of one message that came in pieces, in a chain of pooled blocks: what came is never copied again to make room. The blocks grow with
/// what has come, never with what was announced. Its owner serializes access.
/// </summary>
/// <remarks>
/// <code>
///   32 KiB | 32 KiB | 64 KiB | 128 KiB | ... | 1 MiB | 1 MiB | ... | what is left of the announced length
/// </code>
/// </remarks>
internal struct AssemblyBuffer
{
    private const int FirstBlock = 32 * 1024;

    // Larger ones are scarce in the array pool, and save nothing.
    private const int LargestBlock = 1024 * 1024;

    // Most messages have one block, and no chain.
    private byte[]? _block;
    private int _used;
    private Segment? _first;
    private Segment? _last;

    /// <summary>Octets that came.</summary>
    public int Length { get; private set; }

    /// <summary>Appends bytes of a message.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="announced">The length of the whole message; no more than that is appended in all.</param>
    public void Append(ReadOnlySpan<byte> bytes, int announced)
    {
        while (!bytes.IsEmpty)
        {
            if (_block is null || _used == _block.Length)
            {
                EndBlock();
                _block = ArrayPool<byte>.Shared.Rent(Math.Min(announced - Length, Math.Clamp(Length, FirstBlock, LargestBlock)));
            }

            var take = Math.Min(bytes.Length, _block.Length - _used);
            bytes[..take].CopyTo(_block.AsSpan(_used));
            bytes = bytes[take..];
            _used += take;
            Length += take;
        }
    }

    /// <summary>All that was appended, once nothing more will be; valid until <see cref="Clear"/>.</summary>
    public ReadOnlySequence<byte> TakeWhole()
    {
        if (_first is null)
        {
            return _block is null ? default : new ReadOnlySequence<byte>(_block, 0, _used);
        }

        EndBlock();
        return new ReadOnlySequence<byte>(_first, 0, _last!, _last!.Memory.Length);
    }

    /// <summary>Forgets all, and gives the blocks back.</summary>
    public void Clear()
    {
        if (_block is not null)
        {
            ArrayPool<byte>.Shared.Return(_block);
        }

        for (var segment = _first; segment is not null; segment = segment.NextSegment)
        {
            ArrayPool<byte>.Shared.Return(segment.Block);
        }

        this = default;
    }

    private void EndBlock()
    {
        if (_block is not null)
        {
            _last = new Segment(_block, _used, _last);
            _first ??= _last;
            _block = null;
            _used = 0;
        }
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] block, int length, Segment? previous)
        {
            Block = block;
            Memory = block.AsMemory(0, length);
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }

        public byte[] Block { get; }

        public Segment? NextSegment => (Segment?)Next;
    }
}
