// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2;
using Peregrine.Http2.Hpack;
using Peregrine.Http2.Streams;

namespace Http2Fuzz;

/// <summary>
/// An owner that answers, resets, drains and lets time pass, as its seed says, and flushes now and then: nothing of that may throw or
/// leave memory behind, whatever the peer sends meanwhile.
/// </summary>
internal sealed class BusyOwner(Http2Role role, int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<Http2Stream> _open = [];
    private readonly List<DataLease> _leases = [];

    /// <exception cref="InvalidDataException">What is sent is not whole frames, or an event names a stream that was released.</exception>
    public void Run(IEnumerable<byte[]> pieces)
    {
        using Http2Connection connection = new(role, new Http2ConnectionOptions { KeepAliveInterval = 1000, StreamSendQueueLimit = 100 }, 0);
        List<Http2Event> events = [];
        long now = 0;
        if (role == Http2Role.Client)
        {
            Requests.Open(connection, 3);
        }

        foreach (byte[] piece in pieces)
        {
            now += _random.Next(3);
            connection.Receive(piece, now, events);
            Handle(connection, events);
            Act(connection, now, events);
        }

        connection.ReceiveEnd(now, events);
        Handle(connection, events);
        SentFrames.Take(connection, events, role);
        Handle(connection, events);
        _leases.ForEach(lease => connection.ReleaseData(lease));
    }

    private void Handle(Http2Connection connection, List<Http2Event> events)
    {
        foreach (Http2Event item in events)
        {
            if (item.Headers is { } headers)
            {
                Http2Connection.ReleaseHeaders(headers);
            }

            if (item.Kind is Http2EventKind.Data or Http2EventKind.PrefaceMismatch && !item.Data.IsEmpty)
            {
                _leases.Add(item.Data);
            }

            if (item.Kind == Http2EventKind.Headers && item.Stream is { } stream && !_open.Contains(stream))
            {
                _open.Add(stream);
            }
        }

        events.Clear();
    }

    private void Act(Http2Connection connection, long now, List<Http2Event> events)
    {
        Http2Stream? stream = _open.Count > 0 ? _open[_random.Next(_open.Count)] : null;
        switch (_random.Next(12))
        {
            case 0 when stream is { LocalEnded: false } && role == Http2Role.Server:
                connection.SendHeaders(stream, Head(), endStream: false);
                break;
            case 1 when stream is { LocalEnded: false }:
                connection.SendData(stream, new byte[_random.Next(300)], endStream: _random.Next(4) == 0);
                break;
            case 2 when stream is { LocalEnded: false } && role == Http2Role.Server:
                connection.SendTrailers(stream, Trailers());
                break;
            case 3 when stream is not null:
                connection.ResetStream(stream, Http2ErrorCode.Cancel);
                break;
            case 4 when stream is not null:
                _open.Remove(stream);
                connection.ReleaseStream(stream);
                break;
            case 5 when _leases.Count > 0:
                connection.ReleaseData(_leases[^1]);
                _leases.RemoveAt(_leases.Count - 1);
                break;
            case 6:
                connection.Tick(now, events);
                break;
            case 7 when _random.Next(20) == 0:
                connection.BeginDrain(now);
                break;
            case 8:
                connection.ReleaseIdleMemory();
                break;
            default:
                SentFrames.Take(connection, events, role);
                break;
        }

        Handle(connection, events);
    }

    private static OutgoingHeaders Head()
    {
        OutgoingHeaders headers = new();
        headers.Add(":status"u8, "200"u8);
        return headers;
    }

    private static OutgoingHeaders Trailers()
    {
        OutgoingHeaders headers = new();
        headers.Add("grpc-status"u8, "0"u8);
        return headers;
    }
}
