// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Bench.Calls;

/// <summary>Words of a command written <c>name=value</c>, with or without <c>--</c> in front.</summary>
internal sealed class Flags
{
    private readonly Dictionary<string, string> _values = [];

    public Flags(IEnumerable<string> words)
    {
        foreach (string word in words)
        {
            string[] parts = word.TrimStart('-').Split('=', 2);
            _values[parts[0]] = parts.Length == 2
                ? parts[1]
                : throw new ArgumentException($"\"{word}\" is no flag: write name=value.", nameof(words));
        }
    }

    public string Text(string name, string otherwise = "") => _values.GetValueOrDefault(name, otherwise);

    public bool Has(string name) => _values.ContainsKey(name);

    public int Number(string name, int otherwise) =>
        _values.TryGetValue(name, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    public double Fraction(string name, double otherwise) =>
        _values.TryGetValue(name, out string? text) ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
