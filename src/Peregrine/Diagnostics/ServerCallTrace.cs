// SPDX-License-Identifier: Apache-2.0
using System;
using System.Diagnostics;
using System.Threading;

namespace Peregrine.Diagnostics;

/// <summary>What is observed of one call on a server; made by <see cref="CallTracer.StartServerCall"/>. Thread-safe.</summary>
internal sealed class ServerCallTrace
{
    private readonly CallTracer _tracer;
    private readonly RpcMethodName _method;
    private readonly Activity? _activity;
    private readonly long _started;
    private long _sent;
    private long _received;

    internal ServerCallTrace(CallTracer tracer, RpcMethodName method, Activity? activity)
    {
        _tracer = tracer;
        _method = method;
        _activity = activity;
        _started = tracer.Time.GetTimestamp();
        try
        {
            RpcMetrics.ServerCallStarted(method);
        }
        catch (Exception problem)
        {
            tracer.OnListenerFailed(problem);
        }
    }

    /// <summary>Makes the call's activity the current one of the asynchronous method that calls this, and of the handler it calls.</summary>
    public void Enter()
    {
        if (_activity is not null)
        {
            RpcActivities.MakeCurrent(_tracer, _activity);
        }
    }

    /// <summary>A request message was read.</summary>
    /// <param name="length">In bytes, still compressed, without its prefix.</param>
    public void MessageReceived(long length) => Interlocked.Add(ref _received, length);

    /// <summary>A response message was given to the transport.</summary>
    /// <param name="length">In bytes, compressed, without its prefix.</param>
    public void MessageSent(long length) => Interlocked.Add(ref _sent, length);

    /// <summary>The call has ended. Called once.</summary>
    public void End(in Status status)
    {
        try
        {
            RpcMetrics.ServerCallEnded(
                _method, status.StatusCode, _tracer.Time.GetElapsedTime(_started), Interlocked.Read(ref _sent), Interlocked.Read(ref _received));
        }
        catch (Exception problem)
        {
            _tracer.OnListenerFailed(problem);
        }

        if (_activity is not null)
        {
            RpcActivities.End(_tracer, _activity, status, RpcActivities.IsServerError(status.StatusCode));
        }
    }
}
