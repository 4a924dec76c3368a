// SPDX-License-Identifier: Apache-2.0
namespace CompilerFuzz;

/// <summary>What the command line says.</summary>
internal sealed class Settings
{
    public const string Usage = """
        CompilerFuzz MODE [--protoc FILE] [--include DIR]... [--seed N] [--count N] [--seconds N] [--sample N]
                     [--only N] [--limits KIND=N,...] [--show KIND,...] FOLDER...
        MODE: crash         this compiler only
              differential  against protoc, which --protoc names
              check         against protoc, the files themselves instead of mutants
              format        this formatter: whether its text means the same, and stays as it is when it is formatted again
              scale         no folder: whether time and memory grow linearly with what a file holds
        FOLDER is an import root, or holds cases: sub-folders with .proto files and a cmd.txt that names what is compiled.
        --sample N takes every Nth file of an import root. --only N repeats the mutant of that number.
        --limits says how many disagreements of a kind in ten thousand mutants are allowed; the default is none of any.
        --show says of which kinds an example is minimized and printed; the default is all.
        """;

    public string Mode { get; private set; } = "";

    public string? Protoc { get; private set; }

    public List<string> Includes { get; } = [];

    public int Seed { get; private set; } = Random.Shared.Next();

    public int Count { get; private set; } = int.MaxValue;

    public TimeSpan Duration { get; private set; } = TimeSpan.MaxValue;

    public int Sample { get; private set; } = 1;

    public int Only { get; private set; } = -1;

    public Dictionary<DisagreementKind, int> Limits { get; } = [];

    public HashSet<DisagreementKind> Shown { get; private set; } = [.. Enum.GetValues<DisagreementKind>()];

    public List<string> Folders { get; } = [];

    public bool UsesProtoc => Mode is "differential" or "check";

    /// <summary>Reads a command line; null if it is wrong.</summary>
    /// <param name="args">The arguments.</param>
    public static Settings? Parse(string[] args)
    {
        Settings settings = new();
        try
        {
            for (int i = 0; i < args.Length; i++)
            {
                string? value = i + 1 < args.Length ? args[i + 1] : null;
                if (!args[i].StartsWith("--", StringComparison.Ordinal))
                {
                    settings.AddWord(args[i]);
                }
                else if (value is not null)
                {
                    settings.Set(args[i], value);
                    i++;
                }
                else
                {
                    return null;
                }
            }
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
        {
            return null;
        }

        bool isKnown = settings.Mode is "crash" or "differential" or "check" or "format" or "scale";
        return isKnown && settings.Folders.Count > 0 == (settings.Mode != "scale") && (!settings.UsesProtoc || settings.Protoc is not null) ? settings : null;
    }

    private void AddWord(string word)
    {
        if (Mode.Length == 0)
        {
            Mode = word;
        }
        else
        {
            Folders.Add(word);
        }
    }

    private void Set(string name, string value)
    {
        switch (name)
        {
            case "--protoc":
                Protoc = Path.GetFullPath(value);
                break;
            case "--include":
                Includes.Add(Path.GetFullPath(value));
                break;
            case "--seed":
                Seed = int.Parse(value);
                break;
            case "--count":
                Count = int.Parse(value);
                break;
            case "--seconds":
                Duration = TimeSpan.FromSeconds(int.Parse(value));
                break;
            case "--sample":
                Sample = int.Parse(value);
                break;
            case "--only":
                Only = int.Parse(value);
                break;
            case "--limits":
                foreach (string limit in value.Split(','))
                {
                    string[] parts = limit.Split('=');
                    Limits[Enum.Parse<DisagreementKind>(parts[0])] = int.Parse(parts[1]);
                }

                break;
            case "--show":
                Shown = [.. value.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<DisagreementKind>)];
                break;
            default:
                throw new FormatException(name);
        }
    }
}
