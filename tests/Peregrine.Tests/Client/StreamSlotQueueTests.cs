// SPDX-License-Identifier: Apache-2.0
using Peregrine.LoadBalancing;

namespace Peregrine.Tests.Client;

public class StreamSlotQueueTests
{
    [Fact]
    public void Who_leaves_the_first_place_without_having_been_woken_wakes_the_next()
    {
        var queue = new StreamSlotQueue();
        var first = queue.Enter(first: false);
        var second = queue.Enter(first: false);
        Assert.True(queue.IsFirst(first));
        Assert.False(queue.IsFirst(second));
        queue.Leave(first);
        Assert.True(second.Turn.IsCompletedSuccessfully);
        Assert.False(queue.HasWaiters);
    }

    [Fact]
    public void Waiters_are_woken_one_at_a_time_and_who_was_woken_in_vain_is_first_again()
    {
        var queue = new StreamSlotQueue();
        var first = queue.Enter(first: false);
        var second = queue.Enter(first: false);
        queue.WakeFirst();
        Assert.True(first.Turn.IsCompletedSuccessfully);
        Assert.False(second.Turn.IsCompleted);
        var again = queue.Enter(first: true);
        Assert.True(queue.IsFirst(again));
        queue.WakeFirst();
        Assert.True(again.Turn.IsCompletedSuccessfully);
        Assert.False(second.Turn.IsCompleted);
    }

    [Fact]
    public void Closing_wakes_everybody_and_nobody_waits_afterwards()
    {
        var queue = new StreamSlotQueue();
        var waiting = queue.Enter(first: false);
        queue.Close();
        Assert.True(waiting.Turn.IsCompletedSuccessfully);
        Assert.True(queue.Enter(first: false).Turn.IsCompletedSuccessfully);
    }
}
