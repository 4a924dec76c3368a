// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;

namespace CompilerFuzz;

/// <summary>Makes mutants, compiles them, compares, and reports.</summary>
internal sealed class Campaign(Settings settings, IReadOnlyList<Seed> seeds, ProtocRun? protoc)
{
    // What a compilation may allocate: imports may be many and large, and cost what they cost; a byte of text costs some hundred.
    private const long FreeBytes = 512 << 20;
    private const long BytesPerByte = 4000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly PeregrineRun _peregrine = new(settings.Includes, Limit);
    private readonly Findings _findings = new();
    private readonly Stopwatch _time = Stopwatch.StartNew();
    private long _mutants;
    private long _accepted;
    private long _rejected;
    private long _protocFailures;

    /// <summary>Runs it.</summary>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    public int Run()
    {
        Console.WriteLine($"{settings.Mode}: {seeds.Count} seeds, random seed {settings.Seed}");
        int end = settings.Mode == "check" ? seeds.Count : settings.Count;
        for (int i = Math.Max(0, settings.Only); i < end && _time.Elapsed < settings.Duration; i++)
        {
            // Each mutant has random numbers of its own, so that one can be repeated without those before it.
            Random random = new(MutantSeed(settings.Seed, i));
            Seed seed = settings.Mode == "check" ? seeds[i] : seeds[random.Next(seeds.Count)];
            byte[] text = settings.Mode == "check" ? seed.Text : new Mutator(seeds, random).Mutate(seed);
            Try(i, seed, text);
            if (settings.Only >= 0)
            {
                break;
            }
        }

        return Report();
    }

    private static int MutantSeed(int seed, int index) => unchecked((seed * 1_000_003) ^ (index * 7919));

    private void Try(int index, Seed seed, byte[] text)
    {
        _mutants++;
        (Disagreement? found, Outcome? ours, Outcome? theirs) = Compare(seed, text);
        _accepted += ours.IsAccepted ? 1 : 0;
        _rejected += ours.IsAccepted ? 0 : 1;
        if (found is null || !_findings.Add(found) || !settings.Shown.Contains(found.Kind))
        {
            return;
        }

        byte[] small = Minimizer.Run(text, candidate => Compare(seed, candidate).Found == found);
        (_, ours, theirs) = Compare(seed, small);
        Console.WriteLine($"---- {found.Kind}: {found.Signature}");
        Console.WriteLine($"seed {settings.Seed}, mutant {index} of {Path.Combine(seed.Directory, seed.Path)}");
        Console.WriteLine(Printable(small));
        Console.WriteLine($"  ours:   {Printed(ours)}");
        Console.WriteLine($"  protoc: {(theirs is null ? "not asked" : Printed(theirs))}");
        if (_peregrine.Failure is { } failure)
        {
            Console.WriteLine(failure);
        }
    }

    private (Disagreement? Found, Outcome Ours, Outcome? Theirs) Compare(Seed seed, byte[] text)
    {
        string Describe() => $"{Path.Combine(seed.Directory, seed.Path)}, saved as {Save(text)}";
        Disagreement? misformed = null;
        Outcome ours = settings.Mode == "format"
            ? _peregrine.Format(seed, text, Describe, out misformed)
            : _peregrine.Compile(seed, text, withBytes: true, Describe);
        if (_peregrine.Failure is { } failure)
        {
            return (new Disagreement(DisagreementKind.Crash, $"{failure.GetType().Name} {failure.StackTrace?.Split('\n')[0].Trim()}"), ours, null);
        }

        if (_peregrine.AllocatedBytes > FreeBytes + (BytesPerByte * text.Length))
        {
            return (new Disagreement(DisagreementKind.Memory, $"{_peregrine.AllocatedBytes >> 20} MB"), ours, null);
        }

        if (protoc is null)
        {
            return (misformed, ours, null);
        }

        Outcome? theirs = protoc.Compile(seed, text);
        if (theirs is null)
        {
            _protocFailures++;
            return (null, ours, null);
        }

        return (Disagreement.Between(ours, theirs), ours, theirs);
    }

    private static string Save(byte[] text)
    {
        string path = Path.Combine(Path.GetTempPath(), $"compiler-fuzz-{Environment.ProcessId}.proto");
        File.WriteAllBytes(path, text);
        return path;
    }

    private static string Printed(Outcome outcome) => outcome.IsAccepted
        ? $"accepted{(outcome.Warnings.Count == 0 ? "" : ", warnings at " + string.Join(' ', outcome.Warnings))}"
        : $"{outcome.Place ?? "no place"}: {outcome.Message}";

    private static string Printable(byte[] text)
    {
        StringBuilder shown = new();
        foreach (char c in Encoding.Latin1.GetString(text.AsSpan(0, Math.Min(text.Length, 4000))))
        {
            shown.Append(c is '\n' or '\t' || (c >= ' ' && c < 0x7F) ? c : $"<{(int)c:X2}>");
        }

        return shown.ToString();
    }

    private int Report()
    {
        Console.WriteLine("====");
        _findings.Print();
        Console.WriteLine($"{_mutants} compiled in {_time.Elapsed.TotalSeconds:0} s: {_accepted} accepted, {_rejected} rejected{(_protocFailures > 0 ? $", protoc itself failed on {_protocFailures}" : "")}");
        bool isWithin = true;
        foreach (DisagreementKind kind in Enum.GetValues<DisagreementKind>())
        {
            int count = _findings.Count(kind);
            long allowed = settings.Limits.GetValueOrDefault(kind) * _mutants / 10_000;
            isWithin &= count <= allowed;
            if (count > 0)
            {
                Console.WriteLine($"{kind}: {count}, allowed {allowed}");
            }
        }

        return isWithin ? ExitCode.Success : ExitCode.Found;
    }
}
