// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2.Tests.FlowControl;

/// <summary>Paths that lose segments or are cut, under virtual time: what <see cref="CallsOnPath"/> checks holds, whatever comes when.</summary>
public sealed class LossTests
{
    // The defaults of channels and servers.
    private static readonly Http2ConnectionOptions PatientClient = new() { KeepAliveInterval = 30_000, KeepAliveDistance = 310_000 };
    private static readonly Http2ConnectionOptions StrictServer = new()
    {
        MinPingInterval = 300_000,
        KeepAliveInterval = 7_200_000,
        KeepAliveWithoutStreams = true,
    };

    [Theory]
    [MemberData(nameof(RandomScheduleTests.Seeds), MemberType = typeof(RandomScheduleTests))]
    public void Calls_end_once_on_both_sides_and_no_octet_is_lost_or_doubled_on_a_path_that_loses(int seed)
    {
        using CallsOnPath path = new(Plan(seed));
        path.Run();
        Assert.InRange(path.Lost, 1, int.MaxValue);
    }

    [Theory]
    [MemberData(nameof(RandomScheduleTests.Seeds), MemberType = typeof(RandomScheduleTests))]
    public void Calls_end_once_on_both_sides_and_nothing_is_left_when_a_lossy_path_is_cut(int seed)
    {
        PathPlan plan = Plan(seed);
        using CallsOnPath whole = new(plan);
        whole.Run();
        Random random = new(seed);
        for (int i = 0; i < 4; i++)
        {
            using CallsOnPath toServer = new(plan with { CutToServer = random.NextInt64(whole.ArrivedAtServer) });
            toServer.Run();
            using CallsOnPath toClient = new(plan with { CutToClient = random.NextInt64(whole.ArrivedAtClient) });
            toClient.Run();
        }
    }

    [Fact]
    public void Calls_end_once_on_both_sides_and_nothing_is_left_whatever_octet_is_the_last()
    {
        PathPlan plan = new(1) { Calls = 3, LargestBody = 200, LongestPause = 5, Resets = 0 };
        using CallsOnPath whole = new(plan);
        whole.Run();
        Assert.InRange(whole.ArrivedAtServer, 200, 2000);
        Assert.InRange(whole.ArrivedAtClient, 200, 2000);
        for (int cut = 0; cut <= whole.ArrivedAtServer; cut++)
        {
            using CallsOnPath path = new(plan with { CutToServer = cut });
            path.Run();
        }

        for (int cut = 0; cut <= whole.ArrivedAtClient; cut++)
        {
            using CallsOnPath path = new(plan with { CutToClient = cut });
            path.Run();
        }
    }

    [Theory]
    [MemberData(nameof(RandomScheduleTests.Seeds), MemberType = typeof(RandomScheduleTests))]
    public void The_pings_of_a_client_are_never_too_many_for_a_strict_server_when_they_and_their_answers_come_late(int seed)
    {
        // Calls that are silent for up to half an hour, and some that bring enough for the bandwidth to be estimated.
        using CallsOnPath path = new(QuietPlan(seed) with { Client = PatientClient });
        path.Run();
        Assert.InRange(path.ClientPings, 5, path.Now / 10_000);
        Assert.InRange(path.Lost, 1, int.MaxValue);
    }

    [Fact]
    public void A_client_that_pings_as_it_likes_is_too_much_for_a_strict_server()
    {
        using CallsOnPath path = new(QuietPlan(1) with { Client = new() { KeepAliveInterval = 30_000 } });
        Assert.ThrowsAny<Exception>(path.RunUntilClosed);
        Assert.Equal(Http2ErrorCode.EnhanceYourCalm, path.ServerError.Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_long_fat_path_that_loses_is_still_used_and_its_windows_keep_to_their_limit(bool toClient)
    {
        using LongPath path = new(delay: 50, octetsPerMillisecond: 40_000, toClient, loss: 0.0001);
        long before = 0;
        for (int second = 0; second < 20; second++)
        {
            path.Run(milliseconds: 1_000);
            Assert.InRange(path.AnnouncedWindow, 1 << 20, 16 << 20);
            Assert.InRange(path.Received - before, 1_000_000, 60_000_000);
            before = path.Received;
        }

        Assert.InRange(path.Received, 200_000_000, 800_000_000);
        Assert.InRange(path.Lost, 10, 10_000);
        Assert.InRange(path.Pings, 3, 300);
    }

    private static PathPlan Plan(int seed)
    {
        Random random = new(seed);
        return new PathPlan(seed)
        {
            Loss = 0.001 + (0.03 * random.NextDouble()),
            Client = Options(random),
            Server = Options(random),
        };
    }

    // Windows so small that they fill, or such that they grow.
    private static Http2ConnectionOptions Options(Random random) => new()
    {
        MaxConcurrentStreams = random.Next(1, 20),
        InitialStreamWindow = random.Next(20_000, 200_000),
        MaxStreamWindow = random.Next(2) == 0 ? 0 : random.Next(200_000, 2 << 20),
        ConnectionWindow = 65535 + random.Next(0, 100_000),
        KeepAliveInterval = 5_000,
    };

    private static PathPlan QuietPlan(int seed) => new(seed)
    {
        Calls = 40,
        LongestPause = 30 * 60 * 1000,
        LargestBody = 600_000,
        Resets = 0,
        Loss = 0.02,
        Server = StrictServer,
    };
}
