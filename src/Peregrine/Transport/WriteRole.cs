// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Http2;

namespace Peregrine.Transport;

/// <summary>
/// The write role of a connection: whoever finds output and nobody sending takes it and sends, until there is no more. A send that would
/// block ends asynchronously.
/// </summary>
/// <remarks>
/// What is written while a send is under way leaves with the next one. So that this is also true of messages that a stream writes in a row,
/// each of which finds the socket free: the first is sent at once, by the thread that wrote it, and those close behind it wait until the
/// thread pool sends them (<see cref="Gather"/>). A message that answers one that came never waits.
/// <code>
///   writer   m1 send, m2 m3 m4 m5 m6 ... m40, m41 m42 ...
///   pool                  wakes up: send m2 ... m40, send m41 ...
/// </code>
/// </remarks>
internal sealed class WriteRole(Http2Pump pump, ByteDuplex duplex, TimeProvider time) : IThreadPoolWorkItem
{
    // Messages closer together come in a row. A send costs some 5 us, and to let another thread send as much for its wake-up: what comes more
    // seldom is better sent where it is written.
    private static readonly TimeSpan RowGap = TimeSpan.FromMicroseconds(50);

    // Gathered output beyond this is sent by who writes: the pool's thread may be long in coming.
    private const int MaxGatheredOutput = 64 * 1024;

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // ---- Guarded by the pump's lock.
    private readonly List<ArraySegment<byte>> _segments = [];
    private bool _isQueued;
    private long _lastGathering = long.MinValue;

    /// <summary>Whether a send is under way. Guarded by the pump's lock.</summary>
    public bool IsTaken { get; private set; }

    /// <summary>Whether nothing more can be sent. Guarded by the pump's lock.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>
    /// Counts the batches of output that were handed to the socket: a request whose batch was not is certainly still here. Guarded by the
    /// pump's lock.
    /// </summary>
    public long BatchesTaken { get; private set; }

    /// <summary>Ends when the last batch of a connection that finishes was sent, or none can be.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Under the lock: takes the role if there is output and nobody has it. True: <see cref="Send"/> outside of the lock.</summary>
    public bool TryTake(List<Http2Event> events, bool finishing)
    {
        if (IsTaken || HasFailed || !pump.Core.TryTakeOutput(_segments, events))
        {
            if (!IsTaken && finishing)
            {
                // What is queued from here on is for nobody: our direction is being shut down, and TLS can do one of the two at a time.
                End();
            }

            return false;
        }

        IsTaken = true;
        BatchesTaken++;
        return true;
    }

    /// <summary>
    /// Under the lock, nobody sends and a message was written that may have others right behind it: whether it goes at once, as
    /// <see cref="Duty.Send"/>, waits for the pool, as <see cref="Duty.SendSoon"/> for who first finds so, or for what was queued already.
    /// </summary>
    public Duty Gather()
    {
        if (pump.Core.UnsentBytes > MaxGatheredOutput)
        {
            return Duty.Send;
        }

        if (_isQueued)
        {
            return Duty.None;
        }

        var now = time.GetTimestamp();
        var isInRow = _lastGathering != long.MinValue && time.GetElapsedTime(_lastGathering, now) < RowGap;
        _lastGathering = now;
        _isQueued = isInRow;
        return isInRow ? Duty.SendSoon : Duty.Send;
    }

    /// <summary>Lets the thread pool send what has gathered by then; once for each <see cref="Duty.SendSoon"/>.</summary>
    public void Queue() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    void IThreadPoolWorkItem.Execute()
    {
        Duty duty;
        lock (pump.Gate)
        {
            // From here on who writes queues anew, unless it finds the send that begins here under way.
            _isQueued = false;
            _lastGathering = time.GetTimestamp();
            duty = pump.ClaimAll();
        }

        pump.Continue(duty);
    }

    /// <summary>Sends the batch that was taken, and what gathers meanwhile.</summary>
    public void Send()
    {
        do
        {
            ValueTask send;
            try
            {
                send = duplex.SendAsync(_segments);
            }
            catch (Exception e)
            {
                // Of any type, here and below: see the read role.
                send = ValueTask.FromException(e);
            }

            if (!send.IsCompletedSuccessfully)
            {
                _ = FinishSendAsync(send);
                return;
            }
        }
        while (CompleteAndTake());

        pump.ApplyEvents();
    }

    /// <summary>Sends bytes that are no output of the core, as the last ones.</summary>
    /// <returns>What went wrong; null for nothing.</returns>
    public async Task<Exception?> SendLastAsync(ReadOnlyMemory<byte> bytes)
    {
        lock (pump.Gate)
        {
            IsTaken = true;
        }

        Exception? problem = null;
        try
        {
            await duplex.SendAsync([new ArraySegment<byte>(bytes.ToArray())]).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            problem = e;
        }

        lock (pump.Gate)
        {
            HasFailed = true;
            IsTaken = false;
        }

        return problem;
    }

    /// <summary>Under the lock: nothing more is sent.</summary>
    public void Fail() => HasFailed = true;

    /// <summary>Under the lock: nothing more is sent, nor is anything on its way.</summary>
    public void End()
    {
        HasFailed = true;
        _ended.TrySetResult();
    }

    private async Task FinishSendAsync(ValueTask send)
    {
        try
        {
            await send.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            lock (pump.Gate)
            {
                IsTaken = false;
                End();
            }

            pump.OnIoFailed(e);
            return;
        }

        if (CompleteAndTake())
        {
            Send();
        }
        else
        {
            pump.ApplyEvents();
        }
    }

    private bool CompleteAndTake()
    {
        lock (pump.Gate)
        {
            pump.Core.CompleteOutput();
            IsTaken = false;
            return pump.TryTakeOutput();
        }
    }
}
