// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Cli.Calls;

namespace Peregrine.Cli.Bench;

/// <summary>Makes calls straight on the HTTP/2 core: no channel, no messages, no status objects; each response's status is looked at, and its latency taken down.</summary>
internal sealed class RawLoad(BenchPlan plan, RunWindow window) : ILoad, IDisposable
{
    private readonly List<RawConnection> _connections = [];
    private int _next;

    /// <inheritdoc/>
    public int Outstanding => _connections.Sum(connection => connection.Outstanding);

    /// <inheritdoc/>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ConnectAllAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ToolException exception) when (exception.Code == ExitCode.Of(StatusCode.Unavailable))
        {
            // A channel knows better what is wrong, and what may help.
            using var connection = ServerConnection.Create(plan.Connection, isOnlyOne: true);
            await connection.OpenOrExplainAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task RunAsync() => Task.WhenAll(_connections.Select(connection => Task.Run(connection.RunAsync)));

    /// <inheritdoc/>
    public void Begin(long due) => _connections[_next++ % _connections.Count].Begin(due);

    /// <inheritdoc/>
    public void Send(long number, long due) =>
        _connections[(int)(number % _connections.Count)].Send((int)(number / _connections.Count % plan.Streams), due);

    /// <inheritdoc/>
    public void EndSchedule() => _connections.ForEach(connection => connection.EndSchedule());

    /// <inheritdoc/>
    public void DrainTo(Recording total) => _connections.ForEach(connection => connection.Recorder.DrainTo(total));

    /// <inheritdoc/>
    public void Abort() => Dispose();

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _connections.ForEach(connection => connection.Dispose());

    private async Task ConnectAllAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < plan.Connections; i++)
        {
            _connections.Add(new RawConnection(plan, window, await RawSocket.ConnectAsync(plan.Connection, cancellationToken).ConfigureAwait(false)));
        }

        await Task.WhenAll(_connections.Select(connection => connection.OpenAsync(cancellationToken))).ConfigureAwait(false);
    }
}
