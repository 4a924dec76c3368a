// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
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
/// A channel's way to its server: resolves the target, connects to its addresses in order until one is ready (pick-first), keeps
/// that connection for all calls, and knows the connectivity state.
/// <code>
///            call, ConnectAsync              SETTINGS came
///   IDLE ───────────────────────► CONNECTING ─────────────► READY
///    ▲                                │ all failed            │
///    │                                ▼      SETTINGS came    │ GOAWAY, connection lost
///    │                      TRANSIENT_FAILURE ───────────►    │
///    └────────────────────────────────────────────────────────┘
/// </code>
/// In TRANSIENT_FAILURE it goes on trying after each backoff, and the state stays what it is until an attempt succeeds (gRFC A62).
/// Thread-safe: one lock, taken for decisions only; nothing is called while it is held.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Ended by ShutdownAsync; the token source has no timer and no linked parents.")]
internal sealed class Subchannel
{
    private readonly Lock _lock = new();
    private readonly ChannelTarget _target;
    private readonly DnsResolver _resolver;
    private readonly TransportConnector _connector;
    private readonly ConnectionBackoff _backoff;
    private readonly TimeProvider _time;
    private readonly GoAwayHandler _goAway;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _shutdown = new();
    private readonly HashSet<SubchannelConnection> _connections = [];
    private volatile SubchannelConnection? _current;
    private volatile ConnectivityState _state;
    private Status _failure;
    private TaskCompletionSource _changed = NewChange();

    internal Subchannel(
        ChannelTarget target,
        DnsResolver resolver,
        TransportConnector connector,
        ConnectionBackoff backoff,
        TimeProvider time,
        GoAwayHandler goAway,
        ILogger logger)
    {
        _target = target;
        _resolver = resolver;
        _connector = connector;
        _backoff = backoff;
        _time = time;
        _goAway = goAway;
        _logger = logger;
    }

    internal ConnectivityState State => _state;

    /// <summary>The ready connection, or null: the fast path of a call.</summary>
    internal SubchannelConnection? Current => _current;

    /// <summary>
    /// The ready connection, after as long as it takes: starts connecting when idle, waits while connecting; in TRANSIENT_FAILURE
    /// gives the last failure, or waits when <paramref name="waitForReady"/>.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    internal async ValueTask<Pick> PickAsync(bool waitForReady, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            TaskCompletionSource? begun;
            lock (_lock)
            {
                switch (_state)
                {
                    case ConnectivityState.Ready:
                        return new Pick(_current!);
                    case ConnectivityState.Shutdown:
                        return new Pick(_failure);
                    case ConnectivityState.TransientFailure when !waitForReady:
                        return new Pick(_failure);
                }

                begun = BeginConnectingLocked();
                changed = _changed.Task;
            }

            StartConnecting(begun);
            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Starts connecting when idle; does nothing in all other states.</summary>
    internal void RequestConnection()
    {
        TaskCompletionSource? begun;
        lock (_lock)
        {
            begun = BeginConnectingLocked();
        }

        StartConnecting(begun);
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

    /// <summary>Ends it for good: running calls end with CANCELLED, connections are closed after a GOAWAY.</summary>
    /// <returns>A task that completes when the last connection is closed. Never fails.</returns>
    internal Task ShutdownAsync()
    {
        SubchannelConnection[] connections;
        TaskCompletionSource? changed = null;
        lock (_lock)
        {
            connections = [.. _connections];
            if (_state != ConnectivityState.Shutdown)
            {
                _failure = new Status(
                    StatusCode.Unavailable, $"The channel to '{_target.Text}' is shut down; make calls on a channel that is alive.");
                _current = null;
                changed = ChangeLocked(ConnectivityState.Shutdown);
            }
        }

        changed?.SetResult();
        var closed = new Task[connections.Length + 1];
        closed[^1] = _shutdown.CancelAsync();
        for (var i = 0; i < connections.Length; i++)
        {
            connections[i].Transport.Abort("the channel was shut down");
            closed[i] = connections[i].Closed;
        }

        return Task.WhenAll(closed);
    }

    /// <summary>The connection takes no more streams: the next call makes a new one.</summary>
    internal void Replace(SubchannelConnection connection)
    {
        TaskCompletionSource? changed = null;
        lock (_lock)
        {
            if (_current == connection)
            {
                _current = null;
                changed = ChangeLocked(ConnectivityState.Idle);
            }
        }

        if (changed is not null)
        {
            changed.SetResult();
            SubchannelLog.ConnectionEnded(_logger, _target.Text, connection.Transport.Peer);
        }
    }

    /// <summary>The server ends a connection, and says why.</summary>
    internal void OnGoAway(in Http2Error error) => _goAway(error);

    /// <summary>The connection is closed: nothing is left of it.</summary>
    internal void Forget(SubchannelConnection connection)
    {
        lock (_lock)
        {
            _ = _connections.Remove(connection);
        }
    }

    private TaskCompletionSource? BeginConnectingLocked() =>
        _state == ConnectivityState.Idle ? ChangeLocked(ConnectivityState.Connecting) : null;

    private void StartConnecting(TaskCompletionSource? begun)
    {
        if (begun is not null)
        {
            begun.SetResult();
            _ = ConnectUntilReadyAsync();
        }
    }

    // Never throws: whatever goes wrong in an attempt becomes its status.
    private async Task ConnectUntilReadyAsync()
    {
        while (true)
        {
            var started = _time.GetTimestamp();
            var pause = _backoff.Next();
            var timeout = pause > ConnectionBackoff.MinimumConnectTimeout ? pause : ConnectionBackoff.MinimumConnectTimeout;
            if (await TryConnectAsync(timeout).ConfigureAwait(false) is not { } failure)
            {
                return;
            }

            if (!EnterTransientFailure(failure))
            {
                return;
            }

            var left = pause - _time.GetElapsedTime(started);
            SubchannelLog.ConnectFailed(_logger, _target.Text, failure.Detail, left > TimeSpan.Zero ? left : TimeSpan.Zero, failure.DebugException);
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left, _time, _shutdown.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // One attempt over all addresses. Null: ready, or shut down meanwhile.
    private async ValueTask<Status?> TryConnectAsync(TimeSpan timeout)
    {
        IReadOnlyList<EndPoint> addresses;
        try
        {
            using var limit = new AttemptLimit(timeout, _time, _shutdown.Token);
            addresses = await _resolver.ResolveAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception problem)
        {
            return _shutdown.IsCancellationRequested ? null : ConnectFailure.Resolve(_target, timeout, problem);
        }

        if (addresses.Count == 0)
        {
            return ConnectFailure.NoAddress(_target);
        }

        var failures = new List<Status>(addresses.Count);
        foreach (var address in addresses)
        {
            var connection = new SubchannelConnection(this);
            try
            {
                using var limit = new AttemptLimit(timeout, _time, _shutdown.Token);
                connection.Attach(await _connector(address, connection, limit.Token).ConfigureAwait(false));
                if (EnterReady(connection))
                {
                    return null;
                }

                failures.Add(ConnectFailure.ClosedAtOnce(_target, address));
            }
            catch (Exception problem)
            {
                if (_shutdown.IsCancellationRequested)
                {
                    return null;
                }

                failures.Add(ConnectFailure.Connect(_target, address, timeout, problem));
            }
        }

        return ConnectFailure.Combine(_target, failures);
    }

    // False: the connection ended before it could be used.
    private bool EnterReady(SubchannelConnection connection)
    {
        TaskCompletionSource? changed = null;
        lock (_lock)
        {
            if (_state != ConnectivityState.Shutdown)
            {
                if (connection.TakesNoStreams)
                {
                    return false;
                }

                _backoff.Reset();
                _ = _connections.Add(connection);
                _current = connection;
                changed = ChangeLocked(ConnectivityState.Ready);
            }
        }

        if (changed is null)
        {
            connection.Transport.Abort("the channel was shut down");
            return true;
        }

        changed.SetResult();
        SubchannelLog.Connected(_logger, _target.Text, connection.Transport.Peer);

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

    private bool EnterTransientFailure(Status failure)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            if (_state == ConnectivityState.Shutdown)
            {
                return false;
            }

            _failure = failure;
            changed = ChangeLocked(ConnectivityState.TransientFailure);
        }

        changed.SetResult();
        return true;
    }

    private TaskCompletionSource ChangeLocked(ConnectivityState state)
    {
        _state = state;
        return RenewChangeLocked();
    }

    private TaskCompletionSource RenewChangeLocked()
    {
        var changed = _changed;
        _changed = NewChange();
        return changed;
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The token of one step of an attempt: cancelled by the time limit or by the shutdown.</summary>
    private sealed class AttemptLimit : IDisposable
    {
        private readonly CancellationTokenSource _timeout;
        private readonly CancellationTokenSource _linked;

        internal AttemptLimit(TimeSpan timeout, TimeProvider time, CancellationToken shutdown)
        {
            _timeout = new CancellationTokenSource(timeout, time);
            _linked = CancellationTokenSource.CreateLinkedTokenSource(_timeout.Token, shutdown);
        }

        internal CancellationToken Token => _linked.Token;

        public void Dispose()
        {
            _linked.Dispose();
            _timeout.Dispose();
        }
    }
}
