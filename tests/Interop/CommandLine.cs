// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Interop;

/// <summary>The flags of a command line, written <c>--name=value</c> or <c>--name value</c>, over their defaults.</summary>
internal sealed class CommandLine
{
    private readonly IReadOnlyList<Flag> _known;
    private readonly Dictionary<string, string> _values;

    /// <exception cref="UsageException">A flag is not known, or has no value.</exception>
    public CommandLine(IReadOnlyList<Flag> known, IReadOnlyList<string> args)
    {
        _known = known;
        _values = known.ToDictionary(flag => flag.Name, flag => flag.Default);
        for (int i = 0; i < args.Count; i++)
        {
            string[] parts = args[i].Split('=', 2);
            Flag flag = Find(parts[0]);
            if (parts.Length == 2)
            {
                _values[flag.Name] = parts[1];
            }
            else if (i + 1 < args.Count && (flag.IsSwitch ? args[i + 1] is "true" or "false" : !args[i + 1].StartsWith("--", StringComparison.Ordinal)))
            {
                _values[flag.Name] = args[++i];
            }
            else if (flag.IsSwitch)
            {
                _values[flag.Name] = "true";
            }
            else
            {
                throw new UsageException($"The flag --{flag.Name} needs a value: --{flag.Name}=VALUE.");
            }
        }
    }

    public string Text(string name) => _values[name];

    /// <summary>The value of a flag that must be given.</summary>
    public string Required(string name, string reason) =>
        _values[name] is { Length: > 0 } value ? value : throw new UsageException($"The flag --{name} is missing: {reason}.");

    public bool Switch(string name) => _values[name] switch
    {
        "true" => true,
        "false" => false,
        var other => throw new UsageException($"The flag --{name} is true or false, not \"{other}\"."),
    };

    public int Number(string name) => int.TryParse(_values[name], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        ? number
        : throw new UsageException($"The flag --{name} is a number from 0 to {int.MaxValue}, not \"{_values[name]}\".");

    private Flag Find(string argument)
    {
        string name = argument.StartsWith("--", StringComparison.Ordinal) ? argument[2..] : "";
        return _known.FirstOrDefault(flag => flag.Name == name) ?? throw new UsageException(Unknown(argument));
    }

    private string Unknown(string argument)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"\"{argument}\" is no flag. Known are:");
        foreach (Flag flag in _known)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  --{flag.Name}={flag.Default}\n      {flag.Meaning}");
        }

        return text.ToString();
    }
}
