// SPDX-License-Identifier: Apache-2.0
using Peregrine.Serving;

namespace Peregrine.Tests.Serving;

public sealed class StallHistoryTests
{
    private readonly StallHistory _history = new();

    [Fact]
    public void A_method_that_never_stalls_starts_on_the_reading_thread()
    {
        Assert.Equal(1000, CountInline(1000));
    }

    [Fact]
    public void Two_stalls_in_a_row_do_not_send_a_method_away()
    {
        Assert.False(_history.AddStall());
        Assert.False(_history.AddStall());
        Assert.True(_history.TakeInline());
    }

    [Fact]
    public void The_third_stall_in_a_row_sends_the_method_to_the_thread_pool()
    {
        Assert.True(BlockUntilDispatched() is StallHistory.StallsBeforeDispatch);
        Assert.False(_history.TakeInline());
    }

    [Fact]
    public void Stalls_that_come_seldom_are_forgotten_for_ever()
    {
        for (int i = 0; i < 1000; i++)
        {
            Assert.False(_history.AddStall());
            Assert.Equal(StallHistory.CallsToForget, CountInline(StallHistory.CallsToForget));
        }
    }

    [Fact]
    public void A_method_that_was_sent_away_is_tried_again_and_left_alone_when_it_blocks_no_more()
    {
        BlockUntilDispatched();
        Assert.Equal(0, CountInline(StallHistory.CallsToForget));
        Assert.Equal(10_000, CountInline(10_000));
    }

    [Fact]
    public void A_method_that_still_blocks_when_it_is_tried_again_is_sent_away_for_twice_as_long_each_time()
    {
        BlockUntilDispatched();
        int dispatched = StallHistory.CallsToForget;
        for (int i = 0; i < 8; i++)
        {
            Assert.Equal(0, CountInline(dispatched));
            Assert.True(_history.TakeInline());
            Assert.True(_history.AddStall() || _history.AddStall());
            dispatched *= 2;
        }
    }

    [Fact]
    public void A_method_that_always_blocks_is_tried_in_one_of_thousands_of_calls()
    {
        int inline = 0;
        for (int i = 0; i < 1_000_000; i++)
        {
            if (_history.TakeInline())
            {
                inline++;
                _history.AddStall();
            }
        }

        Assert.InRange(inline, StallHistory.StallsBeforeDispatch, 100);
    }

    [Fact]
    public void Calls_that_are_caught_after_the_method_was_sent_away_do_not_lengthen_it()
    {
        BlockUntilDispatched();
        Assert.False(_history.AddStall());
        Assert.Equal(0, CountInline(StallHistory.CallsToForget));
        Assert.True(_history.TakeInline());
    }

    private int BlockUntilDispatched()
    {
        for (int stalls = 1; ; stalls++)
        {
            Assert.True(_history.TakeInline());
            if (_history.AddStall())
            {
                return stalls;
            }
        }
    }

    private int CountInline(int calls)
    {
        int inline = 0;
        for (int i = 0; i < calls; i++)
        {
            inline += _history.TakeInline() ? 1 : 0;
        }

        return inline;
    }
}
