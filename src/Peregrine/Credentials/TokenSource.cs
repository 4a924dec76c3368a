// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Peregrine.Diagnostics;

namespace Peregrine.Credentials;

/// <summary>
/// Keeps an access token for many calls and fetches another one ahead of its expiry. Calls wait only when there is no valid token. Thread-safe; make one
/// for each identity and give it to all channels (<see cref="CallCredentials.FromTokenSource"/>).
/// </summary>
/// <remarks>
/// At most one fetch is under way, for all that wait, and none of them cancels it. Nothing is fetched while nobody asks. A fetch that fails leaves a valid
/// token in use; without one, calls fail at once, with the reason, until the backoff is over: UNAVAILABLE when what gives tokens was not reached, else
/// UNAUTHENTICATED, or the status of an <see cref="RpcException"/> that the fetch threw. A fetch that goes on when its time is over has failed, and none
/// begins before it has ended.
/// </remarks>
/// <example>
/// <code>
/// var tokens = new TokenSource(async cancellationToken =>
/// {
///     Login login = await identity.LogInAsync(cancellationToken);
///     return new AccessToken(login.Token, login.ExpiresAt);
/// });
/// ChannelCredentials credentials = ChannelCredentials.Create(ChannelCredentials.SecureSsl, CallCredentials.FromTokenSource(tokens));
/// </code>
/// </example>
public sealed class TokenSource
{
    private const double BackoffMultiplier = 1.6;
    private const double BackoffJitter = 0.2;

    // What a server refuses is fetched anew, but not more often than this: a server that refuses everything must not turn each call into a fetch.
    private static readonly TimeSpan LeastAgeOfRefused = TimeSpan.FromMinutes(1);

    // Longer ones would overflow when they grow.
    private static readonly TimeSpan LongestBackoff = TimeSpan.MaxValue / 4;

    // A token that is about to expire would do so on its way.
    private static readonly TimeSpan TravelTime = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Func<CancellationToken, Task<AccessToken>> _fetcher;
    private readonly TokenSourceOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private AccessToken? _token;
    private DateTimeOffset _refreshAt;
    private DateTimeOffset _unusableAt;
    private Task? _fetch;
    private Task? _fetcherCall;
    private RpcException? _failure;

    // Timestamps, for the wall clock may be set: only the expiry of a token is a date.
    private long _fetchedAt;
    private long _failedAt;
    private TimeSpan _backoff;
    private TimeSpan _backoffWithJitter;

    /// <summary>Makes a source with default options. Nothing is fetched yet.</summary>
    /// <param name="fetch">Fetches a token. Its token is cancelled when the fetch takes too long. Called on the thread pool, never twice at a time.</param>
    /// <exception cref="ArgumentNullException"><paramref name="fetch"/> is null.</exception>
    public TokenSource(Func<CancellationToken, Task<AccessToken>> fetch)
        : this(fetch, new TokenSourceOptions())
    {
    }

    /// <summary>Makes a source. Nothing is fetched yet.</summary>
    /// <param name="fetch">Fetches a token. Its token is cancelled when the fetch takes too long. Called on the thread pool, never twice at a time.</param>
    /// <param name="options">When to fetch.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A time in the options is not longer than zero (<see cref="TokenSourceOptions.RefreshAhead"/> may be zero).</exception>
    public TokenSource(Func<CancellationToken, Task<AccessToken>> fetch, TokenSourceOptions options)
    {
        ArgumentNullException.ThrowIfNull(fetch);
        ArgumentNullException.ThrowIfNull(options);
        _fetcher = fetch;
        _options = new TokenSourceOptions
        {
            RefreshAhead = options.RefreshAhead >= TimeSpan.Zero
                ? options.RefreshAhead
                : throw new ArgumentException($"{nameof(options.RefreshAhead)} is {options.RefreshAhead}; it must not be negative.", nameof(options)),
            FetchTimeout = Positive(options.FetchTimeout, nameof(options.FetchTimeout)),
            InitialBackoff = Shorter(Positive(options.InitialBackoff, nameof(options.InitialBackoff)), LongestBackoff),
            MaxBackoff = Shorter(Positive(options.MaxBackoff, nameof(options.MaxBackoff)), LongestBackoff),
        };
        _time = options.TimeProvider;
        _logger = EventSourceLogger.Create(options.LoggerFactory, typeof(TokenSource).FullName!);
    }

    /// <summary>Whether a fetch is under way.</summary>
    internal bool IsFetching
    {
        get
        {
            lock (_lock)
            {
                return _fetch is not null;
            }
        }
    }

    /// <summary>The token: at once while one is valid, else when it has been fetched.</summary>
    /// <param name="cancellationToken">Ends the wait, not the fetch.</param>
    /// <returns>A token that has not expired.</returns>
    /// <exception cref="RpcException">There is no valid token, and the last fetch failed.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public async ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task fetch;
            lock (_lock)
            {
                var now = _time.GetUtcNow();
                var isUsable = _token is not null && now < _unusableAt;
                if (!isUsable || now >= _refreshAt)
                {
                    if (_fetch is null && MayFetchLocked())
                    {
                        _fetch = BeginFetch();
                    }
                    else if (!isUsable && _fetch is null)
                    {
                        throw new RpcException(_failure!.Status, _failure.Message);
                    }
                }

                if (isUsable)
                {
                    return _token!;
                }

                fetch = _fetch!;
            }

            await fetch.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Gives a token up before its expiry: the next call waits for another one. Without effect when another has come meanwhile. Call credentials do this by
    /// themselves when a server answers with UNAUTHENTICATED, unless the token came less than a minute ago: a new one would fare no better.
    /// </summary>
    /// <param name="token">The token that <see cref="GetTokenAsync"/> gave.</param>
    public void Invalidate(AccessToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        lock (_lock)
        {
            if (ReferenceEquals(_token, token))
            {
                _token = null;
            }
        }
    }

    /// <summary>A server refused what was sent.</summary>
    internal void OnRefused(Metadata sent)
    {
        lock (_lock)
        {
            if (_token is null || !sent.Contains(_token.AuthorizationEntry) || _time.GetElapsedTime(_fetchedAt) < LeastAgeOfRefused)
            {
                return;
            }

            _token = null;
        }

        TokenSourceLog.Refused(_logger);
    }

    /// <summary>Says nothing of the token.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(TokenSource);

    private bool MayFetchLocked() =>
        _failure is null || (_fetcherCall is not { IsCompleted: false } && _time.GetElapsedTime(_failedAt) >= _backoffWithJitter);

    // On the pool: a call waits for a token, not for a thread. And for nobody's call in particular: neither the trace of the one that happened to ask
    // nor what else flows with it.
    private Task BeginFetch()
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            return Task.Run(FetchAsync, CancellationToken.None);
        }

        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(FetchAsync, CancellationToken.None);
        }
    }

    // Never throws: what went wrong is told to those who have no token.
    private async Task FetchAsync()
    {
        try
        {
            var token = await CallFetcherAsync().ConfigureAwait(false);
            Keep(token);
            TokenSourceLog.Fetched(_logger, token);
        }
        catch (Exception failure)
        {
            // The boundary to user code: whatever it throws is the reason why there is no token.
            var pause = NoteFailure(failure);
            TokenSourceLog.FetchFailed(_logger, pause, PrintableText.Escape(failure.Message), failure);
        }
    }

    private async Task<AccessToken> CallFetcherAsync()
    {
        var timer = new CancellationTokenSource(DeadlineTimer.Wait(_options.FetchTimeout), _time);
        var limit = timer.Token;

        // Apart from the wait: users' code may block its thread, and may not look at the limit.
        var call = Task.Run(() => _fetcher(limit), CancellationToken.None);
        _fetcherCall = call;
        _ = EndAsync(call, timer);
        AccessToken? token;
        try
        {
            token = await call.WaitAsync(limit).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"No access token came within {_options.FetchTimeout}; the function that fetches them is not called again before it has ended.");
        }

        return token switch
        {
            null => throw new InvalidOperationException("The function that fetches access tokens returned null."),
            { ExpiresAt: { } end } when end <= _time.GetUtcNow() => throw new InvalidOperationException(
                $"The access token had expired when it came: {token}, and it is {_time.GetUtcNow():u} here."),
            _ => token,
        };
    }

    // Never throws. Behind an abandoned call nobody else looks at how it ended.
    private static async Task EndAsync(Task call, CancellationTokenSource timer)
    {
        await call.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        timer.Dispose();
    }

    private void Keep(AccessToken token)
    {
        lock (_lock)
        {
            _fetch = null;
            _token = token;
            _failure = null;
            _backoff = TimeSpan.Zero;
            _fetchedAt = _time.GetTimestamp();
            _refreshAt = _unusableAt = DateTimeOffset.MaxValue;
            if (token.ExpiresAt is { } end)
            {
                var lifetime = end - _time.GetUtcNow();
                _refreshAt = end - Shorter(_options.RefreshAhead, lifetime / 2);
                _unusableAt = end - Shorter(TravelTime, lifetime / 10);
            }
        }
    }

    private TimeSpan NoteFailure(Exception failure)
    {
        lock (_lock)
        {
            _fetch = null;
            _backoff = _backoff == TimeSpan.Zero ? _options.InitialBackoff : Shorter(_backoff * BackoffMultiplier, _options.MaxBackoff);
            _backoffWithJitter = _backoff * (1 + (BackoffJitter * Random.Shared.NextDouble()));
            _failedAt = _time.GetTimestamp();
            var status = failure is RpcException rpc
                ? new Status(rpc.StatusCode, $"There is no access token: {rpc.Status.Detail}", rpc)
                : new Status(CredentialsFailure.CodeOf(failure), $"There is no access token: {failure.Message}", failure);
            _failure = new RpcException(status);
            return _backoffWithJitter;
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Positive(TimeSpan value, string name) => value > TimeSpan.Zero
        ? value
        : throw new ArgumentException($"{name} is {value}; it must be longer than zero.", name);
}
