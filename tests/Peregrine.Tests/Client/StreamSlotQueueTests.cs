// SPDX-License-Identifier: Apache-2.0
using Peregrine.LoadBalancing;

namespace Peregrine.Tests.Client;

public class StreamSlotQueueTests
{
    private readonly StreamSlotQueue _queue = new();

    [Fact]
    public void Who_leaves_the_first_place_without_having_been_woken_wakes_the_next()
    {
        var first = _queue.Enter();
        var second = _queue.Enter();
        var turn = _queue.NextTurn(second);
        Assert.True(_queue.IsFirst(first));
        Assert.False(_queue.IsFirst(second));

        _queue.Leave(first);
        Assert.True(turn.IsCompletedSuccessfully);
        Assert.True(_queue.IsFirst(second));

        _queue.Leave(second);
        Assert.False(_queue.HasWaiters);
    }

    [Fact]
    public void Only_the_first_is_woken_and_keeps_its_place_while_it_looks_in_vain()
    {
        var first = _queue.Enter();
        var second = _queue.Enter();
        var seconds = _queue.NextTurn(second);

        _queue.WakeFirst();
        Assert.True(_queue.NextTurn(first) is { IsCompleted: false });
        Assert.True(_queue.IsFirst(first));
        Assert.False(seconds.IsCompleted);
    }

    [Fact]
    public void What_happens_after_the_turn_was_asked_for_completes_it()
    {
        var place = _queue.Enter();
        var turn = _queue.NextTurn(place);
        Assert.False(turn.IsCompleted);
        _queue.WakeFirst();
        Assert.True(turn.IsCompletedSuccessfully);
    }

    [Fact]
    public void When_there_is_nothing_to_wait_for_everybody_is_woken_and_the_order_stays()
    {
        var first = _queue.Enter();
        var second = _queue.Enter();
        Task[] turns = [_queue.NextTurn(first), _queue.NextTurn(second)];

        _queue.WakeAll();
        Assert.All(turns, turn => Assert.True(turn.IsCompletedSuccessfully));
        Assert.True(_queue.IsFirst(first));
        Assert.False(_queue.IsFirst(second));
    }
}
