// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Http2.Guards;

/// <summary>An allowance that fills with time and with good deeds, and empties with cost.</summary>
internal struct TokenBucket(int capacity, int refillPerSecond, long now)
{
    private readonly int _capacity = capacity;
    private long _milliTokens = capacity * 1000L;
    private long _last = now;

    public void Earn(int tokens) => _milliTokens = Math.Min(_capacity * 1000L, _milliTokens + (tokens * 1000L));

    /// <summary>Takes tokens; false when there are not enough.</summary>
    public bool TrySpend(int tokens, long now)
    {
        if (now > _last)
        {
            long elapsed = Math.Min(now - _last, 3_600_000);
            _milliTokens = Math.Min(_capacity * 1000L, _milliTokens + (elapsed * refillPerSecond));
            _last = now;
        }

        _milliTokens -= tokens * 1000L;
        return _milliTokens >= 0;
    }
}
