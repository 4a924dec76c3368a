// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Peregrine.Credentials;

namespace Peregrine.Tests.Credentials;

public sealed class TokenSourceTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();
    private readonly List<TaskCompletionSource<AccessToken>> _fetches = [];
    private readonly SemaphoreSlim _fetched = new(0);
    private CancellationToken _limit;

    [Fact]
    public async Task All_who_wait_share_one_fetch_and_later_calls_get_its_token_at_once()
    {
        var source = Source();
        var first = source.GetTokenAsync().AsTask();
        var second = source.GetTokenAsync().AsTask();
        var fetch = await NextFetchAsync();
        Assert.False(first.IsCompleted);
        var token = Token("one", TimeSpan.FromHours(1));
        fetch.SetResult(token);
        Assert.Same(token, await first.WaitAsync(Patience));
        Assert.Same(token, await second.WaitAsync(Patience));
        Assert.Same(token, await AtOnceAsync(source));
        _ = Assert.Single(_fetches);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_leaves_the_fetch_to_the_others()
    {
        var source = Source();
        using var cancelled = new CancellationTokenSource();
        var first = source.GetTokenAsync(cancelled.Token).AsTask();
        var second = source.GetTokenAsync().AsTask();
        var fetch = await NextFetchAsync();
        await cancelled.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.WaitAsync(Patience));
        Assert.False(_limit.IsCancellationRequested);
        fetch.SetResult(Token("one"));
        Assert.Equal("one", (await second.WaitAsync(Patience)).Value);
    }

    [Fact]
    public async Task A_token_is_replaced_ahead_of_its_expiry_and_no_call_waits_for_that()
    {
        var source = Source();
        await FetchAsync(source, Token("old", TimeSpan.FromHours(1)));
        _time.Advance(TimeSpan.FromMinutes(54));
        Assert.Equal("old", (await AtOnceAsync(source)).Value);
        _ = Assert.Single(_fetches);

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("old", (await AtOnceAsync(source)).Value);
        var fetch = await NextFetchAsync();
        Assert.Equal("old", (await AtOnceAsync(source)).Value);
        fetch.SetResult(Token("new", TimeSpan.FromHours(1)));
        await UntilAsync(source, "new");
        Assert.Equal(2, _fetches.Count);
    }

    [Fact]
    public async Task A_token_of_a_short_life_is_replaced_in_its_second_half()
    {
        var source = Source();
        await FetchAsync(source, Token("old", TimeSpan.FromSeconds(60)));
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal("old", (await AtOnceAsync(source)).Value);
        _ = Assert.Single(_fetches);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("old", (await AtOnceAsync(source)).Value);
        (await NextFetchAsync()).SetResult(Token("new"));
        await UntilAsync(source, "new");
    }

    [Fact]
    public async Task A_failed_refresh_is_not_noticed_while_the_old_token_is_valid_and_is_tried_again_behind_the_backoff()
    {
        var source = Source();
        await FetchAsync(source, Token("old", TimeSpan.FromHours(1)));
        _time.Advance(TimeSpan.FromMinutes(56));
        Assert.Equal("old", (await AtOnceAsync(source)).Value);
        (await NextFetchAsync()).SetException(new IOException("down"));
        await FailedAsync(source);
        Assert.Equal("old", (await AtOnceAsync(source)).Value);
        Assert.Equal(2, _fetches.Count);

        _time.Advance(TimeSpan.FromSeconds(1.2));
        Assert.Equal("old", (await AtOnceAsync(source)).Value);
        (await NextFetchAsync()).SetResult(Token("new"));
        await UntilAsync(source, "new");
    }

    [Fact]
    public async Task Without_a_valid_token_calls_fail_at_once_until_the_backoff_is_over_and_then_one_fetch_begins()
    {
        var source = Source();
        var waiting = source.GetTokenAsync().AsTask();
        (await NextFetchAsync()).SetException(new HttpRequestException("refused", null, HttpStatusCode.Unauthorized));
        var failure = await Assert.ThrowsAsync<RpcException>(() => waiting.WaitAsync(Patience));
        Assert.Equal(StatusCode.Unauthenticated, failure.StatusCode);
        Assert.Equal("There is no access token: refused", failure.Status.Detail);

        _ = await Assert.ThrowsAsync<RpcException>(() => source.GetTokenAsync().AsTask());
        _ = Assert.Single(_fetches);
        _time.Advance(TimeSpan.FromSeconds(1.2));
        await FetchAsync(source, Token("one"));
        Assert.Equal("one", (await AtOnceAsync(source)).Value);
    }

    [Fact]
    public async Task The_backoff_grows_with_each_failure_up_to_its_limit()
    {
        var source = Source(new TokenSourceOptions { InitialBackoff = TimeSpan.FromSeconds(10), MaxBackoff = TimeSpan.FromSeconds(12) });
        foreach (var (tooShort, enough) in new[] { (9.9, 2.2), (11.9, 2.6), (11.9, 2.6) })
        {
            var waiting = source.GetTokenAsync().AsTask();
            (await NextFetchAsync()).SetException(new IOException("down"));
            _ = await Assert.ThrowsAsync<RpcException>(() => waiting.WaitAsync(Patience));
            var count = _fetches.Count;
            _time.Advance(TimeSpan.FromSeconds(tooShort));
            _ = await Assert.ThrowsAsync<RpcException>(() => source.GetTokenAsync().AsTask());
            Assert.Equal(count, _fetches.Count);
            _time.Advance(TimeSpan.FromSeconds(enough));
        }
    }

    [Fact]
    public async Task A_clock_that_is_set_back_makes_neither_a_backoff_longer_nor_a_refused_token_younger()
    {
        var clock = new AdjustedTime(_time);
        var source = Source(time: clock);
        var waiting = source.GetTokenAsync().AsTask();
        (await NextFetchAsync()).SetException(new IOException("down"));
        _ = await Assert.ThrowsAsync<RpcException>(() => waiting.WaitAsync(Patience));
        clock.Adjustment = TimeSpan.FromDays(-3650);
        _time.Advance(TimeSpan.FromSeconds(1.2));
        await FetchAsync(source, Token("one"));

        clock.Adjustment *= 2;
        _time.Advance(TimeSpan.FromMinutes(1));
        source.OnRefused([(await AtOnceAsync(source)).AuthorizationEntry]);
        await FetchAsync(source, Token("two"));
    }

    [Theory]
    [InlineData(typeof(IOException), StatusCode.Unavailable)]
    [InlineData(typeof(TimeoutException), StatusCode.Unavailable)]
    [InlineData(typeof(HttpRequestException), StatusCode.Unavailable)]
    [InlineData(typeof(InvalidOperationException), StatusCode.Unauthenticated)]
    public async Task What_a_failure_means_depends_on_whether_the_source_was_reached(Type type, StatusCode code)
    {
        var source = Source();
        var waiting = source.GetTokenAsync().AsTask();
        (await NextFetchAsync()).SetException((Exception)Activator.CreateInstance(type)!);
        Assert.Equal(code, (await Assert.ThrowsAsync<RpcException>(() => waiting.WaitAsync(Patience))).StatusCode);
    }

    [Fact]
    public async Task A_fetch_that_takes_too_long_has_failed()
    {
        var source = Source(new TokenSourceOptions { FetchTimeout = TimeSpan.FromSeconds(5) });
        var waiting = source.GetTokenAsync().AsTask();
        _ = await NextFetchAsync();
        _time.Advance(TimeSpan.FromSeconds(5));
        var failure = await Assert.ThrowsAsync<RpcException>(() => waiting.WaitAsync(Patience));
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.True(_limit.IsCancellationRequested);
    }

    [Fact]
    public async Task A_fetch_that_goes_on_when_its_time_is_over_is_not_joined_by_another_one()
    {
        var source = Source(new TokenSourceOptions { FetchTimeout = TimeSpan.FromSeconds(5) });
        var waiting = source.GetTokenAsync().AsTask();
        var abandoned = await NextFetchAsync();
        _time.Advance(TimeSpan.FromSeconds(5));
        _ = await Assert.ThrowsAsync<RpcException>(() => waiting.WaitAsync(Patience));
        _time.Advance(TimeSpan.FromMinutes(5));
        var failure = await Assert.ThrowsAsync<RpcException>(() => source.GetTokenAsync().AsTask().WaitAsync(Patience));
        Assert.Equal(
            "There is no access token: No access token came within 00:00:05; the function that fetches them is not called again before it has ended.",
            failure.Status.Detail);
        _ = Assert.Single(_fetches);

        abandoned.SetException(new IOException("late"));
        waiting = NextBehindAbandonedAsync(source);
        (await NextFetchAsync()).SetResult(Token("one"));
        Assert.Equal("one", (await waiting.WaitAsync(Patience)).Value);
    }

    [Fact]
    public async Task A_function_that_blocks_its_thread_keeps_no_call_waiting_longer_than_the_time_of_a_fetch()
    {
        using var begun = new SemaphoreSlim(0);
        using var unblocked = new ManualResetEventSlim();
        var source = new TokenSource(
            limit =>
            {
                _limit = limit;
                _ = begun.Release();
                _ = unblocked.Wait(Patience, CancellationToken.None);
                return Task.FromResult(Token("late"));
            },
            new TokenSourceOptions { FetchTimeout = TimeSpan.FromSeconds(5), TimeProvider = _time });
        var waiting = source.GetTokenAsync().AsTask();
        Assert.True(await begun.WaitAsync(Patience));
        _time.Advance(TimeSpan.FromSeconds(5));
        try
        {
            var failure = await Assert.ThrowsAsync<RpcException>(() => waiting.WaitAsync(Patience / 2));
            Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        }
        finally
        {
            unblocked.Set();
        }

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("late", (await NextBehindAbandonedAsync(source).WaitAsync(Patience)).Value);
    }

    [Fact]
    public async Task A_token_that_had_expired_when_it_came_is_a_failure()
    {
        var source = Source();
        var waiting = source.GetTokenAsync().AsTask();
        (await NextFetchAsync()).SetResult(Token("late", TimeSpan.Zero));
        var failure = await Assert.ThrowsAsync<RpcException>(() => waiting.WaitAsync(Patience));
        Assert.Contains("had expired when it came", failure.Status.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("late", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_was_given_up_is_fetched_anew()
    {
        var source = Source();
        await FetchAsync(source, Token("one", TimeSpan.FromHours(1)));
        var one = await AtOnceAsync(source);
        source.Invalidate(one);
        await FetchAsync(source, Token("two", TimeSpan.FromHours(1)));
        source.Invalidate(one);
        Assert.Equal("two", (await AtOnceAsync(source)).Value);
    }

    [Fact]
    public async Task A_token_that_a_server_refuses_is_fetched_anew_unless_it_came_just_now()
    {
        var source = Source();
        await FetchAsync(source, Token("one"));
        var sent = new Metadata { (await AtOnceAsync(source)).AuthorizationEntry };
        source.OnRefused(sent);
        Assert.Equal("one", (await AtOnceAsync(source)).Value);

        _time.Advance(TimeSpan.FromMinutes(1));
        source.OnRefused([]);
        Assert.Equal("one", (await AtOnceAsync(source)).Value);
        source.OnRefused(sent);
        await FetchAsync(source, Token("two"));
        source.OnRefused(sent);
        Assert.Equal("two", (await AtOnceAsync(source)).Value);
    }

    [Fact]
    public async Task A_fetch_has_nothing_of_the_call_that_happened_to_ask_first()
    {
        var ambient = new AsyncLocal<string?> { Value = "of the call" };
        string? seen = "nothing";
        var source = new TokenSource(_ =>
        {
            seen = ambient.Value;
            return Task.FromResult(new AccessToken("one"));
        });
        _ = await source.GetTokenAsync();
        Assert.Null(seen);
        Assert.Equal("of the call", ambient.Value);
    }

    [Fact]
    public void Times_that_cannot_be_used_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Source(new TokenSourceOptions { RefreshAhead = TimeSpan.FromSeconds(-1) }));
        Assert.Throws<ArgumentException>(() => Source(new TokenSourceOptions { FetchTimeout = TimeSpan.Zero }));
        Assert.Throws<ArgumentException>(() => Source(new TokenSourceOptions { InitialBackoff = TimeSpan.Zero }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("top secret")]
    [InlineData("top\nsecret")]
    public void A_token_that_no_header_can_carry_is_refused_and_not_shown(string value)
    {
        var refused = Assert.Throws<ArgumentException>(() => new AccessToken(value));
        Assert.DoesNotContain("secret", refused.ToString(), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => CallCredentials.FromToken(value));
    }

    public void Dispose() => _fetched.Dispose();

    private TokenSource Source(TokenSourceOptions? options = null, TimeProvider? time = null)
    {
        options ??= new TokenSourceOptions();
        options.TimeProvider = time ?? _time;
        return new TokenSource(
            limit =>
            {
                var fetch = new TaskCompletionSource<AccessToken>(TaskCreationOptions.RunContinuationsAsynchronously);
                _limit = limit;
                _fetches.Add(fetch);
                _ = _fetched.Release();
                return fetch.Task;
            },
            options);
    }

    private AccessToken Token(string value, TimeSpan? lifetime = null) => new(value, _time.GetUtcNow() + lifetime);

    private async Task<TaskCompletionSource<AccessToken>> NextFetchAsync()
    {
        Assert.True(await _fetched.WaitAsync(Patience));
        return _fetches[^1];
    }

    private async Task FetchAsync(TokenSource source, AccessToken token)
    {
        var waiting = source.GetTokenAsync().AsTask();
        (await NextFetchAsync()).SetResult(token);
        Assert.Same(token, await waiting.WaitAsync(Patience));
    }

    private static async Task<AccessToken> AtOnceAsync(TokenSource source)
    {
        var token = source.GetTokenAsync();
        Assert.True(token.IsCompletedSuccessfully);
        return await token;
    }

    // The refresh ends on the pool, a moment behind the answer.
    private static async Task UntilAsync(TokenSource source, string value)
    {
        using var patience = new CancellationTokenSource(Patience);
        while ((await source.GetTokenAsync(patience.Token)).Value != value)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    // The source sees a moment later that what it abandoned has ended; until then it fails with the reason.
    private static async Task<AccessToken> NextBehindAbandonedAsync(TokenSource source)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            try
            {
                return await source.GetTokenAsync(patience.Token);
            }
            catch (RpcException)
            {
                await Task.Yield();
            }
        }
    }

    private static async Task FailedAsync(TokenSource source)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (source.IsFetching)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>A clock whose date somebody sets; its timers and timestamps go on as before.</summary>
    private sealed class AdjustedTime(TimeProvider time) : TimeProvider
    {
        public TimeSpan Adjustment { get; set; }

        public override long TimestampFrequency => time.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + Adjustment;

        public override long GetTimestamp() => time.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            time.CreateTimer(callback, state, dueTime, period);
    }
}
