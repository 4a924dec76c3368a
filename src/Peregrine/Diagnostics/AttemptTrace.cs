// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;

namespace Peregrine.Diagnostics;

/// <summary>What is observed of one attempt of a client's call; made by <see cref="ClientCallTrace.StartAttempt"/>. Thread-safe.</summary>
internal sealed class AttemptTrace
{
    private readonly ClientCallTrace _call;
    private readonly long _started;
    private long _sent;
    private long _received;
    private int _ended;

    internal AttemptTrace(ClientCallTrace call)
    {
        _call = call;
        _started = call.Tracer.Time.GetTimestamp();
        try
        {
            RpcMetrics.AttemptStarted(call);
        }
        catch (Exception problem)
        {
            call.Tracer.OnListenerFailed(problem);
        }
    }

    /// <summary>The server's address as gRPC writes it; null until the attempt has a stream.</summary>
    public string? Peer { get; set; }

    /// <summary>A request message was given to the transport.</summary>
    /// <param name="length">In bytes, compressed, without its prefix.</param>
    public void MessageSent(long length) => Interlocked.Add(ref _sent, length);

    /// <summary>A response message was read.</summary>
    /// <param name="length">In bytes, still compressed, without its prefix.</param>
    public void MessageReceived(long length) => Interlocked.Add(ref _received, length);

    /// <summary>The attempt has ended; only the first call of this counts.</summary>
    public void End(StatusCode code)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
        {
            return;
        }

        try
        {
            RpcMetrics.AttemptEnded(
                _call, code, _call.Tracer.Time.GetElapsedTime(_started), Interlocked.Read(ref _sent), Interlocked.Read(ref _received));
        }
        catch (Exception problem)
        {
            _call.Tracer.OnListenerFailed(problem);
        }
    }
}
