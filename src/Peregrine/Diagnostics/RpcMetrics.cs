// SPDX-License-Identifier: Apache-2.0
using System;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Peregrine.Diagnostics;

/// <summary>The instruments of gRFC A66, with its names, units, labels and bucket boundaries. An instrument that nobody listens to costs nothing.</summary>
internal static class RpcMetrics
{
    private const string MethodLabel = "grpc.method";
    private const string TargetLabel = "grpc.target";
    private const string StatusLabel = "grpc.status";

    private static readonly Meter Meter = new(PeregrineDiagnostics.MeterName, PeregrineDiagnostics.Version);

    private static readonly InstrumentAdvice<double> LatencyBuckets = new()
    {
        HistogramBucketBoundaries =
        [
            0, 0.00001, 0.00005, 0.0001, 0.0003, 0.0006, 0.0008, 0.001, 0.002, 0.003, 0.004, 0.005, 0.006, 0.008, 0.01, 0.013, 0.016, 0.02,
            0.025, 0.03, 0.04, 0.05, 0.065, 0.08, 0.1, 0.13, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5, 0.65, 0.8, 1, 2, 5, 10, 20, 50, 100,
        ],
    };

    private static readonly InstrumentAdvice<long> SizeBuckets = new()
    {
        HistogramBucketBoundaries =
        [
            0, 1 << 10, 2 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20, 16 << 20, 64 << 20, 256 << 20, 1L << 30, 4L << 30,
        ],
    };

    private static readonly Counter<long> ClientAttempts = Meter.CreateCounter<long>(
        "grpc.client.attempt.started", "{attempt}", "Attempts of calls that were started, also those that have not ended.");

    private static readonly Histogram<double> ClientAttemptDuration = Latency(
        "grpc.client.attempt.duration", "Time of an attempt, the wait for a connection included.");

    private static readonly Histogram<long> ClientAttemptSent = Size(
        "grpc.client.attempt.sent_total_compressed_message_size", "Bytes of the request messages of an attempt, compressed, without framing.");

    private static readonly Histogram<long> ClientAttemptReceived = Size(
        "grpc.client.attempt.rcvd_total_compressed_message_size", "Bytes of the response messages of an attempt, compressed, without framing.");

    private static readonly Histogram<double> ClientCallDuration = Latency(
        "grpc.client.call.duration", "Time of a call as its caller sees it, with all its attempts.");

    private static readonly Counter<long> ServerCalls = Meter.CreateCounter<long>(
        "grpc.server.call.started", "{call}", "Calls that were started, also those that have not ended.");

    private static readonly Histogram<long> ServerCallSent = Size(
        "grpc.server.call.sent_total_compressed_message_size", "Bytes of the response messages of a call, compressed, without framing.");

    private static readonly Histogram<long> ServerCallReceived = Size(
        "grpc.server.call.rcvd_total_compressed_message_size", "Bytes of the request messages of a call, compressed, without framing.");

    private static readonly Histogram<double> ServerCallDuration = Latency(
        "grpc.server.call.duration", "Time of a call from its headers to its end.");

    /// <summary>Whether anybody listens to an instrument of clients.</summary>
    public static bool IsClientEnabled =>
        ClientCallDuration.Enabled || ClientAttempts.Enabled || ClientAttemptDuration.Enabled || ClientAttemptSent.Enabled || ClientAttemptReceived.Enabled;

    /// <summary>Whether anybody listens to an instrument of servers.</summary>
    public static bool IsServerEnabled =>
        ServerCallDuration.Enabled || ServerCalls.Enabled || ServerCallSent.Enabled || ServerCallReceived.Enabled;

    public static void AttemptStarted(ClientCallTrace call) => ClientAttempts.Add(
        1, new TagList { { MethodLabel, call.Method.Metric }, { TargetLabel, call.Tracer.Target } });

    public static void AttemptEnded(ClientCallTrace call, StatusCode code, TimeSpan elapsed, long sent, long received)
    {
        var labels = ClientLabels(call, code);
        ClientAttemptDuration.Record(elapsed.TotalSeconds, labels);
        ClientAttemptSent.Record(sent, labels);
        ClientAttemptReceived.Record(received, labels);
    }

    public static void ClientCallEnded(ClientCallTrace call, StatusCode code, TimeSpan elapsed) =>
        ClientCallDuration.Record(elapsed.TotalSeconds, ClientLabels(call, code));

    public static void ServerCallStarted(RpcMethodName method) => ServerCalls.Add(1, new TagList { { MethodLabel, method.Metric } });

    public static void ServerCallEnded(RpcMethodName method, StatusCode code, TimeSpan elapsed, long sent, long received)
    {
        var labels = new TagList { { MethodLabel, method.Metric }, { StatusLabel, StatusCodeNames.Of(code) } };
        ServerCallDuration.Record(elapsed.TotalSeconds, labels);
        ServerCallSent.Record(sent, labels);
        ServerCallReceived.Record(received, labels);
    }

    private static TagList ClientLabels(ClientCallTrace call, StatusCode code) => new()
    {
        { MethodLabel, call.Method.Metric }, { TargetLabel, call.Tracer.Target }, { StatusLabel, StatusCodeNames.Of(code) },
    };

    private static Histogram<double> Latency(string name, string description) =>
        Meter.CreateHistogram(name, "s", description, tags: null, LatencyBuckets);

    private static Histogram<long> Size(string name, string description) =>
        Meter.CreateHistogram(name, "By", description, tags: null, SizeBuckets);
}
