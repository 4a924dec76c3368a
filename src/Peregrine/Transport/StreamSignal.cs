// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;

namespace Peregrine.Transport;

/// <summary>
/// A reusable wait of one waiter: armed under its stream's lock, released once, awaited without allocation. What continues after
/// the wait runs as ready work of the connection.
/// </summary>
internal sealed class StreamSignal(TransportStream stream) : IValueTaskSource, IReadyWork
{
    private ManualResetValueTaskSourceCore<bool> _source;
    private bool _armed;
    private bool _busy;

    /// <summary>Whether nobody waits and nothing is to continue: the signal may serve another call.</summary>
    public bool IsIdle => !_busy;

    /// <summary>Begins a wait. The caller holds the stream's lock.</summary>
    public ValueTask Arm()
    {
        if (_armed)
        {
            throw new InvalidOperationException("The stream is waited for already; one reader and one writer at a time.");
        }

        _source.Reset();
        _armed = true;
        _busy = true;
        return new ValueTask(this, _source.Version);
    }

    /// <summary>Ends the wait if one is under way. The caller holds the stream's lock; true: call <see cref="Release"/> outside it.</summary>
    public bool Disarm()
    {
        var waiting = _armed;
        _armed = false;
        return waiting;
    }

    /// <summary>Lets the waiter continue.</summary>
    public void Release() => stream.Schedule(this);

    void System.Threading.IThreadPoolWorkItem.Execute()
    {
        // What continues may end the call, and the next one wait here, before this returns.
        _busy = false;
        _source.SetResult(true);
    }

    void IReadyWork.OnStalled() => (stream.Handler as IReadyWork)?.OnStalled();

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
