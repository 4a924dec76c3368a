// SPDX-License-Identifier: Apache-2.0
namespace CompilerFuzz;

/// <summary>Counts disagreements by kind and by signature.</summary>
internal sealed class Findings
{
    private readonly Dictionary<Disagreement, int> _counts = [];

    /// <summary>Counts one; true if it is the first of its signature.</summary>
    /// <param name="found">The disagreement.</param>
    public bool Add(Disagreement found)
    {
        int count = _counts.GetValueOrDefault(found);
        _counts[found] = count + 1;
        return count == 0;
    }

    /// <summary>How many there are of a kind.</summary>
    /// <param name="kind">The kind.</param>
    public int Count(DisagreementKind kind) => _counts.Sum(pair => pair.Key.Kind == kind ? pair.Value : 0);

    /// <summary>Prints the signatures, the most frequent of each kind first.</summary>
    public void Print()
    {
        foreach ((Disagreement found, int count) in _counts.OrderBy(pair => pair.Key.Kind).ThenByDescending(pair => pair.Value))
        {
            Console.WriteLine($"{count,6} {found.Kind,-15} {found.Signature}");
        }
    }
}
