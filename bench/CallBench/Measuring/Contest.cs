// SPDX-License-Identifier: Apache-2.0
namespace CallBench.Measuring;

/// <summary>Pairs that take turns, so that whatever else the machine does hits all of them.</summary>
internal sealed class Contest : IAsyncDisposable
{
    private readonly RunSettings _settings;
    private readonly List<Pair> _pairs = [];

    private Contest(RunSettings settings) => _settings = settings;

    public IReadOnlyList<Pair> Pairs => _pairs;

    public static async Task<Contest> StartAsync(
        RunSettings settings, IEnumerable<Contestant> contestants, params IReadOnlyCollection<string> options)
    {
        Contest contest = new(settings);
        foreach (Contestant contestant in contestants.Where(settings.Takes))
        {
            contest._pairs.Add(await Pair.StartAsync(contestant, options));
        }

        return contest;
    }

    /// <summary>
    /// Runs work that does not count, in all pairs: code is compiled again and again until it is hot, which takes calls rather than time.
    /// </summary>
    public async Task WarmUpAsync(string work, Func<Pair, bool>? takesPart = null)
    {
        foreach (Pair pair in _pairs.Where(takesPart ?? (_ => true)))
        {
            await pair.RunAsync(FormattableString.Invariant($"{work} seconds={_settings.WarmUpSeconds}"));
        }
    }

    /// <summary>Prints a table of what <see cref="RunAsync"/> measures, unless the command line wants other rows.</summary>
    public async Task AnswerAsync(string title, string work, Column[] columns, Func<Pair, bool>? takesPart = null)
    {
        if (_settings.Wants(title))
        {
            Table.Print(title, await RunAsync(work, takesPart), columns);
        }
    }

    /// <summary>Lets the pairs take turns, after one that does not count.</summary>
    /// <param name="work">What the clients are to do, without the time.</param>
    /// <param name="takesPart">Which pairs do it; null for all.</param>
    /// <returns>The median of each pair.</returns>
    public async Task<List<(Contestant Contestant, Figures Figures)>> RunAsync(string work, Func<Pair, bool>? takesPart = null)
    {
        Pair[] pairs = [.. _pairs.Where(takesPart ?? (_ => true))];
        List<Figures>[] turns = [.. pairs.Select(_ => new List<Figures>())];
        foreach (Pair pair in pairs)
        {
            await pair.RunAsync(FormattableString.Invariant($"{work} seconds={_settings.Seconds}"));
        }

        for (int round = 0; round < _settings.Rounds; round++)
        {
            for (int i = 0; i < pairs.Length; i++)
            {
                turns[i].Add(await pairs[i].RunAsync(FormattableString.Invariant($"{work} seconds={_settings.Seconds}")));
            }
        }

        return [.. pairs.Select((pair, i) => (pair.Contestant, Figures.Median(turns[i])))];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Pair pair in _pairs)
        {
            await pair.DisposeAsync();
        }
    }
}
