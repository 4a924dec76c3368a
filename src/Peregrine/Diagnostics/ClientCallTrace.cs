// SPDX-License-Identifier: Apache-2.0
using System;
using System.Diagnostics;
using System.Threading;

namespace Peregrine.Diagnostics;

/// <summary>What is observed of one call of a client; made by <see cref="CallTracer.StartClientCall"/>. Thread-safe.</summary>
internal sealed class ClientCallTrace(CallTracer tracer, RpcMethodName method, Activity? activity)
{
    private readonly long _started = tracer.Time.GetTimestamp();
    private AttemptTrace? _attempt;

    /// <summary>The call's activity; null when no listener wants it.</summary>
    public Activity? Activity => activity;

    internal CallTracer Tracer => tracer;

    internal RpcMethodName Method => method;

    /// <summary>An attempt begins, before it has a connection.</summary>
    public AttemptTrace StartAttempt()
    {
        var attempt = new AttemptTrace(this);
        Volatile.Write(ref _attempt, attempt);
        return attempt;
    }

    /// <summary>The call has its status, before the caller learns it. Called once; ends the attempt that still runs.</summary>
    public void End(in Status status)
    {
        var attempt = Volatile.Read(ref _attempt);
        attempt?.End(status.StatusCode);
        try
        {
            RpcMetrics.ClientCallEnded(this, status.StatusCode, tracer.Time.GetElapsedTime(_started));
        }
        catch (Exception problem)
        {
            tracer.OnListenerFailed(problem);
        }

        if (activity is not null)
        {
            RpcActivities.SetPeer(activity, attempt?.Peer);
            RpcActivities.End(tracer, activity, status, isError: status.StatusCode != StatusCode.OK);
        }
    }
}
