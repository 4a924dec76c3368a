// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;

namespace Peregrine.Transport;

/// <summary>
/// A reusable wait of one waiter: armed under its stream's lock, released once, awaited without allocation. What continues after
/// the wait runs as ready work of the connection.
/// </summary>
internal sealed class StreamSignal(Http2Pump pump, StreamHandler handler) : IValueTaskSource, IReadyWork
{
    private ManualResetValueTaskSourceCore<bool> source;
    private bool armed;

    /// <summary>Begins a wait. The caller holds the stream's lock.</summary>
    public ValueTask Arm()
    {
        if (armed)
        {
            throw new InvalidOperationException("The stream is waited for already; one reader and one writer at a time.");
        }

        source.Reset();
        armed = true;
        return new ValueTask(this, source.Version);
    }

    /// <summary>Ends the wait if one is under way. The caller holds the stream's lock; true: call <see cref="Release"/> outside it.</summary>
    public bool Disarm()
    {
        var waiting = armed;
        armed = false;
        return waiting;
    }

    /// <summary>Lets the waiter continue.</summary>
    public void Release() => pump.Schedule(this);

    void System.Threading.IThreadPoolWorkItem.Execute() => source.SetResult(true);

    void IReadyWork.OnStalled() => (handler as IReadyWork)?.OnStalled();

    void IValueTaskSource.GetResult(short token) => source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);
}
