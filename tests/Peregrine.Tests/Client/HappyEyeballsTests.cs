// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Peregrine.LoadBalancing;

namespace Peregrine.Tests.Client;

public sealed class HappyEyeballsTests : ClientTestBase
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(250);

    private readonly ManualTime _time = new();
    private readonly List<Attempt> _attempts = [];
    private readonly SemaphoreSlim _begun = new(0);
    private int _seen;

    [Theory]
    [InlineData("6a 6b 4a 4b", "6a 4a 6b 4b")]
    [InlineData("4a 4b 4c 6a", "4a 6a 4b 4c")]
    [InlineData("4a 6a 6b 6c", "4a 6a 6b 6c")]
    [InlineData("4c 4a 4b", "4c 4a 4b")]
    [InlineData("6a", "6a")]
    public void Address_families_take_turns_and_keep_their_order(string addresses, string expected) =>
        Assert.Equal(Addresses(expected), HappyEyeballs.Interleave(Addresses(addresses)));

    [Fact]
    public async Task The_next_address_joins_after_250_ms_and_the_first_success_calls_the_others_off()
    {
        var race = RaceAsync("6a 4a 6b");
        Assert.Single(_attempts);
        _time.Advance(Delay - TimeSpan.FromMilliseconds(1));
        Assert.Single(_attempts);

        await AdvanceToAttemptAsync(TimeSpan.FromMilliseconds(1), 2);
        _attempts[1].Result.SetResult(null);
        Assert.Null(await race.WaitAsync(Patience));
        Assert.True(_attempts[0].Token.IsCancellationRequested);
        Assert.Equal(2, _attempts.Count);
    }

    [Fact]
    public async Task An_address_that_is_late_may_still_win()
    {
        var race = RaceAsync("6a 4a");
        await AdvanceToAttemptAsync(Delay, 2);
        _attempts[0].Result.SetResult(null);
        Assert.Null(await race.WaitAsync(Patience));
        Assert.True(_attempts[1].Token.IsCancellationRequested);
    }

    [Fact]
    public async Task A_failure_starts_the_next_address_at_once_with_a_whole_head_start_of_its_own()
    {
        var race = RaceAsync("6a 4a 6b");
        _time.Advance(Delay - TimeSpan.FromMilliseconds(1));
        _attempts[0].Fail("first");
        await AttemptsAsync(2);
        await _time.TimerDueWithinAsync(Delay, Delay);
        _attempts[1].Fail("second");
        await AttemptsAsync(3);
        _attempts[2].Fail("third");
        Assert.Equal(["first", "second", "third"], (await race.WaitAsync(Patience))!.Select(failure => failure.Detail));
    }

    [Fact]
    public async Task The_failure_of_an_earlier_address_starts_the_next_one_too()
    {
        var race = RaceAsync("6a 4a 6b");
        await AdvanceToAttemptAsync(Delay, 2);
        _attempts[0].Fail("first");
        await AttemptsAsync(3);
        Assert.False(_attempts[1].Token.IsCancellationRequested);
        _attempts[2].Result.SetResult(null);
        Assert.Null(await race.WaitAsync(Patience));
    }

    [Fact]
    public async Task When_it_is_called_off_all_attempts_end_and_no_other_begins()
    {
        using var source = new CancellationTokenSource();
        var race = RaceAsync("6a 4a 6b", source.Token);
        await AdvanceToAttemptAsync(Delay, 2);
        await source.CancelAsync();
        Assert.Null(await race.WaitAsync(Patience));
        Assert.Equal(2, _attempts.Count);
    }

    [Fact]
    public async Task A_server_that_is_silent_costs_a_quarter_of_a_second_and_its_connection_is_closed()
    {
        await using var second = new ScriptedServer();
        var channel = Connect(
            options =>
            {
                options.TimeProvider = _time;
                options.Credentials = ChannelCredentials.Insecure;
            },
            $"ipv4:127.0.0.1:{Server.Port},127.0.0.1:{second.Port}");
        var call = CallUnary(channel);
        using var silent = await Server.AcceptSocketAsync();
        await _time.TimerDueWithinAsync(Delay, Delay);
        Assert.False(second.HasPendingConnection);

        _time.Advance(Delay);
        var peer = await second.AcceptAsync();
        peer.Respond((await peer.ExpectRequestAsync()).Stream!, "second");
        Assert.Equal("second", await call.ResponseAsync.WaitAsync(Patience));
        await EndAsync(silent);
    }

    [Fact]
    public async Task When_every_address_fails_the_status_names_each_of_them()
    {
        await Server.DisposeAsync();
        await using var second = new ScriptedServer();
        await second.DisposeAsync();
        var call = CallUnary(Connect(
            options => options.Credentials = ChannelCredentials.Insecure, $"ipv4:127.0.0.1:{Server.Port},127.0.0.1:{second.Port}"));
        var thrown = await FailsAsync(call.ResponseAsync, StatusCode.Unavailable);
        Assert.Contains($"127.0.0.1:{Server.Port}", thrown.Status.Detail, StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{second.Port}", thrown.Status.Detail, StringComparison.Ordinal);
    }

    // "6a": an IPv6 address that ends in a; the letter is all that tells it from others of its family.
    private static EndPoint[] Addresses(string text) =>
    [
        .. text.Split(' ').Select(name => new IPEndPoint(
            name[0] == '6' ? IPAddress.Parse($"2001:db8::{name[1]}") : IPAddress.Parse($"192.0.2.{(int)name[1]}"), 443)),
    ];

    private static async Task EndAsync(Socket socket)
    {
        var buffer = new byte[1024];
        while (true)
        {
            try
            {
                if (await socket.ReceiveAsync(buffer).WaitAsync(Patience) == 0)
                {
                    return;
                }
            }
            catch (SocketException)
            {
                return;
            }
        }
    }

    private Task<List<Status>?> RaceAsync(string addresses, CancellationToken cancellationToken = default) =>
        HappyEyeballs.RaceAsync(Addresses(addresses), Begin, _time, cancellationToken);

    private Task<Status?> Begin(EndPoint address, CancellationToken cancellationToken)
    {
        var attempt = new Attempt(cancellationToken);
        lock (_attempts)
        {
            _attempts.Add(attempt);
        }

        _ = cancellationToken.Register(() => attempt.Result.TrySetResult(null));
        _begun.Release();
        return attempt.Result.Task;
    }

    private async Task AdvanceToAttemptAsync(TimeSpan by, int count)
    {
        _time.Advance(by);
        await AttemptsAsync(count);
    }

    private async Task AttemptsAsync(int count)
    {
        for (; _seen < count; _seen++)
        {
            Assert.True(await _begun.WaitAsync(Patience));
        }

        Assert.Equal(count, _attempts.Count);
    }

    private sealed record Attempt(CancellationToken Token)
    {
        internal TaskCompletionSource<Status?> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal void Fail(string why) => Result.SetResult(new Status(StatusCode.Unavailable, why));
    }
}
