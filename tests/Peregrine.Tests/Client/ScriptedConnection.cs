// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Peregrine.Http2;
using Peregrine.Http2.Hpack;
using Peregrine.Http2.Streams;

namespace Peregrine.Tests.Client;

/// <summary>What a scripted connection received.</summary>
internal sealed record ScriptedEvent(
    Http2EventKind Kind, Http2Stream? Stream, IReadOnlyList<(string Name, string Value)> Headers, byte[] Data, bool EndStream, Http2Error Error)
{
    internal string? Header(string name) => Headers.FirstOrDefault(field => field.Name == name).Value;
}

/// <summary>The server's end of one connection: the HTTP/2 core in server role over a socket, moved by a test step by step.</summary>
internal sealed class ScriptedConnection : IAsyncDisposable
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Socket _socket;
    private readonly Http2Connection _core;
    private readonly Channel<ScriptedEvent> _events = System.Threading.Channels.Channel.CreateUnbounded<ScriptedEvent>();
    private readonly List<ArraySegment<byte>> _segments = [];
    private readonly List<Http2Event> _ignored = [];
    private readonly Dictionary<Http2Stream, ScriptedEvent> _heads = [];
    private readonly Task _reading;

    internal ScriptedConnection(Socket socket, int maxConcurrentStreams, int maxHeaderListSize = 8192)
    {
        _socket = socket;
        _core = new Http2Connection(
            Http2Role.Server,
            new Http2ConnectionOptions { MaxConcurrentStreams = maxConcurrentStreams, MaxHeaderListSize = maxHeaderListSize },
            Environment.TickCount64);
        _reading = ReadAsync();
    }

    /// <summary>Waits for the next event of a kind; others are passed over.</summary>
    internal async Task<ScriptedEvent> ExpectAsync(Http2EventKind kind)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var next = await _events.Reader.ReadAsync(limit.Token);
            if (next.Kind == kind)
            {
                return next;
            }
        }
    }

    /// <summary>Waits for the next request that has come in full; the frames of several may be mixed. Gives its head.</summary>
    internal async Task<ScriptedEvent> ExpectRequestAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var next = await _events.Reader.ReadAsync(limit.Token);
            if (next.Kind == Http2EventKind.Headers)
            {
                _heads[next.Stream!] = next;
            }

            if (next is { Kind: Http2EventKind.Headers or Http2EventKind.Data, EndStream: true } && _heads.Remove(next.Stream!, out var head))
            {
                return head;
            }
        }
    }

    internal void SendHeaders(Http2Stream stream, bool endStream, params (string Name, string Value)[] fields) =>
        Act(() => _core.SendHeaders(stream, Fields(fields), endStream));

    internal void SendHead(Http2Stream stream) => SendHeaders(stream, false, (":status", "200"), ("content-type", "application/grpc"));

    internal void SendMessage(Http2Stream stream, string text, bool endStream = false)
    {
        var payload = Encoding.UTF8.GetBytes(text);
        var framed = new byte[5 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), payload.Length);
        payload.CopyTo(framed, 5);
        SendData(stream, framed, endStream);
    }

    internal void SendData(Http2Stream stream, byte[] data, bool endStream = false) => Act(() => _core.SendData(stream, data, endStream));

    internal void SendTrailers(Http2Stream stream, params (string Name, string Value)[] fields) =>
        Act(() => _core.SendTrailers(stream, Fields(fields)));

    /// <summary>Answers a unary call in full.</summary>
    internal void Respond(Http2Stream stream, string text)
    {
        SendHead(stream);
        SendMessage(stream, text);
        SendTrailers(stream, ("grpc-status", "0"));
    }

    internal void Reset(Http2Stream stream, Http2ErrorCode code) => Act(() => _core.ResetStream(stream, code));

    internal void Drain() => Act(() => _core.BeginDrain(Environment.TickCount64));

    internal void CloseWith(Http2ErrorCode code, string reason) => Act(() => _core.Close(code, reason, _ignored));

    internal void SendRaw(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            _ = _socket.Send(bytes);
        }
    }

    /// <summary>Cuts the connection without a word.</summary>
    internal void Cut() => _socket.Close(0);

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _reading;
        lock (_lock)
        {
            _core.Dispose();
        }
    }

    private static OutgoingHeaders Fields((string Name, string Value)[] fields)
    {
        var headers = new OutgoingHeaders();
        foreach (var (name, value) in fields)
        {
            headers.Add(Encoding.ASCII.GetBytes(name), Encoding.Latin1.GetBytes(value));
        }

        return headers;
    }

    private void Act(Action action)
    {
        lock (_lock)
        {
            action();
            Flush();
        }
    }

    private void Flush()
    {
        while (_core.TryTakeOutput(_segments, _ignored))
        {
            try
            {
                _ = _socket.Send(_segments);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The client went away first: what a test did not wait for is lost, as on any network.
            }

            _core.CompleteOutput();
        }
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        var events = new List<Http2Event>();
        lock (_lock)
        {
            Flush();
        }

        while (true)
        {
            var count = 0;
            try
            {
                count = await _socket.ReceiveAsync(buffer);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The end, as any other.
            }

            lock (_lock)
            {
                if (count == 0)
                {
                    _core.ReceiveEnd(Environment.TickCount64, events);
                }
                else
                {
                    _core.Receive(buffer.AsSpan(0, count), Environment.TickCount64, events);
                }

                foreach (var happened in events)
                {
                    Publish(happened);
                }

                events.Clear();
                Flush();
            }

            if (count == 0)
            {
                _ = _events.Writer.TryComplete();
                return;
            }
        }
    }

    private void Publish(in Http2Event happened)
    {
        var headers = new List<(string, string)>();
        if (happened.Headers is { } list)
        {
            foreach (ref readonly var field in list.Fields)
            {
                headers.Add((Encoding.Latin1.GetString(field.Name), Encoding.Latin1.GetString(field.Value)));
            }

            Http2Connection.ReleaseHeaders(list);
        }

        byte[] data = [];
        if (happened.Kind == Http2EventKind.Data)
        {
            data = happened.Data.Span.ToArray();
            _core.ReleaseData(happened.Data);
        }

        _ = _events.Writer.TryWrite(new ScriptedEvent(happened.Kind, happened.Stream, headers, data, happened.EndStream, happened.Error));
    }
}
