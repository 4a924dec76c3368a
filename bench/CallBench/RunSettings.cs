// SPDX-License-Identifier: Apache-2.0
using Bench.Calls;

namespace CallBench;

/// <summary>How much is measured, as the command line says.</summary>
internal sealed class RunSettings(Flags flags)
{
    /// <summary>How often each contestant has its turn; the median counts.</summary>
    public int Rounds { get; } = flags.Number("rounds", 5);

    /// <summary>How long a turn takes.</summary>
    public double Seconds { get; } = flags.Fraction("seconds", 2);

    /// <summary>How long each contestant runs before a question's first table.</summary>
    public double WarmUpSeconds => 2 * Seconds;

    /// <summary>The largest number of connections that is tried.</summary>
    public int MostConnections { get; } = flags.Number("connections", 10_000);
}
