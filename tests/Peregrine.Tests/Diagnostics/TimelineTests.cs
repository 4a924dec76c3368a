// SPDX-License-Identifier: Apache-2.0
using Peregrine.Client;
using Peregrine.Diagnostics;
using Peregrine.Http2;
using Peregrine.Tests.Client;

namespace Peregrine.Tests.Diagnostics;

/// <summary>What the timeline of a failed call tells, and what the recorder behind it keeps.</summary>
public class TimelineTests
{
    private static readonly TimeSpan Patience = ScriptedConnection.Patience;

    [Fact]
    public async Task A_failed_call_tells_its_life_and_that_of_its_connection()
    {
        await using var calls = await new ObservedCalls().StartAsync((_, _) => throw new RpcException(new Status(StatusCode.NotFound, "")));
        var thrown = await ClientTestBase.FailsAsync(calls.CallAsync("five!"), StatusCode.NotFound);
        Assert.Equal(
            [
                "the call began",
                "no connection was ready: waited for one",
                "the server's addresses were resolved",
                "the connection was made",
                "the server's SETTINGS came: the connection was ready",
                "a connection was ready",
                "stream 1 sent HEADERS",
                "stream 1 sent DATA, bytes 10",
                "stream 1 received HEADERS",
                "the call ended with NotFound",
            ],
            thrown.Timeline!.Entries.Select(entry => entry.Event));
        Assert.Equal(TimeSpan.Zero, thrown.Timeline.Entries[0].Elapsed);
        Assert.Equal(thrown.Timeline.Entries.Select(entry => entry.Elapsed).Order(), thrown.Timeline.Entries.Select(entry => entry.Elapsed));
        Assert.StartsWith("The call on the connection to ipv", thrown.Timeline.ToString(), StringComparison.Ordinal);
        Assert.Equal(11, thrown.Timeline.ToString().Split('\n').Length);
    }

    [Fact]
    public async Task What_the_connection_did_before_the_call_has_a_negative_time()
    {
        var time = new ManualTime();
        await using var calls = new ObservedCalls();
        calls.Options.TimeProvider = time;
        var fail = false;
        _ = await calls.StartAsync((r, _) => fail ? throw new RpcException(new Status(StatusCode.Internal, "")) : Task.FromResult(r));
        _ = await calls.CallAsync();
        time.AdvanceClockOnly(TimeSpan.FromMilliseconds(1500));
        fail = true;
        var thrown = await ClientTestBase.FailsAsync(calls.CallAsync(), StatusCode.Internal);

        var entries = thrown.Timeline!.Entries;
        Assert.Equal(TimeSpan.FromMilliseconds(-1500), Assert.Single(entries, entry => entry.Event == "the connection was made").Elapsed);
        Assert.Equal(TimeSpan.FromMilliseconds(-1500), Assert.Single(entries, entry => entry.Event == "stream 1 received END_STREAM").Elapsed);
        Assert.Equal(TimeSpan.Zero, Assert.Single(entries, entry => entry.Event == "stream 3 sent HEADERS").Elapsed);
        Assert.Contains("\n     -1500.000 ms  the connection was made\n", thrown.Timeline.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_without_a_connection_tells_that_it_waited()
    {
        await using var closed = new ScriptedServer();
        await closed.DisposeAsync();
        using var channel = GrpcChannel.ForAddress(closed.Address);
        var thrown = await ClientTestBase.FailsAsync(ClientTestBase.CallUnary(channel).ResponseAsync, StatusCode.Unavailable);
        Assert.Equal(
            ["the call began", "no connection was ready: waited for one", "the call ended with Unavailable"],
            thrown.Timeline!.Entries.Select(entry => entry.Event));
        Assert.StartsWith("The call had no connection:", thrown.Timeline.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_waited_for_a_stream_tells_it()
    {
        await using var server = new ScriptedServer();
        using var channel = GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions { EnableMultipleHttp2Connections = false });
        var first = ClientTestBase.CallUnary(channel);
        var connection = await server.AcceptAsync(maxConcurrentStreams: 1);
        var head = await connection.ExpectRequestAsync();
        var second = ClientTestBase.CallUnary(channel);
        connection.Respond(head.Stream!, "x");
        _ = await first.ResponseAsync.WaitAsync(Patience);
        connection.Reset((await connection.ExpectRequestAsync()).Stream!, Http2ErrorCode.EnhanceYourCalm);
        var thrown = await ClientTestBase.FailsAsync(second.ResponseAsync, StatusCode.ResourceExhausted);

        var events = thrown.Timeline!.Entries.Select(entry => entry.Event).ToList();
        var waited = events.IndexOf("the server allowed no further stream: waited for one");
        Assert.InRange(waited, 1, events.IndexOf("stream 3 sent HEADERS") - 1);
        Assert.Contains("stream 3 failed with ENHANCE_YOUR_CALM", events);
    }

    [Fact]
    public async Task A_call_that_was_made_anew_tells_it()
    {
        await using var server = new ScriptedServer();
        using var channel = GrpcChannel.ForAddress(server.Address);
        await using var ready = await ConnectAsync(server, channel);
        var call = ClientTestBase.CallUnary(channel);
        ready.Reset((await ready.ExpectRequestAsync()).Stream!, Http2ErrorCode.RefusedStream);
        ready.Reset((await ready.ExpectRequestAsync()).Stream!, Http2ErrorCode.EnhanceYourCalm);
        var thrown = await ClientTestBase.FailsAsync(call.ResponseAsync, StatusCode.ResourceExhausted);

        var since = thrown.Timeline!.Entries.SkipWhile(entry => entry.Event != "the call began").ToList();
        Assert.Equal(
            [
                "the call began",
                "stream 1 sent HEADERS",
                "stream 1 failed with REFUSED_STREAM",
                "the server had not processed the call: made anew",
                "stream 3 sent HEADERS",
                "stream 3 failed with ENHANCE_YOUR_CALM",
                "the call ended with ResourceExhausted",
            ],
            since.Select(entry => entry.Event).Where(one => !one.Contains("DATA", StringComparison.Ordinal)));
        Assert.Equal(TimeSpan.Zero, since[0].Elapsed);
    }

    [Fact]
    public async Task A_call_that_lost_its_connection_tells_what_ended_it()
    {
        await using var server = new ScriptedServer();
        using var channel = GrpcChannel.ForAddress(server.Address);
        var call = ClientTestBase.CallUnary(channel);
        var connection = await server.AcceptAsync();
        connection.SendHead((await connection.ExpectRequestAsync()).Stream!);
        _ = await call.ResponseHeadersAsync.WaitAsync(Patience);
        connection.CloseWith(Http2ErrorCode.InternalError, "tired");
        await channel.WaitForStateChangedAsync(ConnectivityState.Ready).WaitAsync(Patience);
        connection.Cut();
        var thrown = await ClientTestBase.FailsAsync(call.ResponseAsync, StatusCode.Unavailable);
        var events = thrown.Timeline!.Entries.Select(entry => entry.Event).ToList();
        Assert.Contains("received GOAWAY INTERNAL_ERROR", events);
        Assert.Contains(events, one => one.StartsWith("stream 1 failed with ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_timeline_is_logged_with_the_failure()
    {
        using var log = new LogTests.Recorder();
        await using var calls = new ObservedCalls();
        calls.Options.LoggerFactory = log;
        _ = await calls.StartAsync((_, _) => throw new RpcException(new Status(StatusCode.NotFound, "")));
        _ = await ClientTestBase.FailsAsync(calls.CallAsync(), StatusCode.NotFound);
        Assert.Contains("ms  stream 1 received HEADERS\n", await log.EventAsync(1100), StringComparison.Ordinal);
    }

    [Fact]
    public void A_recorder_keeps_the_last_events_and_all_phases()
    {
        var time = new ManualTime();
        var recorder = new FlightRecorder(time);
        recorder.Phase(FlightEventKind.Connected);
        for (var i = 1; i <= 1000; i++)
        {
            time.AdvanceClockOnly(TimeSpan.FromTicks(1));
            _ = recorder.Note(FlightEventKind.DataReceived, streamId: i, detail: 2 * i);
        }

        List<FlightEvent> phases = [];
        recorder.CopyPhasesTo(phases);
        Assert.Equal(FlightEventKind.Connected, Assert.Single(phases).Kind);
        List<FlightEvent> last = [];
        recorder.CopyLastTo(last);
        Assert.Equal(Enumerable.Range(1000 - FlightRing.Capacity + 1, FlightRing.Capacity), last.Select(one => one.StreamId));
        Assert.All(last, one => Assert.Equal(2 * one.StreamId, one.Detail));
        Assert.Equal(last.Select(one => one.Timestamp).Order(), last.Select(one => one.Timestamp));
    }

    [Fact]
    public void Noting_an_event_allocates_nothing()
    {
        var recorder = new FlightRecorder(TimeProvider.System);
        _ = recorder.Note(FlightEventKind.HeadersSent, 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            _ = recorder.Note(FlightEventKind.HeadersReceived, i);
            recorder.NoteNext(FlightEventKind.DataReceived, i, i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task Whoever_reads_a_recorder_sees_no_event_half_written()
    {
        var recorder = new FlightRecorder(TimeProvider.System);
        var writer = Task.Run(() =>
        {
            for (var i = 1; i <= 200_000; i++)
            {
                recorder.NoteNext(FlightEventKind.DataReceived, i, -i);
            }
        });
        List<FlightEvent> seen = [];
        while (!writer.IsCompleted)
        {
            seen.Clear();
            recorder.CopyLastTo(seen);
            Assert.All(seen, one => Assert.Equal(-one.StreamId, one.Detail));
        }

        await writer;
        seen.Clear();
        recorder.CopyLastTo(seen);
        Assert.Equal(FlightRing.Capacity, seen.Count);
    }

    private static async Task<ScriptedConnection> ConnectAsync(ScriptedServer server, GrpcChannel channel)
    {
        var connected = channel.ConnectAsync();
        var connection = await server.AcceptAsync();
        await connected.WaitAsync(Patience);
        return connection;
    }
}
