// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Peregrine.Http2;
using Peregrine.Http2.Hpack;

namespace Peregrine.Tests.Serving;

/// <summary>A client that sends what a test wants, right or wrong: the HTTP/2 core in client role on a blocking stream.</summary>
internal sealed class RawClient : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Http2Connection _core;
    private readonly Stream _stream;
    private readonly TaskCompletionSource _goAway = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool _readsNothing;

    public RawClient(int port, bool reads = true, Http2ConnectionOptions? options = null)
        : this(new NetworkStream(ConnectSocket(port), ownsSocket: true), reads, options)
    {
    }

    public RawClient(Stream stream, bool reads = true, Http2ConnectionOptions? options = null)
    {
        _core = new Http2Connection(Http2Role.Client, options ?? new Http2ConnectionOptions(), Environment.TickCount64);
        _stream = stream;
        _readsNothing = !reads;
        lock (_gate)
        {
            Flush([]);
        }

        Closed = Task.Run(ReadAsync);
    }

    /// <summary>Ends when the server closed the connection.</summary>
    public Task Closed { get; }

    public Task GoAway => _goAway.Task.WaitAsync(Patience);

    public static byte[] Frame(string text) => Frame(Encoding.UTF8.GetBytes(text));

    public static byte[] Frame(byte[] message, byte flag = 0)
    {
        var framed = new byte[5 + message.Length];
        framed[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length);
        message.CopyTo(framed, 5);
        return framed;
    }

    public static Socket ConnectSocket(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }

    /// <summary>A well-formed request, but for what <paramref name="change"/> replaces; an empty value leaves the field out.</summary>
    public RawCall Open(string path, bool endStream = false, params (string Name, string Value)[] change)
    {
        List<(string Name, string Value)> fields =
        [
            (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"),
            ("te", "trailers"), ("content-type", "application/grpc"),
        ];
        foreach (var field in change)
        {
            var at = fields.FindIndex(f => f.Name == field.Name);
            if (at < 0)
            {
                fields.Add(field);
            }
            else
            {
                fields[at] = field;
            }
        }

        var headers = new OutgoingHeaders();
        foreach (var (name, value) in fields.Where(f => f.Value.Length > 0))
        {
            headers.Add(Encoding.ASCII.GetBytes(name), Encoding.Latin1.GetBytes(value));
        }

        var call = new RawCall(this);
        lock (_gate)
        {
            call.Stream = _core.OpenStream(headers, endStream, call);
            Flush([]);
        }

        return call;
    }

    public RawCall Unary(string path, string message, params (string Name, string Value)[] change)
    {
        var call = Open(path, false, change);
        call.SendText(message, endStream: true);
        return call;
    }

    public void Send(RawCall call, byte[] data, bool endStream)
    {
        lock (_gate)
        {
            _core.SendData(call.Stream, data, endStream);
            Flush([]);
        }
    }

    public void Reset(RawCall call, Http2ErrorCode code)
    {
        lock (_gate)
        {
            _core.ResetStream(call.Stream, code);
            Flush([]);
        }
    }

    public void Dispose() => _stream.Dispose();

    private async Task ReadAsync()
    {
        if (_readsNothing)
        {
            return;
        }

        var buffer = new byte[16 * 1024];
        List<Http2Event> events = [];
        try
        {
            while (await _stream.ReadAsync(buffer) is var count && count > 0)
            {
                lock (_gate)
                {
                    _core.Receive(buffer.AsSpan(0, count), Environment.TickCount64, events);
                    Apply(events);
                    Flush(events);
                }
            }

            lock (_gate)
            {
                _core.ReceiveEnd(Environment.TickCount64, events);
                Apply(events);
            }

            await _stream.DisposeAsync();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            lock (_gate)
            {
                _core.Abort(new Http2Error(Http2ErrorScope.Connection, Http2ErrorCode.InternalError, Http2ErrorInitiator.Remote, e.Message), events);
                Apply(events);
            }
        }
    }

    private void Apply(List<Http2Event> events)
    {
        foreach (var e in events)
        {
            (e.Stream?.State as RawCall)?.On(e);
            if (e.Kind == Http2EventKind.Data)
            {
                _core.ReleaseData(e.Data);
            }
            else if (e.Kind == Http2EventKind.GoAwayReceived)
            {
                _goAway.TrySetResult();
            }
        }

        events.Clear();
    }

    private void Flush(List<Http2Event> events)
    {
        List<ArraySegment<byte>> segments = [];
        while (_core.TryTakeOutput(segments, events))
        {
            foreach (var segment in segments)
            {
                _stream.Write(segment);
            }

            _core.CompleteOutput();
        }
    }
}
