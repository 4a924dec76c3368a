// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Diagnostics;

/// <summary>
/// The one seam through which calls are observed: logs, metrics and traces hang here and nowhere else. Null when nobody observes,
/// so that a call then pays one comparison. Called from many threads at once; must not throw.
/// </summary>
internal abstract class CallTracer
{
    /// <summary>A server has begun a call; <paramref name="method"/> is the path.</summary>
    public virtual void ServerCallStarted(string method, string peer)
    {
    }

    /// <summary>A server's call has ended; follows each <see cref="ServerCallStarted"/> exactly once.</summary>
    public virtual void ServerCallEnded(string method, Status status, TimeSpan elapsed)
    {
    }
}
