// SPDX-License-Identifier: Apache-2.0
using System.Threading;

namespace Peregrine;

/// <summary>
/// A server's counters of calls since it was made. Each read is exact for its counter; counters read one after the other may
/// differ by calls that ended in between. Thread-safe.
/// </summary>
public sealed class ServerStatistics
{
    private readonly long[] _ended = new long[17];
    private long _started;

    internal ServerStatistics()
    {
    }

    /// <summary>
    /// Calls that arrived: each request that gRPC answers with a status, also those for unknown methods, and none that is answered
    /// with a bare HTTP status.
    /// </summary>
    public long CallsStarted => Interlocked.Read(ref _started);

    /// <summary>Calls that ended, with any status. Each started call ends exactly once.</summary>
    public long CallsEndedTotal
    {
        get
        {
            long total = 0;
            for (var i = 0; i < _ended.Length; i++)
            {
                total += Interlocked.Read(ref _ended[i]);
            }

            return total;
        }
    }

    /// <summary>Calls that ended with the status.</summary>
    /// <param name="code">The status code; one outside the 17 of gRPC is counted as <see cref="StatusCode.Unknown"/>.</param>
    public long CallsEnded(StatusCode code) => Interlocked.Read(ref _ended[IndexOf(code)]);

    internal void OnStarted() => Interlocked.Increment(ref _started);

    internal void OnEnded(StatusCode code) => Interlocked.Increment(ref _ended[IndexOf(code)]);

    private static int IndexOf(StatusCode code) => (uint)code < 17 ? (int)code : (int)StatusCode.Unknown;
}
