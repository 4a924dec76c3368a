// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Http2.Frames;

namespace Peregrine.Http2;

/// <summary>
/// Received bytes that still lie in the connection's pooled receive block. Readable without the lock until it is given back by
/// <see cref="Http2Connection.ReleaseData"/>, once; giving it back is also what opens the flow-control windows again.
/// </summary>
public readonly struct DataLease
{
    internal readonly ReceiveBlock? Block;
    internal readonly int Offset;
    internal readonly int StreamId;

    internal DataLease(ReceiveBlock? block, int offset, int length, int streamId)
    {
        Block = block;
        Offset = offset;
        Length = length;
        StreamId = streamId;
    }

    /// <summary>How many bytes there are.</summary>
    public int Length { get; }

    /// <summary>Whether there are none; such a lease need not, but may, be released.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>Whether another lease's bytes lie right behind these, so that <see cref="Http2Connection.TryJoinData"/> can join them.</summary>
    public bool IsContinuedBy(in DataLease next) =>
        Block is not null && ReferenceEquals(Block, next.Block) && StreamId == next.StreamId && Offset + Length == next.Offset;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => Block is null ? default : new ReadOnlySpan<byte>(Block.Array, Offset, Length);

    /// <summary>The bytes as memory, for sequences and streams.</summary>
    public ReadOnlyMemory<byte> Memory => Block is null ? default : new ReadOnlyMemory<byte>(Block.Array, Offset, Length);
}
