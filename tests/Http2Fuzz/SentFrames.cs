// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Peregrine.Http2;

namespace Http2Fuzz;

/// <summary>What a connection sends: taken from it, and checked to be whole frames.</summary>
internal static class SentFrames
{
    private const int HeaderLength = 9;
    private const int LargestPayload = (1 << 24) - 1;
    private const int PrefaceLength = 24;
    private const byte LastKnownType = 9;

    /// <exception cref="InvalidDataException">It is not whole frames of known types, with the streams that they must have.</exception>
    public static byte[] Take(Http2Connection connection, List<Http2Event> events, Http2Role role)
    {
        List<ArraySegment<byte>> segments = [];
        using MemoryStream taken = new();
        while (connection.TryTakeOutput(segments, events))
        {
            segments.ForEach(segment => taken.Write(segment));
            connection.CompleteOutput();
        }

        byte[] bytes = taken.ToArray();
        Check(role == Http2Role.Client && bytes.Length > 0 && bytes[0] == (byte)'P' ? bytes.AsSpan(PrefaceLength) : bytes);
        return bytes;
    }

    private static void Check(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int length = bytes.Length < HeaderLength ? LargestPayload : (bytes[0] << 16) | (bytes[1] << 8) | bytes[2];
            if (bytes.Length < HeaderLength + length || bytes[3] > LastKnownType)
            {
                throw new InvalidDataException($"What is sent is not whole frames: {Convert.ToHexString(bytes)}");
            }

            bool isOfConnection = bytes[3] is 4 or 6 or 7;
            int stream = BinaryPrimitives.ReadInt32BigEndian(bytes[5..]);
            if (stream < 0 || (isOfConnection && stream != 0) || (bytes[3] is 0 or 1 or 3 && stream == 0))
            {
                throw new InvalidDataException($"A frame of type {bytes[3]} is sent on stream {stream}.");
            }

            bytes = bytes[(HeaderLength + length)..];
        }
    }
}
