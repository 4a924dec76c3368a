// SPDX-License-Identifier: Apache-2.0
using Peregrine.Transport;

namespace Peregrine.Tests.Transport;

public sealed class ReadyBatchTests
{
    // Only the watchdog looks at the pump, and these batches are over before it does.
    private static readonly Http2Pump NoPump = null!;

    [Fact]
    public void Work_runs_in_the_order_in_which_it_became_ready()
    {
        ReadyBatch batch = new();
        List<int> order = [];
        batch.Begin();
        for (int i = 0; i < 3; i++)
        {
            int number = i;
            batch.Schedule(new Work(() => order.Add(number)));
        }

        Assert.True(batch.Run(NoPump));
        Assert.True(batch.TryEnd());
        Assert.Equal([0, 1, 2], order);
        Assert.False(batch.IsMine);
    }

    [Fact]
    public void A_batch_that_is_taken_over_during_user_code_is_left_by_the_thread_that_was_held()
    {
        ReadyBatch batch = new();
        Work held = null!;
        held = new Work(() =>
        {
            Assert.True(batch.IsMine);
            Assert.True(batch.TryTakeOver(batch.Turn));
            Assert.False(batch.IsMine);
        });
        Work rest = new(() => { });
        batch.Begin();
        batch.Schedule(held);
        batch.Schedule(rest);
        Assert.False(batch.Run(NoPump));
        Assert.Equal((1, 0), (held.Stalls, rest.Runs));

        batch.Begin();
        Assert.True(batch.Run(NoPump));
        Assert.Equal((1, 0), (rest.Runs, rest.Stalls));
    }

    [Fact]
    public void Nothing_is_taken_over_between_two_pieces_of_user_code_or_by_an_old_number()
    {
        ReadyBatch batch = new();
        batch.Begin();
        Assert.False(batch.TryTakeOver(batch.Turn));
        long first = 0;
        batch.Schedule(new Work(() => first = batch.Turn));
        batch.Schedule(new Work(() => Assert.False(batch.TryTakeOver(first))));
        Assert.True(batch.Run(NoPump));
        Assert.False(batch.TryTakeOver(first));
        Assert.True(batch.IsMine);
    }

    [Fact]
    public async Task Every_piece_of_work_runs_once_whoever_takes_the_batch_over()
    {
        const int count = 20_000;
        ReadyBatch batch = new();
        int[] runs = new int[count];
        int[] followers = new int[count];
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int open = 2 * count;
        void Count(ref int runs)
        {
            Interlocked.Increment(ref runs);
            if (Interlocked.Decrement(ref open) == 0)
            {
                ended.SetResult();
            }
        }

        void Own(bool first)
        {
            batch.Begin();
            for (int i = 0; first && i < count; i++)
            {
                int number = i;
                batch.Schedule(new Work(() =>
                {
                    // What user code makes ready may not touch the queue: another thread may have it by now.
                    batch.Schedule(new Work(() => Count(ref followers[number])));
                    Count(ref runs[number]);
                }));
            }

            do
            {
                if (!batch.Run(NoPump))
                {
                    return;
                }
            }
            while (!batch.TryEnd());
        }

        Task owner = Task.Run(() => Own(first: true), TestContext.Current.CancellationToken);
        int taken = 0;
        while (!ended.Task.IsCompleted && !owner.IsFaulted)
        {
            if (batch.TryTakeOver(batch.Turn))
            {
                taken++;
                _ = Task.Run(() => Own(first: false), TestContext.Current.CancellationToken);
            }
        }

        await ended.Task;
        Assert.All(runs, one => Assert.Equal(1, one));
        Assert.All(followers, one => Assert.Equal(1, one));
        TestContext.Current.TestOutputHelper?.WriteLine($"taken over {taken} times");
    }

    private sealed class Work(Action action) : IReadyWork
    {
        public int Runs { get; private set; }

        public int Stalls { get; private set; }

        public void Execute()
        {
            Runs++;
            action();
        }

        public void OnStalled() => Stalls++;
    }
}
