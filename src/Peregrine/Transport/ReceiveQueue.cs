// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Peregrine.Http2;

namespace Peregrine.Transport;

/// <summary>
/// The received and not yet read bytes of one stream, cut into length-prefixed messages. Its owner serializes access.
/// </summary>
/// <remarks>
/// <code>
///   Length-Prefixed-Message (gRPC over HTTP/2)
///   +---------------+-----------------------------------------------+
///   | Compressed (8)|             Message-Length (32, big-endian)   |
///   +---------------+-----------------------------------------------+
///   |                     Message (Message-Length octets)           |
///   +---------------------------------------------------------------+
/// </code>
/// A message that lies whole in one lease is read in place. One that does not is assembled: its bytes are copied, and their leases
/// returned, only when the reader asks for the message, so that a message larger than the window can arrive while a reader that
/// does not read holds its sender back. <see cref="AssemblyBuffer"/> grows with what has arrived, never with what a prefix promises.
/// </remarks>
internal struct ReceiveQueue
{
    private const int PrefixLength = 5;

    // Almost every call has its bytes in one or two leases; more than that go to an array.
    private LeasePair _few;
    private DataLease[]? _leases;
    private int _head;
    private int _count;
    private int _offset;

    private byte _prefixFlag;
    private uint _prefixValue;
    private int _prefixCount;

    private AssemblyBuffer _assembly;

    // The message that is out: its length in the head lease, or -1 when it lies in the assembly buffer.
    private int _readInPlace;

    /// <summary>Leases went back to the pump since this was last cleared, so that a WINDOW_UPDATE may be due.</summary>
    public bool HasReturnedLeases;

    /// <summary>A message was handed out and not yet completed.</summary>
    public bool MessageOut { get; private set; }

    /// <summary>Whether no byte has come behind the message that is out.</summary>
    public readonly bool HasNothingBehindMessage => _readInPlace >= 0
        ? _count == 1 && _offset + _readInPlace == HeadLength
        : _count == 0;

    /// <summary>The length that the latest prefix announced.</summary>
    public uint AnnouncedLength { get; private set; }

    /// <summary>Whether a message has begun and is not complete.</summary>
    public readonly bool InsideMessage => _prefixCount > 0 || _count > 0;

    /// <summary>Appends received bytes.</summary>
    public void Enqueue(in DataLease lease, Http2Pump pump)
    {
        var slots = Slots;
        if (_count > 0 && TryJoin(ref slots[(_head + _count - 1) % slots.Length], lease, pump))
        {
            return;
        }

        EnsureSlot();
        slots = Slots;
        slots[(_head + _count++) % slots.Length] = lease;
    }

    /// <summary>
    /// Parts with the lease that the message which is out lies in, if others follow there: they are the reader's, who needs no queue for them.
    /// </summary>
    public bool TryTakeRun(out ReceivedRun run)
    {
        var slots = Slots;
        if (_readInPlace < 0 || _offset + _readInPlace == slots[_head].Length)
        {
            run = default;
            return false;
        }

        run = new ReceivedRun(slots[_head], _offset, _readInPlace);
        slots[_head] = default;
        _head = (_head + 1) % slots.Length;
        _count--;
        _offset = 0;
        MessageOut = false;
        return true;
    }

    /// <summary>Takes back what is left of a run.</summary>
    public void PutBack(in ReceivedRun run)
    {
        EnsureSlot();
        var slots = Slots;
        _head = (_head + slots.Length - 1) % slots.Length;
        slots[_head] = run.Lease;
        _count++;
        _offset = run.Offset;
    }

    /// <summary>The next whole message. Leases that were emptied go to <paramref name="pump"/>, which holds them no longer.</summary>
    public MessageReadResult TryRead(int maxSize, Http2Pump pump, out ReadOnlySequence<byte> payload, out bool compressed)
    {
        if (MessageOut)
        {
            throw new InvalidOperationException("The previous message of the stream was not disposed.");
        }

        payload = default;
        compressed = false;
        if (_count == 0)
        {
            // A message of length zero is complete with its prefix.
            return _prefixCount == PrefixLength && _prefixValue == (uint)_assembly.Length ? TakeAssembled(out payload, out compressed) : MessageReadResult.NeedMore;
        }

        if (_prefixCount == 0)
        {
            var memory = Slots[_head].Memory[_offset..];
            if (memory.Length >= PrefixLength)
            {
                var span = memory.Span;
                var length = BinaryPrimitives.ReadUInt32BigEndian(span[1..]);
                if (Check(span[0], length, maxSize) is var bad && bad != MessageReadResult.Message)
                {
                    return bad;
                }

                if ((uint)(memory.Length - PrefixLength) >= length)
                {
                    compressed = span[0] == 1;
                    payload = new ReadOnlySequence<byte>(memory.Slice(PrefixLength, (int)length));
                    _readInPlace = PrefixLength + (int)length;
                    MessageOut = true;
                    return MessageReadResult.Message;
                }
            }
        }

        return Assemble(maxSize, pump, out payload, out compressed);
    }

    /// <summary>Gives back the message that is out.</summary>
    public void CompleteMessage(Http2Pump pump)
    {
        if (!MessageOut)
        {
            return;
        }

        MessageOut = false;
        if (_readInPlace >= 0)
        {
            Consume(_readInPlace, pump);
            return;
        }

        _assembly.Clear();
        _prefixCount = 0;
        _prefixValue = 0;
    }

    /// <summary>Reads raw bytes, for bodies that are not messages.</summary>
    public int ReadBytes(Span<byte> destination, Http2Pump pump)
    {
        var copied = 0;
        while (_count > 0 && copied < destination.Length)
        {
            var span = Slots[_head].Span[_offset..];
            var take = Math.Min(span.Length, destination.Length - copied);
            span[..take].CopyTo(destination[copied..]);
            copied += take;
            Consume(take, pump);
        }

        return copied;
    }

    /// <summary>Drops everything that is queued, with the credit for it. A message that is out stays valid until completed.</summary>
    public void Clear(Http2Pump pump)
    {
        if (MessageOut)
        {
            return;
        }

        while (_count > 0)
        {
            Consume(Slots[_head].Length - _offset, pump);
        }

        _assembly.Clear();
        _prefixCount = 0;
        _prefixValue = 0;
    }

    private void EnsureSlot()
    {
        var slots = Slots;
        if (_count < slots.Length)
        {
            return;
        }

        var larger = new DataLease[_count * 2];
        for (var i = 0; i < _count; i++)
        {
            larger[i] = slots[(_head + i) % slots.Length];
        }

        _few = default;
        _leases = larger;
        _head = 0;
    }

    private static bool TryJoin(ref DataLease last, in DataLease next, Http2Pump pump)
    {
        if (!last.IsContinuedBy(next))
        {
            return false;
        }

        lock (pump.Gate)
        {
            return pump.Core.TryJoinData(ref last, next);
        }
    }

    private readonly int HeadLength => _leases is null ? _few[_head].Length : _leases[_head].Length;

    [UnscopedRef]
    private Span<DataLease> Slots => _leases is null ? _few : _leases;

    private MessageReadResult Check(byte flag, uint length, int maxSize)
    {
        AnnouncedLength = length;
        return flag > 1 ? MessageReadResult.BadPrefix
            : length > (uint)(maxSize < 0 ? Array.MaxLength : maxSize) ? MessageReadResult.TooLarge
            : MessageReadResult.Message;
    }

    private MessageReadResult Assemble(int maxSize, Http2Pump pump, out ReadOnlySequence<byte> payload, out bool compressed)
    {
        payload = default;
        compressed = false;
        while (_count > 0)
        {
            var span = Slots[_head].Span[_offset..];
            if (_prefixCount < PrefixLength)
            {
                if (_prefixCount == 0)
                {
                    _prefixFlag = span[0];
                }
                else
                {
                    _prefixValue = (_prefixValue << 8) | span[0];
                }

                _prefixCount++;
                Consume(1, pump);
            }
            else
            {
                var take = Math.Min(span.Length, (int)_prefixValue - _assembly.Length);
                if (take > 0)
                {
                    _assembly.Append(span[..take], (int)_prefixValue);
                    Consume(take, pump);
                }
            }

            if (_prefixCount == PrefixLength)
            {
                if (Check(_prefixFlag, _prefixValue, maxSize) is var bad && bad != MessageReadResult.Message)
                {
                    return bad;
                }

                if (_prefixValue == (uint)_assembly.Length)
                {
                    return TakeAssembled(out payload, out compressed);
                }
            }
        }

        return MessageReadResult.NeedMore;
    }

    private MessageReadResult TakeAssembled(out ReadOnlySequence<byte> payload, out bool compressed)
    {
        payload = _assembly.TakeWhole();
        compressed = _prefixFlag == 1;
        _readInPlace = -1;
        MessageOut = true;
        return MessageReadResult.Message;
    }

    private void Consume(int bytes, Http2Pump pump)
    {
        _offset += bytes;
        var slots = Slots;
        if (_offset == slots[_head].Length)
        {
            var lease = slots[_head];
            slots[_head] = default;
            _head = (_head + 1) % slots.Length;
            _count--;
            _offset = 0;
            HasReturnedLeases = true;
            pump.ReleaseData(lease);
        }
    }

    [InlineArray(2)]
    private struct LeasePair
    {
        private DataLease _first;
    }
}
