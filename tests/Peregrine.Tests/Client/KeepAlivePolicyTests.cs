// SPDX-License-Identifier: Apache-2.0
using Peregrine.Client;
using Peregrine.Http2;

namespace Peregrine.Tests.Client;

public class KeepAlivePolicyTests
{
    [Fact]
    public void By_default_a_silent_server_is_asked_after_30_seconds_and_then_every_310()
    {
        var settings = new KeepAlivePolicy(new GrpcChannelOptions()).Http2;
        Assert.Equal((30_000, 310_000, 20_000, false), Times(settings));
    }

    [Fact]
    public void A_time_of_ones_own_is_kept_but_not_below_ten_seconds()
    {
        var options = new GrpcChannelOptions { KeepAliveTime = TimeSpan.FromMinutes(1), KeepAliveTimeout = TimeSpan.FromSeconds(3), KeepAlivePermitWithoutCalls = true };
        Assert.Equal((60_000, 60_000, 3_000, true), Times(new KeepAlivePolicy(options).Http2));
        options.KeepAliveTime = TimeSpan.FromSeconds(1);
        Assert.Equal((10_000, 10_000, 3_000, true), Times(new KeepAlivePolicy(options).Http2));
    }

    [Fact]
    public void An_infinite_time_turns_keepalive_and_the_user_timeout_off()
    {
        var policy = new KeepAlivePolicy(new GrpcChannelOptions { KeepAliveTime = Timeout.InfiniteTimeSpan });
        Assert.Equal(0, policy.Http2.KeepAliveInterval);
        Assert.Null(policy.UserTimeout);
    }

    [Fact]
    public void A_server_that_complains_is_asked_half_as_often_and_other_ends_change_nothing()
    {
        var policy = new KeepAlivePolicy(new GrpcChannelOptions());
        policy.OnGoAway(new Http2Error(Http2ErrorScope.Connection, Http2ErrorCode.NoError, Http2ErrorInitiator.Remote, null));
        policy.OnGoAway(new Http2Error(Http2ErrorScope.Connection, Http2ErrorCode.EnhanceYourCalm, Http2ErrorInitiator.Remote, "other"));
        Assert.Equal((30_000, 310_000, 20_000, false), Times(policy.Http2));
        policy.OnGoAway(new Http2Error(Http2ErrorScope.Connection, Http2ErrorCode.EnhanceYourCalm, Http2ErrorInitiator.Remote, "too_many_pings"));
        Assert.Equal((60_000, 620_000, 20_000, false), Times(policy.Http2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void A_time_that_is_not_positive_is_refused(int seconds)
    {
        var problem = Assert.Throws<ArgumentException>(() => new KeepAlivePolicy(new GrpcChannelOptions { KeepAliveTime = TimeSpan.FromSeconds(seconds) }));
        Assert.Contains("KeepAliveTime", problem.Message, StringComparison.Ordinal);
    }

    private static (long Interval, long Distance, long Timeout, bool WithoutStreams) Times(Http2ConnectionOptions settings) =>
        (settings.KeepAliveInterval, settings.KeepAliveDistance, settings.KeepAliveTimeout, settings.KeepAliveWithoutStreams);
}
