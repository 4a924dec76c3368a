// SPDX-License-Identifier: Apache-2.0
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine;

/// <summary>
/// Lets the thread pool have one thread more for each of its threads that blocks in a call, for as long as it blocks.
/// </summary>
/// <remarks>
/// The response that a blocked thread waits for is read on the pool. The pool notices blocked threads by itself, but replaces them
/// slowly: two at each step, with pauses that grow to 250 ms, so that 64 blocking calls at once on two cores took 14 seconds.
/// Raising the minimum makes it start the thread now. What is added is taken away by the same amount, never set back to a remembered
/// value, so that an application may change the minimum meanwhile.
/// </remarks>
internal static class BlockedPoolThreads
{
    private static readonly Lock Gate = new();

    /// <summary>Waits for a task's end on this thread. Faults of the task are for the caller to observe.</summary>
    public static void Wait(Task task)
    {
        if (task.IsCompleted)
        {
            return;
        }

        var isPoolThread = Thread.CurrentThread.IsThreadPoolThread && TryChangeMinimum(1);
        try
        {
            task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
        }
        finally
        {
            if (isPoolThread)
            {
                _ = TryChangeMinimum(-1);
            }
        }
    }

    private static bool TryChangeMinimum(int by)
    {
        lock (Gate)
        {
            ThreadPool.GetMinThreads(out var workers, out var completionPorts);
            return ThreadPool.SetMinThreads(workers + by, completionPorts);
        }
    }
}
