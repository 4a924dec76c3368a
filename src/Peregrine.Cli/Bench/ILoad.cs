// SPDX-License-Identifier: Apache-2.0

using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Cli.Bench;

/// <summary>Makes the calls of a run: by the client, or on the HTTP/2 core.</summary>
internal interface ILoad
{
    /// <summary>How many calls are under way, or wait for a stream, about.</summary>
    int Outstanding { get; }

    /// <summary>Opens all connections.</summary>
    /// <exception cref="ToolException">One cannot be opened.</exception>
    Task ConnectAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Makes calls until the window's end: in a closed loop each behind the one before, in an open loop those of <see cref="Begin"/>.
    /// Done when all have ended.
    /// </summary>
    Task RunAsync();

    /// <summary>Begins a call of an open loop. Does not wait for it.</summary>
    /// <param name="due">When it is due.</param>
    void Begin(long due);

    /// <summary>Sends a message on one of the streams of a closed loop, or has it wait there for its turn.</summary>
    /// <param name="number">The number of the message; streams take turns.</param>
    /// <param name="due">When it is due.</param>
    void Send(long number, long due);

    /// <summary>No call, and no message, is due any longer.</summary>
    void EndSchedule();

    /// <summary>Adds what was counted since the last time to a total.</summary>
    void DrainTo(Recording total);

    /// <summary>Closes all connections: what has no end yet ends now.</summary>
    void Abort();
}
