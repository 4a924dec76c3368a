// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Cli.Bench;

/// <summary>Makes calls as applications do: by channels, one for each connection, with requests that are encoded already.</summary>
internal sealed class ClientLoad(BenchPlan plan, RunWindow window) : ILoad, IDisposable
{
    // A worker whose call could not reach the server waits for a moment: failing as fast as it can would measure nothing.
    private static readonly TimeSpan PauseOfUnavailable = TimeSpan.FromMilliseconds(10);

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<ClientConnection> _connections = [];
    private MessageTurns[] _turns = [];
    private int _open = 1;
    private int _next;

    /// <inheritdoc/>
    public int Outstanding => Volatile.Read(ref _open);

    /// <inheritdoc/>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < plan.Connections; i++)
        {
            _connections.Add(new ClientConnection(plan, window));
        }

        await Task.WhenAll(_connections.Select(connection => connection.OpenAsync(cancellationToken))).ConfigureAwait(false);
        _turns = [.. Enumerable.Range(0, plan.Connections * plan.Streams).Select(_ => new MessageTurns(window, isPaced: plan.MessageRate is not null))];
    }

    /// <inheritdoc/>
    public Task RunAsync()
    {
        if (plan.Rate is not null)
        {
            return _ended.Task;
        }

        // Started on the pool: the continuations of the first calls must not run here, one behind the other.
        return Task.WhenAll(_turns.Select((turns, i) => Task.Run(() => RepeatAsync(_connections[i % _connections.Count], turns))));
    }

    /// <inheritdoc/>
    public void Begin(long due)
    {
        _ = Interlocked.Increment(ref _open);
        var connection = _connections[_next++ % _connections.Count];
        _ = ThreadPool.UnsafeQueueUserWorkItem(static begun => _ = begun.Load.CallOnceAsync(begun.Connection, begun.Due), (Load: this, Connection: connection, Due: due), preferLocal: false);
    }

    /// <inheritdoc/>
    public void Send(long number, long due) => _turns[number % _turns.Length].Add(due);

    /// <inheritdoc/>
    public void EndSchedule()
    {
        foreach (var turns in _turns)
        {
            turns.End();
        }

        CallEnded();
    }

    /// <inheritdoc/>
    public void DrainTo(Recording total) => _connections.ForEach(connection => connection.Recorder.DrainTo(total));

    /// <inheritdoc/>
    public void Abort() => Dispose();

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _connections.ForEach(connection => connection.Dispose());

    private async Task RepeatAsync(ClientConnection connection, MessageTurns turns)
    {
        for (var begun = window.Time.GetTimestamp(); window.TryBegin(begun) && !window.IsCutOff; begun = window.Time.GetTimestamp())
        {
            if (await connection.CallAsync(begun, turns).ConfigureAwait(false) == StatusCode.Unavailable)
            {
                await Task.Delay(PauseOfUnavailable, window.Time).ConfigureAwait(false);
            }
        }
    }

    private async Task CallOnceAsync(ClientConnection connection, long due)
    {
        try
        {
            if (window.IsCutOff)
            {
                connection.Recorder.Call(due, window.Time.GetTimestamp(), StatusCode.Cancelled);
                return;
            }

            _ = await connection.CallAsync(due, new MessageTurns(window, isPaced: false)).ConfigureAwait(false);
        }
        finally
        {
            CallEnded();
        }
    }

    private void CallEnded()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            _ = _ended.TrySetResult();
        }
    }
}
