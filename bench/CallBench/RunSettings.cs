// SPDX-License-Identifier: Apache-2.0
using Bench.Calls;
using CallBench.Measuring;

namespace CallBench;

/// <summary>How much is measured, as the command line says.</summary>
internal sealed class RunSettings(Flags flags)
{
    private readonly string[] _contestants = flags.Text("contestants").Split(',', StringSplitOptions.RemoveEmptyEntries);
    private readonly string[] _tables = flags.Text("tables").Split(',', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>How often each contestant has its turn; the median counts.</summary>
    public int Rounds { get; } = flags.Number("rounds", 5);

    /// <summary>How long a turn takes.</summary>
    public double Seconds { get; } = flags.Fraction("seconds", 0.4);

    /// <summary>How long each contestant runs before a question's first table.</summary>
    public double WarmUpSeconds => 4 * Seconds;

    /// <summary>The largest number of connections that is tried.</summary>
    public int MostConnections { get; } = flags.Number("connections", 10_000);

    /// <summary>Folder that files of results go to; null when none are wanted.</summary>
    public string? Results { get; } = flags.Has("results") ? flags.Text("results") : null;

    /// <summary>Whether a contestant takes part: all do, or those whose keys are named.</summary>
    public bool Takes(Contestant contestant) => _contestants.Length == 0 || _contestants.Contains(contestant.Key);

    /// <summary>Whether a table is wanted: all are, or those whose titles contain one of the texts.</summary>
    public bool Wants(string title) => _tables.Length == 0 || _tables.Any(text => title.Contains(text, StringComparison.OrdinalIgnoreCase));
}
