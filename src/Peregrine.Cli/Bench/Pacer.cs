// SPDX-License-Identifier: Apache-2.0

using System;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Cli.Bench;

/// <summary>
/// Keeps a schedule: what is due begins then, whether earlier calls have ended or not, and what is late begins at once, none left out.
/// Since latency counts from when a call was due, a server that stalls shows it in every call that it delayed ("coordinated omission"
/// hides all but one of them).
/// </summary>
/// <param name="schedule">When calls are due.</param>
/// <param name="window">When the run begins and ends.</param>
/// <param name="mayBegin">Whether what is due at a time may begin; false ends the schedule.</param>
/// <param name="isFull">Whether so much is under way already that memory would run out: what is due waits then, and is late.</param>
/// <param name="begin">Begins what is due, and does not wait for it.</param>
internal sealed class Pacer(LoadSchedule schedule, RunWindow window, Func<long, bool> mayBegin, Func<bool> isFull, Action<long> begin)
{
    private const int CallsBetweenLooks = 256;

    private readonly LatencyHistogram _lag = new();

    /// <summary>How late calls began: what the generator itself could not keep. Read when <see cref="RunAsync"/> is done.</summary>
    public LatencyHistogram Lag => _lag;

    /// <summary>What was due and counts, but had not begun when the run was cut off. Of random times it is what is to be expected. Read when <see cref="RunAsync"/> is done.</summary>
    public long Skipped { get; private set; }

    /// <summary>Runs until the window's end, on a thread of its own.</summary>
    public Task RunAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                Run();
                done.SetResult();
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                done.SetException(exception);
            }
        })
        { IsBackground = true, Name = "bench pacer" }.Start();
        return done.Task;
    }

    /// <summary>Runs until the window's end.</summary>
    public void Run()
    {
        for (long i = 1; ; i++)
        {
            var due = window.Begin + (long)(schedule.Next() * window.Time.TimestampFrequency);
            var now = WaitUntil(due);
            while (i % CallsBetweenLooks == 0 && due < window.Until && !window.IsCutOff && isFull())
            {
                Thread.Sleep(1);
                now = window.Time.GetTimestamp();
            }

            if (window.IsCutOff)
            {
                // Counted, not begun: there may be millions behind a server that is too slow.
                Skipped = schedule.CountIn((window.Until - Math.Max(due, window.From)) / (double)window.Time.TimestampFrequency);
                return;
            }

            if (!mayBegin(due))
            {
                return;
            }

            if (window.Counts(due))
            {
                _lag.Record((long)((now - due) * window.NanosecondsPerTick));
            }

            begin(due);
        }
    }

    // Sleeping is exact to a millisecond only; the rest is spent on giving the processor to whoever wants it.
    private long WaitUntil(long due)
    {
        while (true)
        {
            var now = window.Time.GetTimestamp();
            var left = (due - now) * window.NanosecondsPerTick;
            if (left <= 0 || now >= window.Until)
            {
                return now;
            }

            if (left > 2e6)
            {
                Thread.Sleep(1);
            }
            else
            {
                _ = Thread.Yield();
            }
        }
    }
}
