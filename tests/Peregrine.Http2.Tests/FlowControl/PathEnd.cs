// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2.Tests.FlowControl;

/// <summary>One end of the path of <see cref="CallsOnPath"/>, and the direction that leads away from it.</summary>
internal sealed class PathEnd(Peer peer, Http2ConnectionOptions options, PathDirection way, long cut)
{
    public Peer Peer => peer;

    public Http2Connection Connection => peer.Connection;

    public Http2ConnectionOptions Options => options;

    public PathDirection Way => way;

    /// <summary>How many more octets may arrive at the other end.</summary>
    public long LeftToCut { get; set; } = cut;

    /// <summary>Octets that arrived at the other end.</summary>
    public long Arrived { get; set; }

    /// <summary>PINGs that are no answers.</summary>
    public int Pings { get; private set; }

    /// <summary>How often it was told that the connection is closed.</summary>
    public int Closed { get; set; }

    public bool IsClient => Connection.Role == Http2Role.Client;

    public PathCall.Side SideOf(PathCall call) => IsClient ? call.Client : call.Server;

    /// <summary>Lets what waits to be sent enter the path; after a cut it goes nowhere.</summary>
    public void Flush(long now, bool isCut)
    {
        byte[] sent = peer.Take();
        CountPings(sent);
        if (!isCut)
        {
            way.Enter(sent, now);
        }
    }

    // What is taken at a time are whole frames.
    private void CountPings(ReadOnlySpan<byte> frames)
    {
        frames = frames.StartsWith("PRI"u8) ? frames[24..] : frames;
        while (frames.Length > 0)
        {
            Pings += frames[3] == 6 && frames[4] == 0 ? 1 : 0;
            frames = frames[(9 + ((frames[0] << 16) | (frames[1] << 8) | frames[2]))..];
        }
    }
}
