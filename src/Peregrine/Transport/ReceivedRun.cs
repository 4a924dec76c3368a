// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Buffers.Binary;
using Peregrine.Http2;
using Peregrine.Protocol;

namespace Peregrine.Transport;

/// <summary>
/// Whole messages that came together, in one lease: its reader has them for itself and takes one after the other without a lock.
/// <see cref="TransportStream"/> says whose the run is.
/// </summary>
internal struct ReceivedRun
{
    private int _offset;
    private int _outLength;

    /// <summary>A run whose first message is out.</summary>
    /// <param name="lease">The bytes.</param>
    /// <param name="offset">Where in them the message begins, with its prefix.</param>
    /// <param name="outLength">Its length, with its prefix.</param>
    public ReceivedRun(in DataLease lease, int offset, int outLength)
    {
        Lease = lease;
        _offset = offset;
        _outLength = outLength;
    }

    /// <summary>The bytes.</summary>
    public DataLease Lease { get; }

    /// <summary>Where the unread bytes begin.</summary>
    public readonly int Offset => _offset;

    /// <summary>Messages read since the first one, which is counted when the run is taken.</summary>
    public int Count { get; private set; }

    /// <summary>A message was handed out and not yet completed.</summary>
    public readonly bool MessageOut => _outLength != 0;

    /// <summary>The next message, if it is whole and there is nothing to say against it; else the bytes go back to the queue, which knows what to say.</summary>
    public bool TryRead(int maxSize, out ReadOnlySequence<byte> payload, out bool isCompressed)
    {
        var rest = Lease.Span[_offset..];
        if (rest.Length >= MessageWriter.PrefixLength && rest[0] <= 1)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest[1..]);
            if (length <= (uint)(rest.Length - MessageWriter.PrefixLength) && (maxSize < 0 || length <= (uint)maxSize))
            {
                isCompressed = rest[0] == 1;
                payload = new ReadOnlySequence<byte>(Lease.Memory.Slice(_offset + MessageWriter.PrefixLength, (int)length));
                _outLength = MessageWriter.PrefixLength + (int)length;
                Count++;
                return true;
            }
        }

        isCompressed = false;
        payload = default;
        return false;
    }

    /// <summary>Gives back the message that is out. False: it was the last one.</summary>
    public bool CompleteMessage()
    {
        if (!MessageOut)
        {
            throw new InvalidOperationException("No message of the stream is out.");
        }

        _offset += _outLength;
        _outLength = 0;
        return _offset < Lease.Length;
    }
}
