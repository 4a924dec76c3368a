// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.Streams;

namespace Peregrine.Http2.Tests.FlowControl;

/// <summary>
/// A client and a server at the ends of a path with a delay and a bandwidth, in steps of a millisecond of virtual time. One end sends
/// on one stream as much as it may, the other reads it at once.
/// </summary>
internal sealed class LongPath : IDisposable
{
    private const int MostQueued = 64 << 10;
    private static readonly byte[] Piece = new byte[MostQueued];

    private readonly Peer _client;
    private readonly Peer _server;
    private readonly PathDirection _up;
    private readonly PathDirection _down;
    private readonly Peer _sender;
    private readonly Peer _receiver;
    private readonly List<DataLease> _unread = [];
    private Http2Stream? _sending;
    private Http2Stream? _receiving;

    /// <param name="delay">Milliseconds one way.</param>
    /// <param name="octetsPerMillisecond">The bandwidth, each way.</param>
    /// <param name="toClient">Whether the server sends.</param>
    /// <param name="options">The receiver's.</param>
    /// <param name="loss">The share of segments that are lost, each way.</param>
    public LongPath(int delay, int octetsPerMillisecond, bool toClient, Http2ConnectionOptions? options = null, double loss = 0)
    {
        _client = Peer.Client(toClient ? options : null);
        _server = Peer.Server(toClient ? null : options);
        _up = new PathDirection(delay, octetsPerMillisecond, loss, seed: 1);
        _down = new PathDirection(delay, octetsPerMillisecond, loss, seed: 2);
        (_sender, _receiver) = toClient ? (_server, _client) : (_client, _server);
        Http2Stream stream = _client.Connection.OpenStream(Peer.Fields(FrameScript.Request), endStream: false);
        if (toClient)
        {
            _receiving = stream;
        }
        else
        {
            _sending = stream;
        }
    }

    /// <summary>Octets of DATA that arrived.</summary>
    public long Received { get; private set; }

    /// <summary>PING frames that the receiver sent.</summary>
    public int Pings { get; private set; }

    /// <summary>Whether what arrives is read.</summary>
    public bool Reads { get; set; } = true;

    /// <summary>What the receiver lets the sender send on the stream now.</summary>
    public int StreamWindow => _receiving!.ReceiveFlow.Available;

    /// <summary>What the receiver's window of the stream has grown to.</summary>
    public int AnnouncedWindow => _receiving!.ReceiveFlow.Announced;

    /// <summary>Segments that were lost on the way.</summary>
    public int Lost => _up.Lost + _down.Lost;

    public void Run(int milliseconds)
    {
        for (int i = 0; i < milliseconds; i++)
        {
            _client.Now++;
            _server.Now++;
            Step(_client, _up, _server);
            Step(_server, _down, _client);
        }
    }

    public void Dispose()
    {
        _unread.ForEach(lease => _receiver.Connection.ReleaseData(lease));
        _client.Dispose();
        _server.Dispose();
    }

    private void Step(Peer from, PathDirection way, Peer to)
    {
        if (from == _sender && _sending is { } stream)
        {
            while (stream.QueuedBytes < MostQueued && way.HasRoom)
            {
                from.Connection.SendData(stream, Piece, endStream: false);
                way.Enter(from.Take(), from.Now);
            }
        }

        byte[] sent = from.Take();
        Pings += from == _receiver ? CountPings(sent) : 0;
        way.Enter(sent, from.Now);
        while (way.TryLeave(to.Now, out ReadOnlyMemory<byte> arrived))
        {
            to.Feed(arrived.Span);
            Handle(to);
        }
    }

    private void Handle(Peer peer)
    {
        foreach (Http2Event item in peer.Events)
        {
            if (item.Kind == Http2EventKind.Headers && peer == _server)
            {
                _server.Connection.SendHeaders(item.Stream!, Peer.Fields((":status", "200")), endStream: false);
                _sending ??= item.Stream;
                _receiving ??= item.Stream;
            }
            else if (item.Kind == Http2EventKind.Data)
            {
                Received += item.Data.Length;
                if (Reads)
                {
                    peer.Connection.ReleaseData(item.Data);
                }
                else
                {
                    _unread.Add(item.Data);
                }
            }
        }

        peer.Events.Clear();
    }

    // The receiver sends nothing but whole control frames, and PING alone has eight octets of payload and type 6.
    private static int CountPings(ReadOnlySpan<byte> frames)
    {
        int pings = 0;
        frames = frames.StartsWith("PRI"u8) ? frames[24..] : frames;
        while (frames.Length > 0)
        {
            pings += frames[3] == 6 && frames[4] == 0 ? 1 : 0;
            frames = frames[(9 + ((frames[0] << 16) | (frames[1] << 8) | frames[2]))..];
        }

        return pings;
    }
}
