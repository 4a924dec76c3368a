// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using GrpcStudy;
using Peregrine.Otlp.Tests.Protos;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Peregrine.Client;
using Peregrine.Diagnostics;

namespace Peregrine.Otlp.Tests;

/// <summary>One call, seen by OpenTelemetry's own SDK and sent by its own exporter to a collector on a server of ours.</summary>
public class OtlpExportTests
{
    private const string Method = "SayHello/SayHello";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_call_arrives_at_a_collector_as_one_trace_with_its_metrics()
    {
        await using var collector = await new Collector().StartAsync(PeregrineDiagnostics.ActivitySourceName);
        void Exporter(OtlpExporterOptions options)
        {
            options.Endpoint = collector.Address;
            options.Protocol = OtlpExportProtocol.Grpc;
        }

        using var traces = Sdk.CreateTracerProviderBuilder()
            .AddSource(PeregrineDiagnostics.ActivitySourceName).AddSource("caller").AddOtlpExporter(Exporter).Build();
        using var metrics = Sdk.CreateMeterProviderBuilder().AddMeter(PeregrineDiagnostics.MeterName).AddOtlpExporter(Exporter).Build();

        // Added after the SDK's listener, and so told after it: when the server's activity has come here, the exporter has it.
        var served = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == PeregrineDiagnostics.ActivitySourceName,
            ActivityStopped = activity =>
            {
                if (activity.Kind == ActivityKind.Server && activity.OperationName == Method)
                {
                    served.TrySetResult();
                }
            },
        };
        ActivitySource.AddActivityListener(listener);

        await using var server = new GrpcServer();
        _ = server.AddService(SayHello.BindService(new Greeter()));
        var port = await server.ListenAsync("127.0.0.1:0", ServerCredentials.Insecure);
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        using var source = new ActivitySource("caller");
        string traceId;
        string callerId;
        using (var caller = source.StartActivity("caller"))
        {
            traceId = caller!.TraceId.ToHexString();
            callerId = caller.SpanId.ToHexString();
            var answer = await new SayHello.SayHelloClient(channel).SayHelloAsync(new HelloReq { MessageName = "falcon" }).ResponseAsync.WaitAsync(Patience);
            Assert.Equal("Hello falcon", answer.ResMessage);
        }

        await served.Task.WaitAsync(Patience);
        Assert.True(traces.ForceFlush((int)Patience.TotalMilliseconds));
        Assert.True(metrics.ForceFlush((int)Patience.TotalMilliseconds));

        // The collector's own calls are observed, too: it runs in this process.
        var spans = collector.Spans.Where(span => span.Name == Method).ToArray();
        var client = Assert.Single(spans, span => span.Kind == Span.Types.SpanKind.Client);
        var serverSpan = Assert.Single(spans, span => span.Kind == Span.Types.SpanKind.Server);
        Assert.Equal(traceId, Hex(client.TraceId));
        Assert.Equal(callerId, Hex(client.ParentSpanId));
        Assert.Equal(traceId, Hex(serverSpan.TraceId));
        Assert.Equal(client.SpanId, serverSpan.ParentSpanId);
        Assert.InRange(client.EndTimeUnixNano, client.StartTimeUnixNano, ulong.MaxValue);
        Assert.Equal("grpc", Text(client.Attributes, "rpc.system.name"));
        Assert.Equal(Method, Text(client.Attributes, "rpc.method"));
        Assert.Equal("OK", Text(serverSpan.Attributes, "rpc.status_code"));
        Assert.Equal(port, Assert.Single(client.Attributes, one => one.Key == "server.port").Value!.IntValue);

        var started = Assert.Single(collector.Metrics["grpc.client.attempt.started"].Sum!.DataPoints, one => Text(one.Attributes, "grpc.method") == Method);
        Assert.Equal(1, started.AsInt);
        Assert.Equal($"dns:///127.0.0.1:{port}", Text(started.Attributes, "grpc.target"));
        foreach (var (name, boundaries) in ((string, int)[])
        [
            ("grpc.client.attempt.duration", 41),
            ("grpc.client.attempt.sent_total_compressed_message_size", 14),
            ("grpc.client.attempt.rcvd_total_compressed_message_size", 14),
            ("grpc.client.call.duration", 41),
            ("grpc.server.call.sent_total_compressed_message_size", 14),
            ("grpc.server.call.rcvd_total_compressed_message_size", 14),
            ("grpc.server.call.duration", 41),
        ])
        {
            var point = Assert.Single(collector.Metrics[name].Histogram!.DataPoints, one => Text(one.Attributes, "grpc.method") == Method);
            Assert.Equal("OK", Text(point.Attributes, "grpc.status"));
            Assert.Equal(1ul, point.Count);
            Assert.Equal(boundaries, point.ExplicitBounds.Count);
        }
    }

    private static string Hex(Peregrine.Protobuf.ByteString id) => Convert.ToHexStringLower(id.Span);

    private static string Text(IEnumerable<KeyValue> attributes, string key) => Assert.Single(attributes, one => one.Key == key).Value!.StringValue;

    private sealed class Greeter : SayHello.SayHelloBase
    {
        public override Task<HelloRes> SayHello(HelloReq request, ServerCallContext context) =>
            Task.FromResult(new HelloRes { ResMessage = $"Hello {request.MessageName}" });
    }
}
