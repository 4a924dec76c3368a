// SPDX-License-Identifier: Apache-2.0
using Peregrine.Client;
using Peregrine.Services.HealthCheck;
using Peregrine.Testing;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Peregrine.Services.Tests;

/// <summary>Channels that watch their server's health (gRFC A17), against the health service.</summary>
public sealed class HealthCheckedChannelTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly Method<string, string> Echo = new(
        MethodType.Unary, "a.A", "Echo", Marshallers.StringMarshaller, Marshallers.StringMarshaller);

    private static readonly ServerServiceDefinition Service = ServerServiceDefinition.CreateBuilder()
        .AddMethod(Echo, (UnaryServerMethod<string, string>)((request, _) => Task.FromResult(request)))
        .Build();

    [Fact]
    public async Task A_server_that_serves_makes_the_channel_ready()
    {
        await using InMemoryServer server = Start("a.A", out HealthServiceImpl health);
        health.SetStatus("a.A", ServingStatus.Serving);
        await server.Channel.ConnectAsync().WaitAsync(Patience);
        Assert.Equal(ConnectivityState.Ready, server.Channel.State);
        Assert.Equal("hi", await CallAsync(server.Channel));
    }

    [Theory]
    [InlineData(ServingStatus.NotServing, "NOT_SERVING")]
    [InlineData(ServingStatus.Unknown, "UNKNOWN")]
    [InlineData(null, "SERVICE_UNKNOWN")]
    public async Task Calls_fail_with_what_the_server_says_until_it_serves(ServingStatus? status, string name)
    {
        await using InMemoryServer server = Start("a.A", out HealthServiceImpl health);
        if (status is { } said)
        {
            health.SetStatus("a.A", said);
        }

        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => CallAsync(server.Channel));
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Equal($"The server says that 'a.A' is {name} (health checking).", failure.Status.Detail);
        Assert.Equal(ConnectivityState.TransientFailure, server.Channel.State);

        Task<string> waiting = CallAsync(server.Channel, new CallOptions().WithWaitForReady());
        Assert.False(waiting.IsCompleted);
        health.SetStatus("a.A", ServingStatus.Serving);
        Assert.Equal("hi", await waiting);
        Assert.Equal(ConnectivityState.Ready, server.Channel.State);
    }

    [Fact]
    public async Task The_state_follows_the_health_back_and_forth_on_one_connection()
    {
        await using InMemoryServer server = Start("", out HealthServiceImpl health);
        await server.Channel.ConnectAsync().WaitAsync(Patience);
        for (int i = 0; i < 3; i++)
        {
            health.SetStatus("", ServingStatus.NotServing);
            await server.Channel.WaitForStateChangedAsync(ConnectivityState.Ready).WaitAsync(Patience);
            Assert.Equal(ConnectivityState.TransientFailure, server.Channel.State);
            health.SetStatus("", ServingStatus.Serving);
            await server.Channel.WaitForStateChangedAsync(ConnectivityState.TransientFailure).WaitAsync(Patience);
            Assert.Equal(ConnectivityState.Ready, server.Channel.State);
        }

        Assert.Equal("hi", await CallAsync(server.Channel));
    }

    [Fact]
    public async Task A_server_without_the_health_service_counts_as_healthy()
    {
        InMemoryServerOptions options = new() { Channel = { HealthCheckServiceName = "a.A" } };
        await using InMemoryServer server = InMemoryServer.Start(options, Service);
        Assert.Equal("hi", await CallAsync(server.Channel));
    }

    [Fact]
    public async Task A_watch_does_not_keep_an_idle_channel_connected()
    {
        ManualTimeProvider time = new();
        await using InMemoryServer server = Start("", out _, options =>
        {
            options.TimeProvider = time;
            options.Channel.IdleTimeout = TimeSpan.FromMinutes(5);
        });
        Assert.Equal("hi", await CallAsync(server.Channel));
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(ConnectivityState.Idle, server.Channel.State);
        Assert.Equal("hi", await CallAsync(server.Channel));
    }

    [Fact]
    public async Task A_graceful_stop_of_the_server_does_not_wait_for_the_watch()
    {
        await using InMemoryServer server = Start("", out _);
        await server.Channel.ConnectAsync().WaitAsync(Patience);
        await server.Server.ShutdownAsync().WaitAsync(Patience);
        Assert.NotEqual(ConnectivityState.Ready, server.Channel.State);
    }

    [Fact]
    public async Task The_watch_carries_the_channels_call_credentials_and_without_them_says_why_it_fails()
    {
        await using InMemoryServer server = Start("", out _, options => options.Server.Authorization = context =>
            ValueTask.FromResult(context.RequestHeaders.GetValue("authorization") is null
                ? AuthorizationResult.Unauthenticated("who are you?")
                : AuthorizationResult.Allowed));
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => CallAsync(server.Channel));
        Assert.Equal(
            "The health of the server is not known: /grpc.health.v1.Health/Watch ended with Unauthenticated: who are you?", failure.Status.Detail);

        GrpcChannel known = server.CreateChannel(new GrpcChannelOptions
        {
            HealthCheckServiceName = "",
            Credentials = ChannelCredentials.Create(ChannelCredentials.Insecure, CallCredentials.FromToken("good")),
        });
        Assert.Equal("hi", await CallAsync(known));
    }

    private static InMemoryServer Start(string watched, out HealthServiceImpl health, Action<InMemoryServerOptions>? configure = null)
    {
        InMemoryServerOptions options = new() { Channel = { HealthCheckServiceName = watched } };
        configure?.Invoke(options);
        InMemoryServer server = InMemoryServer.Start(options, Service);
        health = server.Server.AddHealthService();
        return server;
    }

    private static Task<string> CallAsync(GrpcChannel channel, CallOptions options = default) =>
        channel.CreateCallInvoker().AsyncUnaryCall(Echo, null, options, "hi").ResponseAsync.WaitAsync(Patience);
}
