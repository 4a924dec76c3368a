// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Peregrine.Diagnostics;
using Peregrine.Tests.Client;
using Peregrine.Tests.Serving;

namespace Peregrine.Tests.Diagnostics;

/// <summary>The instruments of gRFC A66. They hear of every call of the process: so these tests run alone.</summary>
[Collection(nameof(RunsAlone))]
public class MetricTests
{
    private static readonly TimeSpan Patience = ScriptedConnection.Patience;

    [Fact]
    public async Task A_call_is_measured_on_both_sides()
    {
        using var recorder = new Recorder();
        var time = new ManualTime();
        await using var calls = new ObservedCalls();
        calls.Fixture.Options.TimeProvider = time;
        calls.Options.TimeProvider = time;
        _ = await calls.StartAsync((_, _) =>
        {
            time.AdvanceClockOnly(TimeSpan.FromSeconds(3));
            return Task.FromResult("twelve bytes");
        });
        _ = await calls.CallAsync("five!");

        var client = $"grpc.method=test.Svc/Unary grpc.target={calls.Target}";
        const string server = "grpc.method=test.Svc/Unary";
        string[] expected =
        [
            $"grpc.client.attempt.duration 3 {client} grpc.status=OK",
            $"grpc.client.attempt.rcvd_total_compressed_message_size 12 {client} grpc.status=OK",
            $"grpc.client.attempt.sent_total_compressed_message_size 5 {client} grpc.status=OK",
            $"grpc.client.attempt.started 1 {client}",
            $"grpc.client.call.duration 3 {client} grpc.status=OK",
            $"grpc.server.call.duration 3 {server} grpc.status=OK",
            $"grpc.server.call.rcvd_total_compressed_message_size 5 {server} grpc.status=OK",
            $"grpc.server.call.sent_total_compressed_message_size 12 {server} grpc.status=OK",
            $"grpc.server.call.started 1 {server}",
        ];
        Assert.Equal(expected, await recorder.TakeAsync(expected.Length));
    }

    [Fact]
    public async Task A_target_that_the_filter_leaves_out_is_other()
    {
        using var recorder = new Recorder();
        await using var calls = new ObservedCalls();
        string? asked = null;
        calls.Options.MetricsTargetFilter = target =>
        {
            asked = target;
            return false;
        };
        _ = await calls.StartAsync((r, _) => Task.FromResult(r));
        _ = await calls.CallAsync();
        Assert.Equal(calls.Target, asked);
        Assert.Contains("grpc.client.attempt.started 1 grpc.method=test.Svc/Unary grpc.target=other", await recorder.TakeAsync(9));
    }

    [Fact]
    public async Task Sizes_are_those_of_compressed_messages()
    {
        using var recorder = new Recorder();
        await using var calls = new ObservedCalls();
        calls.Options.RequestCompressionAlgorithm = "gzip";
        calls.Fixture.Options.ResponseCompressionAlgorithm = "gzip";
        _ = await calls.StartAsync((r, _) => Task.FromResult(r));
        _ = await calls.CallAsync(new string('x', 10_000));

        var measured = await recorder.TakeAsync(9);
        var sizes = measured.Where(text => text.Contains("message_size", StringComparison.Ordinal)).Select(text => int.Parse(text.Split(' ')[1])).ToArray();
        Assert.Equal(4, sizes.Length);
        Assert.All(sizes, size => Assert.InRange(size, 20, 200));
    }

    [Fact]
    public async Task Sizes_of_a_stream_are_those_of_all_its_messages()
    {
        using var recorder = new Recorder();
        await using var calls = new ObservedCalls();
        _ = calls.Fixture.Duplex(async (requests, responses, _) =>
        {
            await foreach (var request in requests.ReadAllAsync())
            {
                await responses.WriteAsync(request + "!");
            }
        });
        _ = await calls.StartAsync((r, _) => Task.FromResult(r));
        using (var call = calls.Invoker.AsyncDuplexStreamingCall(ServerFixture.Method(MethodType.DuplexStreaming, "Duplex"), null, default))
        {
            foreach (var request in (string[])["one", "three", "eleven"])
            {
                await call.RequestStream.WriteAsync(request).WaitAsync(Patience);
                Assert.True(await call.ResponseStream.MoveNext().WaitAsync(Patience));
            }

            await call.RequestStream.CompleteAsync().WaitAsync(Patience);
            Assert.False(await call.ResponseStream.MoveNext().WaitAsync(Patience));
        }

        var sizes = (await recorder.TakeAsync(9)).Where(text => text.Contains("message_size", StringComparison.Ordinal)).Select(text => string.Join(' ', text.Split(' ')[..2]));
        Assert.Equal(
            [
                "grpc.client.attempt.rcvd_total_compressed_message_size 17",
                "grpc.client.attempt.sent_total_compressed_message_size 14",
                "grpc.server.call.rcvd_total_compressed_message_size 14",
                "grpc.server.call.sent_total_compressed_message_size 17",
            ],
            sizes);
    }

    [Fact]
    public async Task Names_that_a_peer_makes_up_are_other()
    {
        using var recorder = new Recorder();
        await using var calls = await new ObservedCalls().StartAsync((r, _) => Task.FromResult(r));
        var proxied = new Method<byte[], byte[]>(MethodType.Unary, "test.Svc", "Missing", Marshallers.BytesMarshaller, Marshallers.BytesMarshaller);
        _ = await ClientTestBase.FailsAsync(calls.Invoker.AsyncUnaryCall(proxied, null, default, []).ResponseAsync, StatusCode.Unimplemented);

        var measured = await recorder.TakeAsync(9);
        Assert.All(measured, text => Assert.Contains("grpc.method=other", text, StringComparison.Ordinal));
        Assert.Equal(7, measured.Count(text => text.EndsWith("grpc.status=UNIMPLEMENTED", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Methods_of_a_handler_of_unknown_ones_are_other()
    {
        using var recorder = new Recorder();
        await using var calls = new ObservedCalls();
        calls.Fixture.Options.UnknownMethodHandler = (_, _, _) => throw new RpcException(new Status(StatusCode.Aborted, ""));
        _ = await calls.StartAsync((r, _) => Task.FromResult(r));
        var unknown = ServerFixture.Method(MethodType.Unary, "Missing");
        _ = await ClientTestBase.FailsAsync(calls.Invoker.AsyncUnaryCall(unknown, null, default, "x").ResponseAsync, StatusCode.Aborted);

        var measured = await recorder.TakeAsync(9);
        Assert.Equal(4, measured.Count(text => text.Contains("grpc.server", StringComparison.Ordinal) && text.Contains("grpc.method=other", StringComparison.Ordinal)));
        Assert.Equal(5, measured.Count(text => text.Contains("grpc.client", StringComparison.Ordinal) && text.Contains("grpc.method=test.Svc/Missing", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_call_that_never_gets_a_connection_is_an_attempt()
    {
        using var recorder = new Recorder();
        await using var closed = new ScriptedServer();
        await closed.DisposeAsync();
        using var channel = Peregrine.Client.GrpcChannel.ForAddress(closed.Address);
        _ = await ClientTestBase.FailsAsync(ClientTestBase.CallUnary(channel).ResponseAsync, StatusCode.Unavailable);

        var measured = await recorder.TakeAsync(5);
        Assert.Equal(4, measured.Count(text => text.EndsWith("grpc.status=UNAVAILABLE", StringComparison.Ordinal)));
    }

    [Fact]
    public void Instruments_have_the_units_and_buckets_of_A66()
    {
        using var recorder = new Recorder();
        Assert.Equal(9, recorder.Instruments.Count);
        foreach (var instrument in recorder.Instruments)
        {
            switch (instrument)
            {
                case Histogram<double> latency:
                    Assert.Equal("s", latency.Unit);
                    Assert.EndsWith(".duration", latency.Name, StringComparison.Ordinal);
                    Assert.Equal([0, 0.00001, 0.00005, 0.0001], latency.Advice!.HistogramBucketBoundaries!.Take(4));
                    Assert.Equal(41, latency.Advice.HistogramBucketBoundaries!.Count);
                    Assert.Equal(100, latency.Advice.HistogramBucketBoundaries[^1]);
                    break;
                case Histogram<long> size:
                    Assert.Equal("By", size.Unit);
                    Assert.Equal(
                        [0, 1024, 2048, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864, 268435456, 1073741824, 4294967296],
                        size.Advice!.HistogramBucketBoundaries!);
                    break;
                default:
                    Assert.Equal(instrument.Name.Contains("attempt", StringComparison.Ordinal) ? "{attempt}" : "{call}", instrument.Unit);
                    break;
            }
        }
    }

    /// <summary>Listens to every instrument, and keeps what was measured as text.</summary>
    private sealed class Recorder : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentQueue<string> _measured = new();
        private readonly SemaphoreSlim _count = new(0);

        public Recorder()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == PeregrineDiagnostics.MeterName)
                {
                    Instruments.Add(instrument);
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.Start();
            _ = RpcMetrics.IsClientEnabled;
        }

        public List<Instrument> Instruments { get; } = [];

        public async Task<string[]> TakeAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                Assert.True(await _count.WaitAsync(Patience), $"only {string.Join('\n', _measured)}");
            }

            return [.. _measured.Order(StringComparer.Ordinal)];
        }

        public void Dispose()
        {
            _listener.Dispose();
            _count.Dispose();
        }

        private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var text = FormattableString.Invariant($"{instrument.Name} {value}");
            foreach (var tag in tags)
            {
                text += $" {tag.Key}={tag.Value}";
            }

            _measured.Enqueue(text);
            _ = _count.Release();
        }
    }
}
