// SPDX-License-Identifier: Apache-2.0

using System.Threading;

namespace Peregrine.Cli.Mock;

/// <summary>Counts how often a rule has applied. Thread-safe.</summary>
/// <param name="most">How often it may.</param>
internal sealed class RuleLimit(int most)
{
    private int _taken;

    /// <summary>Counts once more; false when it may not apply any more.</summary>
    public bool TryTake()
    {
        // Never beyond the limit, so that the count does not come round.
        for (var taken = Volatile.Read(ref _taken); taken < most; taken = Volatile.Read(ref _taken))
        {
            if (Interlocked.CompareExchange(ref _taken, taken + 1, taken) == taken)
            {
                return true;
            }
        }

        return false;
    }
}
