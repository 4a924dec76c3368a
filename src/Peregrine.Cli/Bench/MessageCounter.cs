// SPDX-License-Identifier: Apache-2.0

using System;
using System.Buffers.Binary;

namespace Peregrine.Cli.Bench;

/// <summary>
/// Counts the messages in the DATA of a stream, however it is cut. Each is
/// <code>
/// compressed (1 octet) | length (4 octets, big-endian) | that many octets
/// </code>
/// </summary>
internal struct MessageCounter
{
    private const int PrefixLength = 5;

    private int _prefixRead;
    private uint _length;
    private uint _left;

    /// <summary>Whether a message has begun and is not whole.</summary>
    public readonly bool IsInside => _prefixRead > 0;

    /// <summary>Takes the next octets.</summary>
    /// <param name="data">The octets.</param>
    /// <param name="bytes">The octets of the messages that became whole, without their prefixes.</param>
    /// <returns>How many messages became whole.</returns>
    public int Feed(ReadOnlySpan<byte> data, out long bytes)
    {
        var count = 0;
        bytes = 0;
        while (!data.IsEmpty)
        {
            if (_prefixRead == 0 && data.Length >= PrefixLength)
            {
                _left = _length = BinaryPrimitives.ReadUInt32BigEndian(data[1..]);
                _prefixRead = PrefixLength;
                data = data[PrefixLength..];
            }
            else if (_prefixRead < PrefixLength)
            {
                // The first octet is shifted out of the length by those behind it.
                _left = _length = (_length << 8) | data[0];
                _prefixRead++;
                data = data[1..];
            }

            if (_prefixRead < PrefixLength)
            {
                continue;
            }

            var taken = (int)Math.Min(_left, (uint)data.Length);
            _left -= (uint)taken;
            data = data[taken..];
            if (_left == 0)
            {
                count++;
                bytes += _length;
                _prefixRead = 0;
            }
        }

        return count;
    }
}
