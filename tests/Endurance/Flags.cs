// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Endurance;

/// <summary>Flags written <c>--name=value</c>.</summary>
internal sealed class Flags
{
    private readonly Dictionary<string, string> _values = [];

    /// <exception cref="UsageException">An argument is not of that form.</exception>
    public Flags(IEnumerable<string> args)
    {
        foreach (string argument in args)
        {
            string[] parts = argument.Split('=', 2);
            if (parts.Length != 2 || !parts[0].StartsWith("--", StringComparison.Ordinal))
            {
                throw new UsageException($"\"{argument}\" is no flag: write --name=value.");
            }

            _values[parts[0][2..]] = parts[1];
        }
    }

    public string Text(string name, string otherwise) => _values.GetValueOrDefault(name, otherwise);

    public int Number(string name, int otherwise) => !_values.TryGetValue(name, out string? text) ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
        : throw new UsageException($"--{name} is a number from 0 to {int.MaxValue}, not \"{text}\".");

    public TimeSpan Seconds(string name, int otherwise) => TimeSpan.FromSeconds(Number(name, otherwise));
}
