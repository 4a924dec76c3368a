// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2;
using Peregrine.Http2.Hpack;
using Peregrine.Transport;

namespace Peregrine.Tests.Transport;

/// <summary>The pump over bytes that a test holds back or lets fail.</summary>
public class PumpTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_connection_tells_whether_a_request_had_left(bool isHeldBack)
    {
        var duplex = new HeldDuplex(isHeldBack);
        var pump = new Http2Pump(Http2Role.Client, duplex, new Http2ConnectionOptions(), TimeProvider.System, new Owner());
        pump.Start();
        await duplex.SendBegan.Task.WaitAsync(Patience);
        var call = new Call();
        Assert.True(pump.TryOpenStream(call, Request(), endStream: false, flush: true, out _));
        duplex.Lose(new IOException("the cable was pulled"));

        var failure = await call.Failure.Task.WaitAsync(Patience);
        Assert.Equal(isHeldBack, failure.NeverSent);
        Assert.Equal(Http2ErrorScope.Connection, failure.Error.Scope);
        Assert.Equal("the cable was pulled", failure.Cause!.Message);
        await pump.Completion.WaitAsync(Patience);
    }

    [Fact]
    public async Task The_call_hears_of_a_failure_before_its_reader_can_see_it()
    {
        var duplex = new HeldDuplex(isHeldBack: false);
        var pump = new Http2Pump(Http2Role.Client, duplex, new Http2ConnectionOptions(), TimeProvider.System, new Owner());
        pump.Start();
        await duplex.SendBegan.Task.WaitAsync(Patience);
        var call = new Call();
        Assert.True(pump.TryOpenStream(call, Request(), endStream: false, flush: true, out var stream));
        duplex.Lose(new IOException("lost"));
        await call.Failure.Task.WaitAsync(Patience);
        Assert.Equal(MessageReadResult.NeedMore, call.SeenInCallback);
        await stream!.WaitToReadAsync().AsTask().WaitAsync(Patience);
        await pump.Completion.WaitAsync(Patience);
        Assert.Equal(MessageReadResult.Failed, stream.TryReadMessage(-1, out _));
    }

    // TLS throws more types than it says when both sides shut it down at once; a server that stops would wait for ever.
    [Fact]
    public async Task A_connection_is_over_also_when_its_direction_cannot_be_shut_down()
    {
        var duplex = new HeldDuplex(isHeldBack: false) { ShutdownProblem = new FormatException("no exception of I/O") };
        var pump = new Http2Pump(Http2Role.Client, duplex, new Http2ConnectionOptions(), TimeProvider.System, new Owner());
        pump.Start();
        await duplex.SendBegan.Task.WaitAsync(Patience);
        pump.Close(Http2ErrorCode.NoError, "done");
        await pump.Completion.WaitAsync(Patience);
        Assert.True(duplex.IsDisposed);
    }

    // TLS throws exceptions of its own from reads and writes that race with its end.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_is_over_whatever_type_its_reads_and_writes_throw(bool fromRead)
    {
        var problem = new FormatException("no exception of I/O");
        var duplex = new HeldDuplex(isHeldBack: !fromRead);
        var owner = new Owner();
        var pump = new Http2Pump(Http2Role.Client, duplex, new Http2ConnectionOptions(), TimeProvider.System, owner);
        pump.Start();
        await duplex.SendBegan.Task.WaitAsync(Patience);
        if (fromRead)
        {
            duplex.Lose(problem);
        }
        else
        {
            duplex.LoseSend(problem);
        }

        await pump.Completion.WaitAsync(Patience);
        Assert.Same(problem, owner.Cause);
    }

    // A mistake of ours, or no memory, in the middle of a connection's events.
    [Theory]
    [InlineData(nameof(Owner.OnReady))]
    [InlineData(nameof(Owner.OnClosed))]
    public async Task A_connection_is_over_when_its_events_cannot_be_handled(string failing)
    {
        var duplex = new SparseDuplex(canTry: false);
        var owner = new Owner { Failing = failing };
        var pump = new Http2Pump(Http2Role.Client, duplex, new Http2ConnectionOptions(), TimeProvider.System, owner);
        pump.Start();
        await duplex.NextWaitAsync();
        duplex.Wake(arrives: true);
        if (failing == nameof(Owner.OnClosed))
        {
            await duplex.NextWaitAsync();
            pump.Close(Http2ErrorCode.NoError, "done");
        }
        else
        {
            Assert.Same(owner.Problem, await owner.Closed.Task.WaitAsync(Patience));
        }

        await pump.Completion.WaitAsync(Patience);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task While_nothing_comes_no_memory_waits_for_it(bool canTry)
    {
        var duplex = new SparseDuplex(canTry);
        var pump = new Http2Pump(Http2Role.Client, duplex, new Http2ConnectionOptions(), TimeProvider.System, new Owner());
        pump.Start();

        // A wait that ends without anything to read is followed by another one, where that can be found out.
        for (var wakes = 0; wakes < 3; wakes++)
        {
            Assert.Equal(0, await duplex.NextWaitAsync());
            duplex.Wake(arrives: wakes == 1 || !canTry);
        }

        Assert.Equal(0, await duplex.NextWaitAsync());
        pump.Dispose();
        await pump.Completion.WaitAsync(Patience);
    }

    private static OutgoingHeaders Request()
    {
        var headers = new OutgoingHeaders();
        headers.Add(":method"u8, "POST"u8);
        headers.Add(":scheme"u8, "http"u8);
        headers.Add(":path"u8, "/a.B/C"u8);
        headers.Add(":authority"u8, "localhost"u8);
        return headers;
    }

    private sealed class Owner : ConnectionHandler
    {
        /// <summary>The event that it fails in; null for none.</summary>
        public string? Failing { get; init; }

        public FormatException Problem { get; } = new("a mistake");

        public TaskCompletionSource<Exception?> Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Exception? Cause => Closed.Task.Result;

        public override void OnReady() => FailIf(nameof(OnReady));

        public override void OnClosed(in Http2Error error, Exception? cause)
        {
            Closed.SetResult(cause);
            FailIf(nameof(OnClosed));
        }

        private void FailIf(string name)
        {
            if (Failing == name)
            {
                throw Problem;
            }
        }
    }

    private sealed class Call : StreamHandler
    {
        public TaskCompletionSource<StreamFailure> Failure { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public MessageReadResult SeenInCallback { get; private set; }

        public override void OnHeaders(HeaderList headers, bool endStream)
        {
        }

        public override void OnEndOfStream(HeaderList? trailers)
        {
        }

        public override void OnFailed(in StreamFailure failure)
        {
            SeenInCallback = Stream.TryReadMessage(-1, out _);
            Failure.SetResult(failure);
        }
    }

    /// <summary>Receives nothing until it is lost; sends at once, or never.</summary>
    private sealed class HeldDuplex(bool isHeldBack) : ByteDuplex
    {
        private readonly TaskCompletionSource<int> _received = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource SendBegan { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Exception? ShutdownProblem { get; init; }

        public bool IsDisposed { get; private set; }

        public void Lose(Exception problem) => _received.TrySetException(problem);

        public void LoseSend(Exception problem) => _sent.TrySetException(problem);

        public override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => new(_received.Task);

        public override ValueTask SendAsync(List<ArraySegment<byte>> segments)
        {
            SendBegan.TrySetResult();
            return isHeldBack ? new ValueTask(_sent.Task) : default;
        }

        public override ValueTask ShutdownSendAsync() => ShutdownProblem is null ? default : ValueTask.FromException(ShutdownProblem);

        public override void Dispose()
        {
            IsDisposed = true;
            _received.TrySetException(new ObjectDisposedException(nameof(HeldDuplex)));
            _sent.TrySetException(new ObjectDisposedException(nameof(HeldDuplex)));
        }
    }

    /// <summary>Receives a SETTINGS frame each time the test says so, and tells the size of the buffer of each receive that had to wait.</summary>
    private sealed class SparseDuplex(bool canTry) : ByteDuplex
    {
        private static readonly byte[] Settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];

        private readonly SemaphoreSlim _waits = new(0);
        private TaskCompletionSource<int> _arrival = new();
        private Memory<byte> _waiting;
        private bool _hasArrived;

        public override bool CanTryReceive => canTry;

        public async Task<int> NextWaitAsync()
        {
            Assert.True(await _waits.WaitAsync(Patience));
            return _waiting.Length;
        }

        public void Wake(bool arrives)
        {
            _hasArrived = arrives;
            var arrival = _arrival;
            _arrival = new TaskCompletionSource<int>();
            arrival.SetResult(0);
        }

        public override bool TryReceive(Span<byte> buffer, out int count)
        {
            count = 0;
            if (!canTry || !_hasArrived)
            {
                return false;
            }

            _hasArrived = false;
            Settings.CopyTo(buffer);
            count = Settings.Length;
            return true;
        }

        public override ValueTask<int> ReceiveAsync(Memory<byte> buffer)
        {
            if (_hasArrived && !buffer.IsEmpty)
            {
                _hasArrived = false;
                Settings.CopyTo(buffer);
                return new ValueTask<int>(Settings.Length);
            }

            var arrival = _arrival.Task;
            _waiting = buffer;
            _waits.Release();
            return new ValueTask<int>(arrival);
        }

        public override ValueTask SendAsync(List<ArraySegment<byte>> segments) => default;

        public override ValueTask ShutdownSendAsync() => default;

        public override void Dispose()
        {
            _arrival.TrySetException(new ObjectDisposedException(nameof(SparseDuplex)));
            _waits.Dispose();
        }
    }
}
