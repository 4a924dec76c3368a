// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Bench.Calls;
using CallBench.Measuring;

namespace CallBench.Clients;

/// <summary>
/// Calls that begin when a schedule says so, whether earlier ones were answered or not, and whose latency counts from then: a stall
/// shows in every call that it delayed ("coordinated omission" hides all but one of them).
/// </summary>
internal static class OpenLoop
{
    public static Task RunAsync(IEchoClient client, Blob message, int perSecond, long end, LatencyHistogram latencies, Action answered)
    {
        TaskCompletionSource complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread pace = new(() =>
        {
            long start = Stopwatch.GetTimestamp();
            double step = (double)Stopwatch.Frequency / perSecond;
            int waiting = 1;
            for (long call = 0; ; call++)
            {
                long due = start + (long)(call * step);
                if (due >= end)
                {
                    break;
                }

                WaitUntil(due);
                Interlocked.Increment(ref waiting);
                _ = Task.Run(() => CallAsync(due));
            }

            Finish();

            async Task CallAsync(long due)
            {
                try
                {
                    await client.UnaryAsync(message);
                    latencies.RecordSince(due);
                    answered();
                    Finish();
                }
                catch (Exception e)
                {
                    complete.TrySetException(e); // whatever it is, the run is worth nothing now
                }
            }

            void Finish()
            {
                if (Interlocked.Decrement(ref waiting) == 0)
                {
                    complete.TrySetResult();
                }
            }
        });
        pace.Start();
        return complete.Task;
    }

    // Sleeping is exact to a millisecond only; the rest is spent on giving the processor to whoever wants it.
    private static void WaitUntil(long due)
    {
        while (true)
        {
            double left = 1000.0 * (due - Stopwatch.GetTimestamp()) / Stopwatch.Frequency;
            if (left <= 0)
            {
                return;
            }

            if (left > 2)
            {
                Thread.Sleep(1);
            }
            else
            {
                Thread.Yield();
            }
        }
    }
}
