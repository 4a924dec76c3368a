// SPDX-License-Identifier: Apache-2.0
using System.Threading.Channels;
using Peregrine.Http2;
using Peregrine.Http2.Hpack;
using Peregrine.Transport;

namespace Peregrine.Tests.Transport;

/// <summary>Which messages of a stream leave at once and which together. The clock stands still unless a test moves it.</summary>
public sealed class WriteRoleTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Recorder _duplex = new();
    private readonly Clock _time = new();
    private readonly Call _call = new();
    private readonly Http2Pump _pump;

    public WriteRoleTests() => _pump = new Http2Pump(Http2Role.Client, _duplex, new Http2ConnectionOptions(), _time, new Owner());

    [Fact]
    public async Task The_first_message_leaves_at_once_and_those_in_a_row_behind_it_together()
    {
        var stream = await OpenAsync();
        lock (_pump.Gate)
        {
            // The pool's thread stands at the lock meanwhile.
            Send(stream, 1);
            Assert.Equal([1], _duplex.Messages);
            Send(stream, 2);
            Assert.Equal([1, 2], _duplex.Messages);
            var sends = _duplex.Sends;
            for (byte number = 3; number < 100; number++)
            {
                Send(stream, number);
            }

            Assert.Equal([1, 2], _duplex.Messages);
            _duplex.ExpectedSends = sends + 1;
        }

        await _duplex.WaitForMessagesAsync(99);
        Assert.Equal(Enumerable.Range(1, 99), _duplex.Messages.Select(message => (int)message));
        Assert.False(_duplex.HadMoreSends);
    }

    [Fact]
    public async Task A_message_that_answers_one_that_came_leaves_at_once()
    {
        var stream = await OpenAsync();
        Send(stream, 1);
        Send(stream, 2);
        for (byte number = 3; number < 10; number++)
        {
            await ReceiveAsync(number);
            lock (_pump.Gate)
            {
                Send(stream, number);
                Assert.Equal(number, _duplex.Messages[^1]);
            }
        }
    }

    [Fact]
    public async Task A_message_long_after_the_one_before_leaves_at_once()
    {
        var stream = await OpenAsync();
        for (byte number = 1; number < 10; number++)
        {
            lock (_pump.Gate)
            {
                Send(stream, number);
                Assert.Equal(number, _duplex.Messages[^1]);
            }

            _time.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    [Fact]
    public async Task The_end_of_a_stream_takes_along_what_has_gathered()
    {
        var stream = await OpenAsync();
        lock (_pump.Gate)
        {
            Send(stream, 1);
            Send(stream, 2);
            Send(stream, 3);
            Assert.Equal([1, 2], _duplex.Messages);
            Assert.True(stream.CompleteSending());
            Assert.Equal([1, 2, 3], _duplex.Messages);
        }

        // The pool's thread finds nothing left to send, and the connection goes on.
        Assert.True(_pump.TryOpenStream(new Call(), Request(), endStream: false, flush: true, out var next));
        Send(next!, 4);
        await _duplex.WaitForMessagesAsync(4);
    }

    [Fact]
    public async Task A_writer_that_gathers_much_sends_it()
    {
        var stream = await OpenAsync();
        lock (_pump.Gate)
        {
            Send(stream, 1);
            Send(stream, 2);
            var kilobyte = new byte[1024];
            for (var i = 0; i < 62; i++)
            {
                Assert.True(stream.SendData(kilobyte, endStream: false));
            }

            Assert.Equal([1, 2], _duplex.Messages);
            for (var i = 0; i < 3; i++)
            {
                Assert.True(stream.SendData(kilobyte, endStream: false));
            }

            Assert.True(_duplex.Messages.Count > 64 * 1024);
        }
    }

    [Fact]
    public async Task A_message_behind_which_its_writer_must_wait_leaves_at_once()
    {
        var stream = await OpenAsync();
        lock (_pump.Gate)
        {
            Send(stream, 1);
            Send(stream, 2);
            Send(stream, 3);
            Assert.Equal([1, 2], _duplex.Messages);
            Assert.True(stream.LendData(new byte[128 * 1024], isRest: false, endStream: false));
            Assert.Equal(3 + (128 * 1024), _duplex.Messages.Count);
            Assert.True(stream.TakesMore);
        }
    }

    [Fact]
    public async Task No_message_is_left_behind()
    {
        var stream = await OpenAsync();
        var sent = 0;
        for (var round = 0; round < 2000; round++)
        {
            // Then nothing more is written, so that who was to send them must come.
            for (var i = 0; i <= round % 5; i++)
            {
                Send(stream, (byte)sent);
                sent++;
            }

            await _duplex.WaitForMessagesAsync(sent);
        }

        Assert.Equal(Enumerable.Range(0, sent).Select(number => (byte)number), _duplex.Messages);
    }

    [Fact]
    public async Task Writers_of_several_streams_leave_none_behind_and_keep_their_order()
    {
        const int streams = 4;
        const int messages = 3000;
        await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => Task.Run(() =>
        {
            Assert.True(_pump.TryOpenStream(new Call(), Request(), endStream: false, flush: true, out var stream));
            for (var number = 0; number < messages; number++)
            {
                Send(stream!, (byte)number);
            }
        })));

        await _duplex.WaitForMessagesAsync(streams * messages);
        for (var id = 3; id <= 1 + (2 * streams); id += 2)
        {
            Assert.Equal(Enumerable.Range(0, messages).Select(number => (byte)number), _duplex.MessagesOf(id));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _pump.Dispose();
        await _pump.Completion.WaitAsync(Patience);
    }

    private static void Send(TransportStream stream, byte number) => Assert.True(stream.SendData([number], endStream: false));

    private static OutgoingHeaders Request()
    {
        var headers = new OutgoingHeaders();
        headers.Add(":method"u8, "POST"u8);
        headers.Add(":scheme"u8, "http"u8);
        headers.Add(":path"u8, "/a.B/C"u8);
        headers.Add(":authority"u8, "localhost"u8);
        return headers;
    }

    private async Task<TransportStream> OpenAsync()
    {
        _pump.Start();
        await _duplex.SendBegan.Task.WaitAsync(Patience);

        // SETTINGS, and windows for all that these tests send.
        await _duplex.ArriveAsync([0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0x10, 0, 0, 0, 0, 0, 4, 8, 0, 0, 0, 0, 0, 0x10, 0, 0, 0]);
        Assert.True(_pump.TryOpenStream(_call, Request(), endStream: false, flush: true, out var stream));
        return stream!;
    }

    // A message of one octet comes on the first stream, behind its headers if it is the first one.
    private async Task ReceiveAsync(byte number)
    {
        byte[] head = _call.HasHead ? [] : [0, 0, 1, 1, 4, 0, 0, 0, 1, 0x88];
        await _duplex.ArriveAsync([.. head, 0, 0, 1, 0, 0, 0, 0, 0, 1, number]);
    }

    private sealed class Owner : ConnectionHandler
    {
        public override void OnClosed(in Http2Error error, Exception? cause)
        {
        }
    }

    private sealed class Call : StreamHandler
    {
        public bool HasHead { get; private set; }

        public override void OnHeaders(HeaderList headers, bool endStream)
        {
            HasHead = true;
            Http2Connection.ReleaseHeaders(headers);
        }

        public override void OnEndOfStream(HeaderList? trailers)
        {
        }

        public override void OnFailed(in StreamFailure failure)
        {
        }
    }

    private sealed class Clock : TimeProvider
    {
        private long _now;

        public override long GetTimestamp() => Volatile.Read(ref _now);

        public void Advance(TimeSpan time) => Interlocked.Add(ref _now, time.Ticks * TimestampFrequency / TimeSpan.TicksPerSecond);
    }

    /// <summary>Takes the frames of the client apart: one octet of DATA is one message.</summary>
    private sealed class Recorder : ByteDuplex
    {
        private readonly Channel<byte[]> _arriving = System.Threading.Channels.Channel.CreateUnbounded<byte[]>();
        private readonly Lock _lock = new();
        private readonly List<byte> _messages = [];
        private readonly Dictionary<int, List<byte>> _byStream = [];
        private TaskCompletionSource? _wait;
        private TaskCompletionSource? _read;
        private int _waitsFor;
        private byte[] _rest = [];
        private bool _sawPreface;

        public TaskCompletionSource SendBegan { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Sends { get; private set; }

        public int ExpectedSends { get; set; } = int.MaxValue;

        public bool HadMoreSends => Sends > ExpectedSends;

        public List<byte> Messages
        {
            get
            {
                lock (_lock)
                {
                    return [.. _messages];
                }
            }
        }

        public List<byte> MessagesOf(int streamId)
        {
            lock (_lock)
            {
                return [.. _byStream[streamId]];
            }
        }

        /// <summary>Lets bytes come, and waits until the connection has dealt with them and waits for more.</summary>
        public Task ArriveAsync(byte[] bytes)
        {
            var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_lock)
            {
                _read = read;
                Assert.True(_arriving.Writer.TryWrite(bytes));
            }

            return read.Task.WaitAsync(Patience);
        }

        public Task WaitForMessagesAsync(int count)
        {
            lock (_lock)
            {
                if (_messages.Count >= count)
                {
                    return Task.CompletedTask;
                }

                _waitsFor = count;
                _wait = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return _wait.Task.WaitAsync(Patience);
            }
        }

        public override async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
        {
            lock (_lock)
            {
                if (!_arriving.Reader.TryPeek(out _))
                {
                    _read?.TrySetResult();
                }
            }

            if (!await _arriving.Reader.WaitToReadAsync() || buffer.IsEmpty || !_arriving.Reader.TryRead(out var bytes))
            {
                return 0;
            }

            bytes.CopyTo(buffer);
            return bytes.Length;
        }

        public override ValueTask SendAsync(List<ArraySegment<byte>> segments)
        {
            lock (_lock)
            {
                Sends++;
                _rest = [.. _rest, .. segments.SelectMany(segment => segment)];
                var at = _sawPreface ? 0 : 24;
                _sawPreface = true;
                while (_rest.Length - at >= 9)
                {
                    var length = _rest[at] << 16 | _rest[at + 1] << 8 | _rest[at + 2];
                    if (_rest.Length - at < 9 + length)
                    {
                        break;
                    }

                    Take(_rest[at + 3], _rest[at + 8], _rest.AsSpan(at + 9, length));
                    at += 9 + length;
                }

                _rest = _rest[at..];
                if (_messages.Count >= _waitsFor)
                {
                    _wait?.TrySetResult();
                }
            }

            SendBegan.TrySetResult();
            return default;
        }

        public override ValueTask ShutdownSendAsync() => default;

        public override void Dispose() => _arriving.Writer.TryComplete();

        private void Take(byte type, int streamId, ReadOnlySpan<byte> payload)
        {
            if (type == 0)
            {
                _messages.AddRange(payload);
                if (!_byStream.TryGetValue(streamId, out var messages))
                {
                    _byStream[streamId] = messages = [];
                }

                messages.AddRange(payload);
            }
        }
    }
}
