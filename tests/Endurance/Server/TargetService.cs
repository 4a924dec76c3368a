// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Endurance.Protocol;
using Peregrine;
using Peregrine.Protobuf;

namespace Endurance.Server;

/// <summary>The service of the endurance programs.</summary>
internal sealed class TargetService(ServerStatistics statistics) : Target.TargetBase
{
    private long _handlers;
    private long _measures;

    public override Task<Blob> Echo(Blob request, ServerCallContext context) => Task.FromResult(request);

    public override async Task<Total> Collect(IAsyncStreamReader<Blob> requestStream, ServerCallContext context)
    {
        using Running running = new(this);
        Total total = new();
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            total.Messages++;
            total.Octets += requestStream.Current.Data.Length;
        }

        return total;
    }

    public override async Task Expand(Expansion request, IServerStreamWriter<Blob> responseStream, ServerCallContext context)
    {
        using Running running = new(this);
        Blob blob = new() { Data = ByteString.CopyFrom(new byte[request.OctetsEach]) };
        for (int i = 0; i < request.Messages; i++)
        {
            await responseStream.WriteAsync(blob, context.CancellationToken);
        }
    }

    public override async Task Chat(IAsyncStreamReader<Blob> requestStream, IServerStreamWriter<Blob> responseStream, ServerCallContext context)
    {
        using Running running = new(this);
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            await responseStream.WriteAsync(requestStream.Current, context.CancellationToken);
        }
    }

    public override async Task Wait(Blob request, IServerStreamWriter<Blob> responseStream, ServerCallContext context)
    {
        using Running running = new(this);
        TaskCompletionSource cancelled = new();
        using CancellationTokenRegistration registration = context.CancellationToken.Register(cancelled.SetResult);
        await cancelled.Task;
    }

    public override async Task<Measurement> Measure(MeasureRequest request, ServerCallContext context)
    {
        await Task.Yield();
        for (int i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        using Process self = Process.GetCurrentProcess();
        Measurement measurement = new()
        {
            ResidentOctets = self.WorkingSet64,
            ManagedOctets = GC.GetTotalMemory(forceFullCollection: false),
            Threads = self.Threads.Count,
            Descriptors = Directory.GetFiles("/proc/self/fd").Length,
            CallsStarted = statistics.CallsStarted - 1,
            Handlers = Interlocked.Read(ref _handlers),
            Measures = Interlocked.Increment(ref _measures) - 1,
        };
        foreach (StatusCode code in Enum.GetValues<StatusCode>())
        {
            measurement.CallsEnded[(int)code] = statistics.CallsEnded(code);
        }

        return measurement;
    }

    private readonly struct Running : IDisposable
    {
        private readonly TargetService _service;

        public Running(TargetService service)
        {
            _service = service;
            Interlocked.Increment(ref service._handlers);
        }

        public void Dispose() => Interlocked.Decrement(ref _service._handlers);
    }
}
