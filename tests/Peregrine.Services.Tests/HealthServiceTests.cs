// SPDX-License-Identifier: Apache-2.0
using Grpc.Health.V1;
using Peregrine.Services.HealthCheck;
using Peregrine.Testing;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Peregrine.Services.Tests;

/// <summary>Check and List of grpc.health.v1.</summary>
public sealed class HealthServiceTests
{
    [Fact]
    public async Task The_server_as_a_whole_serves_until_somebody_says_otherwise()
    {
        await using InMemoryServer server = InMemoryServer.Start();
        HealthServiceImpl health = server.Server.AddHealthService();
        Health.HealthClient client = new(server.Channel);
        Assert.Equal(ServingStatus.Serving, (await client.CheckAsync(new HealthCheckRequest())).Status);
        health.SetStatus("", ServingStatus.NotServing);
        Assert.Equal(ServingStatus.NotServing, (await client.CheckAsync(new HealthCheckRequest())).Status);
    }

    [Fact]
    public async Task Each_service_has_a_status_of_its_own()
    {
        await using InMemoryServer server = InMemoryServer.Start();
        HealthServiceImpl health = server.Server.AddHealthService();
        Health.HealthClient client = new(server.Channel);
        health.SetStatus("a.A", ServingStatus.Serving);
        health.SetStatus("a.B", ServingStatus.NotServing);
        Assert.Equal(ServingStatus.Serving, (await client.CheckAsync(new HealthCheckRequest { Service = "a.A" })).Status);
        Assert.Equal(ServingStatus.NotServing, (await client.CheckAsync(new HealthCheckRequest { Service = "a.B" })).Status);
        HealthListResponse list = await client.ListAsync(new HealthListRequest());
        Assert.Equal(
            [("", ServingStatus.Serving), ("a.A", ServingStatus.Serving), ("a.B", ServingStatus.NotServing)],
            list.Statuses.Select(pair => (pair.Key, pair.Value.Status)).Order());
    }

    [Fact]
    public async Task An_unknown_service_is_NOT_FOUND_and_named()
    {
        await using InMemoryServer server = InMemoryServer.Start();
        server.Server.AddHealthService();
        RpcException failure = await Failure(server, "no.Such");
        Assert.Equal(StatusCode.NotFound, failure.StatusCode);
        Assert.Contains("no.Such", failure.Status.Detail);
    }

    [Fact]
    public async Task A_cleared_service_is_unknown_again()
    {
        await using InMemoryServer server = InMemoryServer.Start();
        HealthServiceImpl health = server.Server.AddHealthService();
        health.SetStatus("a.A", ServingStatus.Serving);
        health.SetStatus("a.B", ServingStatus.Serving);
        health.ClearStatus("a.A");
        health.ClearStatus("never.Known");
        Assert.Equal(StatusCode.NotFound, (await Failure(server, "a.A")).StatusCode);
        health.ClearAll();
        Assert.Equal(StatusCode.NotFound, (await Failure(server, "a.B")).StatusCode);
        Assert.Equal(StatusCode.NotFound, (await Failure(server, "")).StatusCode);
    }

    [Fact]
    public async Task List_gives_a_hundred_services_and_refuses_more()
    {
        HealthServiceImpl health = new();
        for (int i = 1; i < 100; i++)
        {
            health.SetStatus($"s{i}", ServingStatus.Serving);
        }

        Assert.Equal(100, (await health.List(new HealthListRequest(), TestServerCallContext.Create())).Statuses.Count);
        health.SetStatus("one more", ServingStatus.Serving);
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => health.List(new HealthListRequest(), TestServerCallContext.Create()));
        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
    }

    [Fact]
    public async Task Between_shutdown_and_resume_nothing_serves_and_statuses_are_not_taken()
    {
        HealthServiceImpl health = new();
        health.SetStatus("a.A", ServingStatus.Serving);
        health.Shutdown();
        health.SetStatus("a.A", ServingStatus.Serving);
        Assert.Equal(ServingStatus.NotServing, await Checked(health, "a.A"));
        Assert.Equal(ServingStatus.NotServing, await Checked(health, ""));
        health.Resume();
        Assert.Equal(ServingStatus.Serving, await Checked(health, "a.A"));
        health.SetStatus("a.A", ServingStatus.NotServing);
        Assert.Equal(ServingStatus.NotServing, await Checked(health, "a.A"));
    }

    [Fact]
    public void Check_and_List_answer_on_the_thread_that_calls_them()
    {
        HealthServiceImpl health = new();
        Assert.True(health.Check(new HealthCheckRequest(), TestServerCallContext.Create()).IsCompletedSuccessfully);
        Assert.True(health.List(new HealthListRequest(), TestServerCallContext.Create()).IsCompletedSuccessfully);
    }

    private static async Task<ServingStatus> Checked(HealthServiceImpl health, string service) =>
        (await health.Check(new HealthCheckRequest { Service = service }, TestServerCallContext.Create())).Status;

    private static Task<RpcException> Failure(InMemoryServer server, string service) => Assert.ThrowsAsync<RpcException>(
        () => new Health.HealthClient(server.Channel).CheckAsync(new HealthCheckRequest { Service = service }).ResponseAsync);
}
