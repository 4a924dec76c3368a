// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.Streams;

namespace Peregrine.Http2.Tests.FlowControl;

/// <summary>One call of <see cref="CallsOnPath"/>, as its two sides see it.</summary>
internal sealed class PathCall(int id, int requestLength, int responseLength, int pause)
{
    public int Id => id;

    public int Pause => pause;

    public Side Client { get; } = new(requestLength, responseLength);

    public Side Server { get; } = new(responseLength, requestLength);

    /// <summary>Whether one side reset it.</summary>
    public bool IsReset { get; set; }

    /// <summary>What a body of the call has from a position on.</summary>
    public byte[] Octets(int position, int length)
    {
        byte[] octets = new byte[length];
        for (int i = 0; i < length; i++, position++)
        {
            octets[i] = (byte)((id * 31) + (position * 7) + (position >> 8));
        }

        return octets;
    }

    internal sealed class Side(int toSend, int toReceive)
    {
        /// <summary>While the side knows the call and it is not over.</summary>
        public Http2Stream? Stream { get; set; }

        public int ToSend => toSend;

        public int ToReceive => toReceive;

        public int Sent { get; set; }

        public int Received { get; set; }

        public bool MaySend { get; set; }

        public bool EndSent { get; set; }

        public bool EndReceived { get; set; }

        /// <summary>How often it ended, by both ends of stream, by a reset of either side or by the connection's end: in the end, once.</summary>
        public int Ends { get; set; }
    }
}
