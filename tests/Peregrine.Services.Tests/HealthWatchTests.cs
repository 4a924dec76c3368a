// SPDX-License-Identifier: Apache-2.0
using Grpc.Health.V1;
using Peregrine.Client;
using Peregrine.Services.HealthCheck;
using Peregrine.Testing;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Peregrine.Services.Tests;

/// <summary>Watch of grpc.health.v1.</summary>
public sealed class HealthWatchTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_watch_begins_with_the_status_now_and_goes_on_with_changes_alone()
    {
        await using InMemoryServer server = InMemoryServer.Start();
        HealthServiceImpl health = server.Server.AddHealthService();
        health.SetStatus("a.A", ServingStatus.Serving);
        using AsyncServerStreamingCall<HealthCheckResponse> watch = Watch(server.Channel, "a.A");
        Assert.Equal(ServingStatus.Serving, await Next(watch));
        health.SetStatus("a.A", ServingStatus.Serving);
        health.SetStatus("another", ServingStatus.NotServing);
        health.SetStatus("a.A", ServingStatus.NotServing);
        Assert.Equal(ServingStatus.NotServing, await Next(watch));
        health.ClearStatus("a.A");
        Assert.Equal(ServingStatus.ServiceUnknown, await Next(watch));
    }

    [Fact]
    public async Task An_unknown_service_is_SERVICE_UNKNOWN_until_it_is_there()
    {
        await using InMemoryServer server = InMemoryServer.Start();
        HealthServiceImpl health = server.Server.AddHealthService();
        using AsyncServerStreamingCall<HealthCheckResponse> watch = Watch(server.Channel, "late.Service");
        Assert.Equal(ServingStatus.ServiceUnknown, await Next(watch));
        health.SetStatus("late.Service", ServingStatus.Serving);
        Assert.Equal(ServingStatus.Serving, await Next(watch));
    }

    [Fact]
    public async Task All_who_watch_are_told()
    {
        await using InMemoryServer server = InMemoryServer.Start();
        HealthServiceImpl health = server.Server.AddHealthService();
        using AsyncServerStreamingCall<HealthCheckResponse> one = Watch(server.Channel, "");
        using AsyncServerStreamingCall<HealthCheckResponse> two = Watch(server.CreateChannel(), "");
        Assert.Equal(ServingStatus.Serving, await Next(one));
        Assert.Equal(ServingStatus.Serving, await Next(two));
        health.SetStatus("", ServingStatus.NotServing);
        Assert.Equal(ServingStatus.NotServing, await Next(one));
        Assert.Equal(ServingStatus.NotServing, await Next(two));
    }

    [Fact]
    public async Task A_slow_watcher_gets_the_latest_status_and_nothing_from_in_between()
    {
        using HealthWatch watch = new(new HealthServiceImpl(), "a.A");
        Assert.Equal(ServingStatus.ServiceUnknown, await watch.NextWrite());

        // While the first write is stuck, the status changes many times.
        for (int i = 0; i < 1000; i++)
        {
            watch.Health.SetStatus("a.A", i % 2 == 0 ? ServingStatus.Serving : ServingStatus.NotServing);
        }

        watch.Finish();
        Assert.Equal(ServingStatus.NotServing, await watch.NextWrite());
        watch.Health.SetStatus("a.A", ServingStatus.Serving);
        watch.Finish();
        Assert.Equal(ServingStatus.Serving, await watch.NextWrite());
        await watch.EndAsync();
    }

    [Fact]
    public async Task A_change_and_back_while_a_watcher_is_slow_is_no_change()
    {
        using HealthWatch watch = new(new HealthServiceImpl(), "");
        Assert.Equal(ServingStatus.Serving, await watch.NextWrite());
        watch.Health.SetStatus("", ServingStatus.NotServing);
        watch.Health.SetStatus("", ServingStatus.Serving);
        watch.Finish();
        watch.Health.ClearStatus("");
        Assert.Equal(ServingStatus.ServiceUnknown, await watch.NextWrite());
        await watch.EndAsync();
    }

    [Fact]
    public async Task A_cancelled_watch_leaves()
    {
        using HealthWatch watch = new(new HealthServiceImpl(), "chosen.by.the.client");
        Assert.Equal(ServingStatus.ServiceUnknown, await watch.NextWrite());
        watch.Finish();
        await watch.EndAsync();
        watch.Health.SetStatus("chosen.by.the.client", ServingStatus.Serving);
        Assert.Equal(1, watch.Writes);
    }

    [Fact]
    public async Task A_server_that_stops_tells_NOT_SERVING_and_waits_for_no_watcher()
    {
        await using InMemoryServer server = InMemoryServer.Start();
        HealthServiceImpl health = server.Server.AddHealthService();
        health.SetStatus("a.A", ServingStatus.Serving);
        using AsyncServerStreamingCall<HealthCheckResponse> known = Watch(server.Channel, "a.A");
        using AsyncServerStreamingCall<HealthCheckResponse> unknown = Watch(server.Channel, "no.Such");
        Assert.Equal(ServingStatus.Serving, await Next(known));
        Assert.Equal(ServingStatus.ServiceUnknown, await Next(unknown));
        Task stopped = server.Server.ShutdownAsync();
        Assert.Equal(ServingStatus.NotServing, await Next(known));
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => Next(known))).StatusCode);
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => Next(unknown))).StatusCode);
        await stopped.WaitAsync(Patience);
        health.SetStatus("a.A", ServingStatus.Serving);
        Assert.Equal(ServingStatus.NotServing, (await health.Check(new HealthCheckRequest { Service = "a.A" }, TestServerCallContext.Create())).Status);
    }

    private static AsyncServerStreamingCall<HealthCheckResponse> Watch(GrpcChannel channel, string service) =>
        new Health.HealthClient(channel).Watch(new HealthCheckRequest { Service = service });

    private static async Task<ServingStatus> Next(AsyncServerStreamingCall<HealthCheckResponse> watch)
    {
        Assert.True(await watch.ResponseStream.MoveNext().WaitAsync(Patience));
        return watch.ResponseStream.Current.Status;
    }

    /// <summary>A call of Watch whose writes are the test's to finish.</summary>
    private sealed class HealthWatch : IServerStreamWriter<HealthCheckResponse>, IDisposable
    {
        private readonly System.Threading.Channels.Channel<ServingStatus> _begun = System.Threading.Channels.Channel.CreateUnbounded<ServingStatus>();
        private readonly SemaphoreSlim _finish = new(0);
        private readonly CancellationTokenSource _cancelled = new();
        private readonly Task _call;

        public HealthWatch(HealthServiceImpl health, string service)
        {
            Health = health;
            _call = health.Watch(
                new HealthCheckRequest { Service = service }, this, TestServerCallContext.Create(cancellationToken: _cancelled.Token));
        }

        public HealthServiceImpl Health { get; }

        public int Writes { get; private set; }

        public WriteOptions? WriteOptions { get; set; }

        public async Task WriteAsync(HealthCheckResponse message)
        {
            Writes++;
            await _begun.Writer.WriteAsync(message.Status);
            Assert.True(await _finish.WaitAsync(Patience));
        }

        public async Task<ServingStatus> NextWrite() => await _begun.Reader.ReadAsync().AsTask().WaitAsync(Patience);

        public void Dispose()
        {
            _finish.Dispose();
            _cancelled.Dispose();
        }

        public void Finish() => _finish.Release();

        public async Task EndAsync()
        {
            await _cancelled.CancelAsync();
            Finish();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _call.WaitAsync(Patience));
        }
    }
}
