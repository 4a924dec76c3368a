// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Http2.Tests;

/// <summary>A client and a server wired back to back without a socket: the standard fixture for two state machines.</summary>
internal sealed class ConnectionPair : IDisposable
{
    private readonly List<ArraySegment<byte>> _segments = [];

    public ConnectionPair(Http2ConnectionOptions? client = null, Http2ConnectionOptions? server = null)
    {
        Client = new Http2Connection(Http2Role.Client, client ?? new(), 0);
        Server = new Http2Connection(Http2Role.Server, server ?? new(), 0);
    }

    public Http2Connection Client { get; }

    public Http2Connection Server { get; }

    public List<Http2Event> ClientEvents { get; } = [];

    public List<Http2Event> ServerEvents { get; } = [];

    public long Now { get; set; }

    /// <summary>Moves one batch from one end to the other, in pieces of at most <paramref name="piece"/> octets; false when there was none.</summary>
    public bool Move(bool fromClient, int piece = int.MaxValue)
    {
        (Http2Connection from, Http2Connection to) = fromClient ? (Client, Server) : (Server, Client);
        List<Http2Event> sent = fromClient ? ClientEvents : ServerEvents;
        List<Http2Event> received = fromClient ? ServerEvents : ClientEvents;
        if (!from.TryTakeOutput(_segments, sent))
        {
            return false;
        }

        foreach (ArraySegment<byte> segment in _segments)
        {
            for (int offset = 0; offset < segment.Count; offset += piece)
            {
                to.Receive(segment.AsSpan(offset, Math.Min(piece, segment.Count - offset)), Now, received);
                if (piece == int.MaxValue)
                {
                    break;
                }
            }
        }

        from.CompleteOutput();
        return true;
    }

    /// <summary>Moves batches both ways until both ends are silent.</summary>
    public void Settle()
    {
        while (Move(fromClient: true) | Move(fromClient: false))
        {
        }
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }
}
