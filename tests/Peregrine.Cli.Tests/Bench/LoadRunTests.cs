// SPDX-License-Identifier: Apache-2.0

using Peregrine.Cli.Bench;
using Peregrine.Cli.Calls;
using Xunit;

namespace Peregrine.Cli.Tests.Bench;

/// <summary>How a run ends, whatever the server does.</summary>
public sealed class LoadRunTests
{
    private readonly JumpTime _time = new();

    [Fact]
    public async Task A_server_that_answers_nothing_is_unavailable()
    {
        RunResult result = await RunAsync(answered: 0, timeout: null);
        Assert.Equal((0, 5), (result.Total.Ended, result.Total.Unfinished));
        Assert.Equal(78, result.Code);
        Assert.Equal(130, (result with { IsInterrupted = true }).Code);
    }

    [Theory]
    [InlineData(null, 5)]
    [InlineData(60, 65)]
    public async Task Calls_that_are_never_answered_do_not_keep_a_run_without_a_duration(int? timeout, int grace)
    {
        long began = _time.GetTimestamp();
        RunResult result = await RunAsync(answered: 3, timeout);
        Assert.Equal((3, 2), (result.Total.Ended, result.Total.Unfinished));
        Assert.InRange(_time.GetElapsedTime(began).TotalSeconds, grace, grace + 2);

        Assert.Equal(0, result.Code);

        // The wait for nothing is no time in which calls counted.
        Assert.InRange(result.Seconds, 0, 1);
    }

    [Fact]
    public async Task Streams_of_which_none_ends_do_not_keep_a_run_without_a_duration()
    {
        long began = _time.GetTimestamp();
        RunResult result = await RunAsync(answered: 0, timeout: null, streams: true);
        Assert.Equal((0, 5), (result.Total.Ended, result.Total.Unfinished));
        Assert.InRange(_time.GetElapsedTime(began).TotalSeconds, 30, 32);
        Assert.Equal(0, result.Code);
    }

    private async Task<RunResult> RunAsync(int answered, int? timeout, bool streams = false)
    {
        BenchPlan plan = new()
        {
            Service = "a.B",
            Method = "C",
            Kind = streams ? MethodType.ServerStreaming : MethodType.Unary,
            Connection = new ConnectionSettings { Address = "localhost:1" },
            Requests = [[]],
            Calls = 5,
            Timeout = timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
        RunWindow window = new(_time, plan.WarmUp, plan.Duration, plan.Calls);
        return await new LoadRun(plan, window, new SilentLoad(window, answered, streams), _ => { }).RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
    }
}
