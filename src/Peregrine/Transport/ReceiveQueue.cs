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
/// does not read holds its sender back. The assembly buffer grows with what has arrived, never with what a prefix promises.
/// </remarks>
internal struct ReceiveQueue
{
    private const int PrefixLength = 5;
    private const int FirstAssemblyBuffer = 32 * 1024;

    // Almost every call has its bytes in one or two leases; more than that go to an array.
    private LeasePair few;
    private DataLease[]? leases;
    private int head;
    private int count;
    private int offset;

    private byte prefixFlag;
    private uint prefixValue;
    private int prefixCount;

    private byte[]? assembly;
    private int assembled;

    // The message that is out: its length in the head lease, or -1 when it lies in the assembly buffer.
    private int readInPlace;

    /// <summary>Leases went back to the pump since this was last cleared, so that a WINDOW_UPDATE may be due.</summary>
    public bool HasReturnedLeases;

    /// <summary>A message was handed out and not yet completed.</summary>
    public bool MessageOut { get; private set; }

    /// <summary>The length that the latest prefix announced.</summary>
    public uint AnnouncedLength { get; private set; }

    /// <summary>Whether a message has begun and is not complete.</summary>
    public readonly bool InsideMessage => prefixCount > 0 || count > 0;

    /// <summary>Appends received bytes.</summary>
    public void Enqueue(in DataLease lease)
    {
        var slots = Slots;
        if (count == slots.Length)
        {
            var larger = new DataLease[count * 2];
            for (var i = 0; i < count; i++)
            {
                larger[i] = slots[(head + i) % slots.Length];
            }

            few = default;
            leases = larger;
            slots = larger;
            head = 0;
        }

        slots[(head + count++) % slots.Length] = lease;
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
        if (count == 0)
        {
            // A message of length zero is complete with its prefix.
            return prefixCount == PrefixLength && prefixValue == (uint)assembled ? TakeAssembled(out payload, out compressed) : MessageReadResult.NeedMore;
        }

        if (prefixCount == 0)
        {
            var memory = Slots[head].Memory[offset..];
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
                    readInPlace = PrefixLength + (int)length;
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
        if (readInPlace >= 0)
        {
            Consume(readInPlace, pump);
            return;
        }

        ReturnAssembly();
        prefixCount = 0;
        prefixValue = 0;
        assembled = 0;
    }

    /// <summary>Reads raw bytes, for bodies that are not messages.</summary>
    public int ReadBytes(Span<byte> destination, Http2Pump pump)
    {
        var copied = 0;
        while (count > 0 && copied < destination.Length)
        {
            var span = Slots[head].Span[offset..];
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

        while (count > 0)
        {
            Consume(Slots[head].Length - offset, pump);
        }

        ReturnAssembly();
        prefixCount = 0;
        prefixValue = 0;
        assembled = 0;
    }

    [UnscopedRef]
    private Span<DataLease> Slots => leases is null ? few : leases;

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
        while (count > 0)
        {
            var span = Slots[head].Span[offset..];
            if (prefixCount < PrefixLength)
            {
                if (prefixCount == 0)
                {
                    prefixFlag = span[0];
                }
                else
                {
                    prefixValue = (prefixValue << 8) | span[0];
                }

                prefixCount++;
                Consume(1, pump);
            }
            else
            {
                var take = Math.Min(span.Length, (int)prefixValue - assembled);
                if (take > 0)
                {
                    EnsureAssembly(assembled + take);
                    span[..take].CopyTo(assembly.AsSpan(assembled));
                    assembled += take;
                    Consume(take, pump);
                }
            }

            if (prefixCount == PrefixLength)
            {
                if (Check(prefixFlag, prefixValue, maxSize) is var bad && bad != MessageReadResult.Message)
                {
                    return bad;
                }

                if (prefixValue == (uint)assembled)
                {
                    return TakeAssembled(out payload, out compressed);
                }
            }
        }

        return MessageReadResult.NeedMore;
    }

    private MessageReadResult TakeAssembled(out ReadOnlySequence<byte> payload, out bool compressed)
    {
        payload = assembled == 0 ? default : new ReadOnlySequence<byte>(assembly!, 0, assembled);
        compressed = prefixFlag == 1;
        readInPlace = -1;
        MessageOut = true;
        return MessageReadResult.Message;
    }

    private void EnsureAssembly(int size)
    {
        if (assembly is not null && assembly.Length >= size)
        {
            return;
        }

        // Doubling from what is there; the promised length is only an upper bound.
        var wanted = (int)Math.Min(prefixValue, Math.Max((long)size, Math.Max(FirstAssemblyBuffer, (long)assembled * 2)));
        var larger = ArrayPool<byte>.Shared.Rent(wanted);
        assembly.AsSpan(0, assembled).CopyTo(larger);
        if (assembly is not null)
        {
            ArrayPool<byte>.Shared.Return(assembly);
        }

        assembly = larger;
    }

    private void ReturnAssembly()
    {
        if (assembly is not null)
        {
            ArrayPool<byte>.Shared.Return(assembly);
            assembly = null;
        }
    }

    private void Consume(int bytes, Http2Pump pump)
    {
        offset += bytes;
        var slots = Slots;
        if (offset == slots[head].Length)
        {
            var lease = slots[head];
            slots[head] = default;
            head = (head + 1) % slots.Length;
            count--;
            offset = 0;
            HasReturnedLeases = true;
            pump.ReleaseData(lease);
        }
    }

    [InlineArray(2)]
    private struct LeasePair
    {
        private DataLease first;
    }
}
