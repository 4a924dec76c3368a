// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Peregrine.Otlp.Tests.Protos;

namespace Peregrine.Otlp.Tests;

/// <summary>An OpenTelemetry collector on a server of ours: keeps the spans and metrics of one instrumentation scope.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly GrpcServer _server = new();

    public ConcurrentQueue<Span> Spans { get; } = new();

    public ConcurrentDictionary<string, Metric> Metrics { get; } = new();

    public Uri Address { get; private set; } = null!;

    public async Task<Collector> StartAsync(string scope)
    {
        _ = _server.AddService(TraceService.BindService(new Traces(this, scope))).AddService(MetricsService.BindService(new Measurements(this, scope)));
        Address = new Uri($"http://127.0.0.1:{await _server.ListenAsync("127.0.0.1:0", ServerCredentials.Insecure)}");
        return this;
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private sealed class Traces(Collector owner, string scope) : TraceService.TraceServiceBase
    {
        public override Task<ExportTraceServiceResponse> Export(ExportTraceServiceRequest request, ServerCallContext context)
        {
            foreach (var span in request.ResourceSpans.SelectMany(r => r.ScopeSpans).Where(s => s.Scope?.Name == scope).SelectMany(s => s.Spans))
            {
                owner.Spans.Enqueue(span);
            }

            return Task.FromResult(new ExportTraceServiceResponse());
        }
    }

    private sealed class Measurements(Collector owner, string scope) : MetricsService.MetricsServiceBase
    {
        public override Task<ExportMetricsServiceResponse> Export(ExportMetricsServiceRequest request, ServerCallContext context)
        {
            foreach (var metric in request.ResourceMetrics.SelectMany(r => r.ScopeMetrics).Where(s => s.Scope?.Name == scope).SelectMany(s => s.Metrics))
            {
                owner.Metrics[metric.Name] = metric;
            }

            return Task.FromResult(new ExportMetricsServiceResponse());
        }
    }
}
