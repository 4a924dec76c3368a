// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Tests.Serving;

/// <summary>Connections that a server ends by itself: idle, aged, or pinged too often.</summary>
public class ConnectionLifetimeTests
{
    private static readonly TimeSpan Patience = RawClient.Patience;

    [Fact]
    public async Task A_connection_without_calls_is_ended_gracefully_after_its_idle_time()
    {
        var time = new ManualTime();
        await using var server = await StartAsync(time, options => options.MaxConnectionIdle = TimeSpan.FromMinutes(1));
        var client = server.Connect();
        var call = await OpenAsync(client);
        call.SendText("c", endStream: true);
        Assert.Equal("c", await call.NextTextAsync());
        Assert.Equal(StatusCode.OK, await call.StatusAsync());
        Assert.True(SpinWait.SpinUntil(() => server.Server.Statistics.CallsEndedTotal == 1, Patience));
        time.Advance(TimeSpan.FromMinutes(2));
        await client.Closed.WaitAsync(Patience);
    }

    [Fact]
    public async Task Limits_beyond_what_a_timer_can_wait_for_are_limits_like_any_other()
    {
        var fixture = new ServerFixture().Unary((r, _) => Task.FromResult(r));
        fixture.Options.MaxConnectionIdle = TimeSpan.FromDays(60);
        fixture.Options.MaxConnectionAge = TimeSpan.MaxValue;
        fixture.Options.MaxConnectionAgeGrace = TimeSpan.FromDays(60);
        await using var server = await fixture.StartAsync();
        Assert.Equal(StatusCode.OK, await server.Connect().Unary("/test.Svc/Unary", "").StatusAsync());
    }

    [Fact]
    public async Task An_age_of_sixty_days_is_waited_for_in_parts()
    {
        var time = new ManualTime();
        await using var server = await StartAsync(time, options => options.MaxConnectionAge = TimeSpan.FromDays(60));
        var client = server.Connect();
        var call = await OpenAsync(client);
        time.Advance(TimeSpan.FromDays(50));
        call.SendText("c");
        Assert.Equal("c", await call.NextTextAsync());
        Assert.False(client.GoAway.IsCompleted);
        time.Advance(TimeSpan.FromDays(17));
        await client.GoAway;
    }

    [Fact]
    public async Task A_running_call_keeps_an_idle_limit_away_and_outlives_the_age_of_its_connection()
    {
        var time = new ManualTime();
        await using var server = await StartAsync(time, options =>
        {
            options.MaxConnectionIdle = TimeSpan.FromMinutes(1);
            options.MaxConnectionAge = TimeSpan.FromMinutes(10);
        });
        var client = server.Connect();
        var call = await OpenAsync(client);
        time.Advance(TimeSpan.FromMinutes(12));
        await client.GoAway;
        call.SendText("c", endStream: true);
        Assert.Equal("c", await call.NextTextAsync());
        Assert.Equal(StatusCode.OK, await call.StatusAsync());
        await client.Closed.WaitAsync(Patience);
    }

    [Fact]
    public async Task Calls_that_outlast_the_grace_are_cancelled()
    {
        var time = new ManualTime();
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await StartAsync(
            time,
            options =>
            {
                options.MaxConnectionAge = TimeSpan.FromMinutes(10);
                options.MaxConnectionAgeGrace = TimeSpan.FromMinutes(5);
            },
            cancelled);
        var client = server.Connect();
        var call = await OpenAsync(client);
        time.Advance(TimeSpan.FromMinutes(11.1));
        await client.GoAway;
        Assert.False(cancelled.Task.IsCompleted);
        time.Advance(TimeSpan.FromMinutes(5));
        await cancelled.Task.WaitAsync(Patience);
        await client.Closed.WaitAsync(Patience);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_limit_that_is_not_positive_is_refused(int seconds)
    {
        var problem = Assert.Throws<ArgumentException>(() => new GrpcServer(new GrpcServerOptions { MaxConnectionAge = TimeSpan.FromSeconds(seconds * 2) }));
        Assert.Contains("MaxConnectionAge", problem.Message, StringComparison.Ordinal);
    }

    // Two exchanges: with the second the server has the acknowledgment of its SETTINGS, which would else be late when time is moved.
    private static async Task<RawCall> OpenAsync(RawClient client)
    {
        var call = client.Open("/test.Svc/Duplex");
        foreach (var text in (string[])["a", "b"])
        {
            call.SendText(text, endStream: false);
            Assert.Equal(text, await call.NextTextAsync());
        }

        return call;
    }

    private static Task<ServerFixture> StartAsync(ManualTime time, Action<GrpcServerOptions> configure, TaskCompletionSource? cancelled = null)
    {
        var fixture = new ServerFixture()
            .Duplex(async (requests, responses, context) =>
            {
                try
                {
                    await foreach (var request in requests.ReadAllAsync())
                    {
                        await responses.WriteAsync(request);
                    }
                }
                finally
                {
                    if (context.CancellationToken.IsCancellationRequested)
                    {
                        _ = cancelled?.TrySetResult();
                    }
                }
            });
        fixture.Options.TimeProvider = time;
        fixture.Options.KeepAliveTime = Timeout.InfiniteTimeSpan;
        configure(fixture.Options);
        return fixture.StartAsync();
    }
}
