// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Peregrine.Diagnostics;
using Peregrine.Http2;
using Peregrine.Resolution;
using Peregrine.Transport;

namespace Peregrine.LoadBalancing;

/// <summary>Makes one connection to one address: TCP, TLS and SETTINGS. Throws <see cref="TransportException"/>.</summary>
internal delegate Task<ClientTransport> TransportConnector(
    EndPoint address, ClientTransportEvents events, CancellationToken cancellationToken);

/// <summary>Is told why a server ends a connection.</summary>
internal delegate void GoAwayHandler(in Http2Error error);

/// <summary>
/// A channel's way to its server: resolves the target, connects to its addresses until one is ready (pick-first, Happy Eyeballs), keeps
/// that connection for all calls, and knows the connectivity state. When the peer's limit of streams is reached and calls wait, it makes
/// further connections to the same address (gRFC A105). Connections that are idle end; without calls for long, all do.
/// <code>
///            call, ConnectAsync              SETTINGS came
///   IDLE ───────────────────────► CONNECTING ─────────────► READY
///    ▲                                │ all failed            │
///    │                                ▼      SETTINGS came    │ GOAWAY, last connection lost
///    │                      TRANSIENT_FAILURE ───────────►    │
///    └────────────────────────────────────────────────────────┘
/// </code>
/// In TRANSIENT_FAILURE it goes on trying after each backoff, and the state stays what it is until an attempt succeeds (gRFC A62). With health
/// checking (gRFC A17) a connection is ready while its server says SERVING; without one that is, the state is CONNECTING until the first answer, then
/// TRANSIENT_FAILURE. One attempt runs at a time. Should the last connection end while one runs for another, the state is the one of that attempt. From every
/// state the idle timeout leads to IDLE.
/// Thread-safe: one lock, taken for decisions only; under it the locks of transports and of the queue are taken, and nothing is called back.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Ended by ShutdownAsync; the token source has no timer and no linked parents.")]
internal sealed class Subchannel
{
    // What HTTP clients of .NET keep unused connections for.
    internal static readonly TimeSpan FurtherConnectionIdleTimeout = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly long _id = LiveEntities.NextId();
    private readonly ChannelTarget _target;
    private readonly DnsResolver _resolver;
    private readonly TransportConnector _connector;
    private readonly ConnectionBackoff _backoff;
    private readonly SubchannelLimits _limits;
    private readonly HealthWatchFactory? _health;
    private readonly TimeProvider _time;
    private readonly DeadlineClock _clock;
    private readonly GoAwayHandler _goAway;
    private readonly ILogger _logger;
    private readonly HashSet<SubchannelConnection> _connections = [];
    private readonly ConnectivityTrace _trace;
    private volatile SubchannelConnection[] _ready = [];

    // Connected, but their server did not say that it serves.
    private SubchannelConnection[] _unserving = [];
    private volatile ConnectivityState _state;
    private Status _failure;
    private TaskCompletionSource _changed = NewChange();

    // The attempts under way, until one succeeds or nobody wants it any more; null for none.
    private CancellationTokenSource? _attempts;
    private bool _isBackingOff;
    private long _noGrowthBefore;

    // Calls that wait for a connection, and when the last of those that left no other trace ended.
    private int _waitingForReady;
    private long _idleSince;

    internal Subchannel(
        ChannelTarget target,
        DnsResolver resolver,
        TransportConnector connector,
        ConnectionBackoff backoff,
        SubchannelLimits limits,
        TimeProvider time,
        GoAwayHandler goAway,
        ILogger logger,
        HealthWatchFactory? health = null)
    {
        _health = health;
        _target = target;
        _resolver = resolver;
        _connector = connector;
        _backoff = backoff;
        _limits = limits;
        _time = time;
        _trace = new ConnectivityTrace(time.GetUtcNow());
        _clock = new DeadlineClock(time, OnClock);
        _goAway = goAway;
        _logger = logger;
    }

    internal ConnectivityState State => _state;

    /// <summary>The connections that take streams, oldest first; empty when not READY. The fast path of a call.</summary>
    /// <remarks>Calls try them in this order, so that the later ones are the first to be idle.</remarks>
    internal SubchannelConnection[] Ready => _ready;

    /// <summary>The calls that wait for the peer to let another stream begin, or for another connection.</summary>
    internal StreamSlotQueue Slots { get; } = new();

    /// <summary>The time in milliseconds, of an arbitrary origin.</summary>
    internal long Now() => _clock.Now();

    /// <summary>
    /// Completes when there is a ready connection, after as long as it takes: starts connecting when idle, waits while connecting; in
    /// TRANSIENT_FAILURE gives the last failure, or waits when <paramref name="waitForReady"/>.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    internal async ValueTask<Pick> PickAsync(bool waitForReady, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            CancellationTokenSource? begun = null;
            TaskCompletionSource? connecting = null;
            lock (_lock)
            {
                switch (_state)
                {
                    case ConnectivityState.Ready:
                        return new Pick(_ready[0]);
                    case ConnectivityState.Shutdown:
                        return new Pick(_failure);
                    case ConnectivityState.TransientFailure when !waitForReady:
                        return new Pick(_failure);
                    case ConnectivityState.Idle:
                        begun = _attempts = new CancellationTokenSource();
                        connecting = ChangeLocked(ConnectivityState.Connecting);
                        ArmIdleTimeoutLocked();
                        break;
                }

                changed = _changed.Task;
                _waitingForReady++;
            }

            try
            {
                connecting?.SetResult();
                StartAttempts(begun);
                await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                lock (_lock)
                {
                    _waitingForReady--;
                    _idleSince = Now();
                }
            }
        }
    }

    /// <summary>The first of the calls that wait found no slot: makes another connection, if that is allowed and promises one.</summary>
    internal void RequestAnotherConnection()
    {
        CancellationTokenSource? begun = null;
        lock (_lock)
        {
            if (_attempts is null && MayGrowLocked())
            {
                begun = _attempts = new CancellationTokenSource();
            }
        }

        StartAttempts(begun);
        foreach (var connection in _ready)
        {
            // A further connection would begin a watch as well, on the only stream that it has.
            if (connection is { IsBlockedByHealth: true, Health: { } health } && health.GiveWay())
            {
                SubchannelLog.HealthGivesWay(_logger, _target.Text, connection.Transport.Peer);
            }
        }
    }

    /// <summary>Completes as soon as the state is another than <paramref name="lastObserved"/>.</summary>
    internal async Task WaitForStateChangedAsync(ConnectivityState lastObserved, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_state != lastObserved)
                {
                    return;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The subchannel now, for <see cref="LiveEntities"/>.</summary>
    /// <param name="calls">The calls of its channel.</param>
    internal SubchannelSnapshot Observe(CallCounts calls)
    {
        SubchannelConnection[] connections;
        IReadOnlyList<ConnectivityEvent> events;
        long eventCount;
        lock (_lock)
        {
            connections = [.. _connections];
            events = _trace.Events;
            eventCount = _trace.Count;
        }

        return new SubchannelSnapshot
        {
            Id = _id,
            Target = _target.Text,
            State = _state,
            Calls = calls,
            Created = _trace.Created,
            EventCount = eventCount,
            Events = events,
            Connections = [.. connections.Select(connection => connection.Transport.Observe()).OrderBy(connection => connection.Id)],
        };
    }

    /// <summary>Ends it for good: running calls end with CANCELLED, connections are closed after a GOAWAY.</summary>
    /// <returns>A task that completes when the last connection is closed. Never fails.</returns>
    internal Task ShutdownAsync()
    {
        SubchannelConnection[] connections;
        TaskCompletionSource? changed = null;
        CancellationTokenSource? attempts;
        lock (_lock)
        {
            connections = [.. _connections];
            attempts = _attempts;
            _attempts = null;
            if (_state != ConnectivityState.Shutdown)
            {
                _failure = new Status(
                    StatusCode.Unavailable, $"The channel to '{_target.Text}' is shut down; make calls on a channel that is alive.");
                _ready = _unserving = [];
                changed = ChangeLocked(ConnectivityState.Shutdown);
            }
        }

        changed?.SetResult();
        Slots.WakeAll();
        var closed = new Task[connections.Length + 2];
        closed[^1] = attempts?.CancelAsync() ?? Task.CompletedTask;
        closed[^2] = _clock.DisposeAsync().AsTask();
        for (var i = 0; i < connections.Length; i++)
        {
            connections[i].Transport.Abort("the channel was shut down");
            closed[i] = connections[i].Closed;
        }

        return Task.WhenAll(closed);
    }

    // ---- What connections tell.

    /// <summary>Streams can be opened again on a connection on which none could.</summary>
    internal void OnStreamsAvailable() => Slots.WakeFirst();

    /// <summary>The connection takes no more streams: calls use another one, or make it.</summary>
    internal void Replace(SubchannelConnection connection)
    {
        TaskCompletionSource? changed = null;
        CancellationTokenSource? begun = null;
        lock (_lock)
        {
            if (Array.IndexOf(_unserving, connection) >= 0)
            {
                _unserving = Without(_unserving, connection);
                if (_ready.Length > 0 || _unserving.Length > 0 || _attempts is not null)
                {
                    return;
                }

                if (connection.BackoffEnd <= Now())
                {
                    changed = ChangeLocked(ConnectivityState.Idle);
                }
                else
                {
                    // To the backoff, and to the calls that wait, that is a failed attempt.
                    begun = _attempts = new CancellationTokenSource();
                    _isBackingOff = true;
                    _failure = new Status(
                        StatusCode.Unavailable, $"The connection to '{_target.Text}' ended while its server was not serving (health checking).");
                    changed = ChangeLocked(ConnectivityState.TransientFailure);
                }
            }
            else if (Array.IndexOf(_ready, connection) < 0)
            {
                return;
            }
            else if ((_ready = Without(_ready, connection)).Length == 0)
            {
                changed = ChangeLocked(
                    _attempts is null && _unserving.Length > 0 ? ConnectivityState.TransientFailure
                    : _attempts is null ? ConnectivityState.Idle
                    : _isBackingOff ? ConnectivityState.TransientFailure
                    : ConnectivityState.Connecting);
            }
            else if (connection.BackoffEnd > Now())
            {
                _noGrowthBefore = connection.BackoffEnd;
                _clock.Arm(_noGrowthBefore);
            }
        }

        SubchannelLog.ConnectionEnded(_logger, _target.Text, connection.Transport.Peer);
        if (begun is not null)
        {
            _ = ConnectAfterAsync(connection.BackoffEnd, begun);
        }

        if (changed is null)
        {
            // There may be room for another connection now.
            Slots.WakeFirst();
            return;
        }

        changed.SetResult();
        Slots.WakeAll();
    }

    /// <summary>The server ends a connection, and says why.</summary>
    internal void OnGoAway(in Http2Error error) => _goAway(error);

    /// <summary>The connection is closed: nothing is left of it.</summary>
    internal void Forget(SubchannelConnection connection)
    {
        lock (_lock)
        {
            if (_connections.Remove(connection))
            {
                _idleSince = Math.Max(_idleSince, connection.IdleSince(Now()));
            }
        }
    }

    // ---- What servers say of their health.

    private void OnHealth(SubchannelConnection connection, Status health, bool isUnimplemented)
    {
        TaskCompletionSource? changed = null;
        var serves = health.StatusCode == StatusCode.OK;
        bool isNews;
        lock (_lock)
        {
            var served = Array.IndexOf(_ready, connection) >= 0;
            if (served ? serves : Array.IndexOf(_unserving, connection) < 0)
            {
                // Nothing new, or the connection was replaced meanwhile.
                return;
            }

            isNews = connection.Unhealth != health.Detail;
            connection.Unhealth = serves ? null : health.Detail;
            if (serves)
            {
                _unserving = Without(_unserving, connection);
                changed = AddReadyLocked(connection);
            }
            else
            {
                _failure = health;
                if (served)
                {
                    _ready = Without(_ready, connection);
                    _unserving = [.. _unserving, connection];
                }

                if (_ready.Length == 0 && _state != ConnectivityState.TransientFailure)
                {
                    changed = ChangeLocked(ConnectivityState.TransientFailure);
                }
            }
        }

        if (isUnimplemented)
        {
            SubchannelLog.HealthUnimplemented(_logger, _target.Text, connection.Transport.Peer);
        }
        else if (!serves && isNews)
        {
            SubchannelLog.NotServing(_logger, _target.Text, connection.Transport.Peer, PrintableText.Escape(health.Detail));
        }

        changed?.SetResult();
        if (serves)
        {
            Slots.WakeFirst();
        }
        else
        {
            Slots.WakeAll();
        }
    }

    // ---- Time.

    // Ends what is idle, and lets the calls that wait ask again for another connection.
    private void OnClock()
    {
        var idle = new List<SubchannelConnection>();
        TaskCompletionSource? changed = null;
        CancellationTokenSource? attempts = null;
        bool mayAsk;
        lock (_lock)
        {
            if (_state is ConnectivityState.Idle or ConnectivityState.Shutdown)
            {
                return;
            }

            var now = Now();
            mayAsk = _noGrowthBefore <= now;
            if (IsOver(IdleSinceLocked(now), _limits.IdleTimeout, now))
            {
                idle.AddRange(_ready);
                idle.AddRange(_unserving);
                _ready = _unserving = [];
                attempts = _attempts;
                _attempts = null;
                _isBackingOff = false;
                changed = ChangeLocked(ConnectivityState.Idle);
            }
            else
            {
                if (!mayAsk)
                {
                    _clock.Arm(_noGrowthBefore);
                }

                idle.AddRange(_ready.Skip(1).Where(connection => IsOver(connection.IdleSince(now), FurtherConnectionIdleTimeout, now)));
                _ready = [.. _ready.Except(idle)];
            }
        }

        foreach (var connection in idle)
        {
            // A call that has just opened a stream on it ends in peace.
            SubchannelLog.ConnectionIdle(_logger, _target.Text, connection.Transport.Peer);
            connection.Close();
        }

        if (changed is not null)
        {
            SubchannelLog.Idle(_logger, _target.Text, _limits.IdleTimeout);
            _ = attempts?.CancelAsync();
            changed.SetResult();
            Slots.WakeAll();
        }
        else if (mayAsk)
        {
            Slots.WakeFirst();
        }
    }

    // Whether the time is over; if not, the clock is set to its end. While something runs its idle time has not begun: the earliest end
    // is one whole time from now.
    private bool IsOver(long since, TimeSpan timeout, long now)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            return false;
        }

        var end = since + (long)timeout.TotalMilliseconds;
        if (end > now)
        {
            _clock.Arm(end);
        }

        return end <= now;
    }

    private void ArmIdleTimeoutLocked() => _ = IsOver(Now(), _limits.IdleTimeout, Now());

    // A stream counts on a connection that was replaced, too.
    private long IdleSinceLocked(long now) => _waitingForReady > 0 || Slots.HasWaiters
        ? now
        : _connections.Aggregate(_idleSince, (latest, connection) => Math.Max(latest, connection.IdleSince(now)));

    // ---- Attempts to connect.

    // gRFC A105: calls wait, no connection has a slot, the bound allows another one, no attempt is under way. And each carries a stream: a
    // peer that allows none on this one allows none on the next.
    private bool MayGrowLocked() =>
        _state == ConnectivityState.Ready
        && _ready.Length + _unserving.Length < _limits.MaxConnections
        && _noGrowthBefore <= Now()
        && Slots.HasWaiters
        && Array.TrueForAll(_ready, connection => !connection.Transport.CanOpenStream && connection.HasCalls);

    private void StartAttempts(CancellationTokenSource? begun)
    {
        if (begun is null)
        {
            return;
        }

        // The first caller's context is not that of the connection, which serves others and is watched for as long as it lives.
        using (ExecutionContext.SuppressFlow())
        {
            _ = ConnectUntilReadyAsync(begun);
        }
    }

    private async Task ConnectAfterAsync(long time, CancellationTokenSource attempts)
    {
        await WaitUntilAsync(time, attempts.Token).ConfigureAwait(false);
        if (EndBackoff(attempts))
        {
            await ConnectUntilReadyAsync(attempts).ConfigureAwait(false);
        }
    }

    // Never throws: whatever goes wrong in an attempt becomes its status.
    private async Task ConnectUntilReadyAsync(CancellationTokenSource attempts)
    {
        do
        {
            var started = Now();
            var pause = _backoff.Next();
            var timeout = pause > ConnectionBackoff.MinimumConnectTimeout ? pause : ConnectionBackoff.MinimumConnectTimeout;
            var backoffEnd = started + (long)pause.TotalMilliseconds;
            var attempt = new ConnectionAttempt(_target, _resolver, _connector, timeout, _time, attempts.Token);
            var failure = await attempt.RunAsync(
                _ready is [var ready, ..] ? ready.Address : null,
                () => new SubchannelConnection(this, backoffEnd),
                connection => EnterReady(attempts, connection)).ConfigureAwait(false);
            if (failure is not { } problem || !BeginBackoff(attempts, problem))
            {
                return;
            }

            var left = TimeSpan.FromMilliseconds(Math.Max(0, backoffEnd - Now()));
            SubchannelLog.ConnectFailed(_logger, _target.Text, PrintableText.Escape(problem.Detail), left, problem.DebugException);
            await WaitUntilAsync(backoffEnd, attempts.Token).ConfigureAwait(false);
        }
        while (EndBackoff(attempts));
    }

    // A backoff may be longer than what a timer waits for.
    private async Task WaitUntilAsync(long time, CancellationToken calledOff)
    {
        while (time - Now() is > 0 and var left && !calledOff.IsCancellationRequested)
        {
            await Task.Delay(DeadlineTimer.Wait(TimeSpan.FromMilliseconds(left)), _time, calledOff).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // False: the connection ended before it could be used.
    private bool EnterReady(CancellationTokenSource attempts, SubchannelConnection connection)
    {
        bool isWanted;
        TaskCompletionSource? changed = null;
        lock (_lock)
        {
            isWanted = _attempts == attempts;
            if (isWanted)
            {
                if (connection.TakesNoStreams)
                {
                    return false;
                }

                _attempts = null;
                _ = _connections.Add(connection);
                connection.Health = _health?.Invoke(connection, OnHealth);
                if (connection.Health is null)
                {
                    changed = AddReadyLocked(connection);
                }
                else
                {
                    _failure = new Status(
                        StatusCode.Unavailable, $"The server at '{_target.Text}' has not said yet whether it serves (health checking).");
                    _unserving = [.. _unserving, connection];
                }
            }
        }

        if (!isWanted)
        {
            connection.Transport.Abort("nobody waits for the connection any more");
            return true;
        }

        changed?.SetResult();
        Slots.WakeFirst();
        SubchannelLog.Connected(_logger, _target.Text, connection.Transport.Peer);
        connection.Health?.Start();

        // GOAWAY or the end may have come between the check above and the publication; then Replace found nothing to replace.
        if (connection.TakesNoStreams)
        {
            Replace(connection);
            if (connection.Closed.IsCompleted)
            {
                Forget(connection);
            }
        }

        return true;
    }

    // False: the attempts were called off.
    private bool BeginBackoff(CancellationTokenSource attempts, Status failure)
    {
        TaskCompletionSource? changed = null;
        lock (_lock)
        {
            if (_attempts != attempts)
            {
                return false;
            }

            _failure = failure;
            _isBackingOff = true;
            if (_ready.Length == 0)
            {
                changed = ChangeLocked(ConnectivityState.TransientFailure);
            }
        }

        changed?.SetResult();
        return true;
    }

    // False: the attempts were called off, or are not needed any more.
    private bool EndBackoff(CancellationTokenSource attempts)
    {
        lock (_lock)
        {
            if (_attempts != attempts)
            {
                return false;
            }

            _isBackingOff = false;
            if (_ready.Length > 0 && !MayGrowLocked())
            {
                _attempts = null;
            }

            return _attempts is not null;
        }
    }

    private TaskCompletionSource? AddReadyLocked(SubchannelConnection connection)
    {
        _backoff.Reset();
        _ready = [.. _ready, connection];
        if (_ready.Length == 1)
        {
            return ChangeLocked(ConnectivityState.Ready);
        }

        _ = IsOver(Now(), FurtherConnectionIdleTimeout, Now());
        return null;
    }

    private static SubchannelConnection[] Without(SubchannelConnection[] connections, SubchannelConnection connection) =>
        Array.FindAll(connections, other => other != connection);

    private TaskCompletionSource ChangeLocked(ConnectivityState state)
    {
        _state = state;
        _trace.Add(new ConnectivityEvent(_time.GetUtcNow(), state, state == ConnectivityState.TransientFailure ? _failure.Detail : null));
        var changed = _changed;
        _changed = NewChange();
        return changed;
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
