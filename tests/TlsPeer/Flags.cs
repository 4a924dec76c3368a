// SPDX-License-Identifier: Apache-2.0
namespace TlsPeer;

/// <summary>Flags of a command line: <c>--name value</c>, or <c>--name</c> alone for a switch.</summary>
internal sealed class Flags
{
    private readonly Dictionary<string, string> _values = [];

    /// <summary>The value; null when the flag is not given.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    public static bool TryParse(string[] args, out Flags flags)
    {
        flags = new Flags();
        for (int i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                return false;
            }

            bool hasValue = i + 1 < args.Length && !args[i + 1].StartsWith("--", StringComparison.Ordinal);
            flags._values[args[i][2..]] = hasValue ? args[i + 1] : "";
            i += hasValue ? 1 : 0;
        }

        return flags["port"] is not null;
    }
}
