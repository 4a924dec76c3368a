// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Peregrine.TestKit;

/// <summary>
/// The command line of a fuzzing program. <c>TARGET SEED SECONDS [CORPUS]</c> mutates inputs for so long: inputs with a new outcome are kept,
/// in CORPUS/TARGET, too, from where the next run starts, and an input that is a finding is printed as hex. <c>TARGET HEX</c> runs one
/// input. Beside the program, <c>Corpus/TARGET.hex</c> has inputs that were worth keeping, a line each.
/// </summary>
public sealed class FuzzProgram
{
    private const int MostFindings = 10;
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(10);

    private readonly FuzzTarget _target;
    private readonly string? _folder;
    private readonly List<byte[]> _corpus;
    private readonly HashSet<string> _outcomes = [];
    private int _runs;
    private int _findings;

    private FuzzProgram(FuzzTarget target, string? folder)
    {
        _target = target;
        _folder = folder is null ? null : Path.Combine(folder, target.Name);
        _corpus = [.. target.Seeds];
        string kept = Path.Combine(AppContext.BaseDirectory, "Corpus", target.Name + ".hex");
        if (File.Exists(kept))
        {
            _corpus.AddRange(File.ReadLines(kept).Select(Convert.FromHexString));
        }

        if (_folder is not null)
        {
            Directory.CreateDirectory(_folder);
            _corpus.AddRange(Directory.EnumerateFiles(_folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes));
        }
    }

    /// <summary>Runs what the arguments say.</summary>
    /// <param name="name">The program's name, for its usage.</param>
    /// <param name="args">The arguments.</param>
    /// <param name="targets">What it can fuzz.</param>
    /// <returns>The exit code: 0 without a finding, 1 with one, 2 for wrong arguments.</returns>
    public static int Run(string name, string[] args, IReadOnlyList<FuzzTarget> targets)
    {
        FuzzTarget? target = args.Length > 0 ? targets.FirstOrDefault(each => each.Name == args[0]) : null;
        if (target is null || args.Length is not (2 or 3 or 4))
        {
            Console.WriteLine($"{name} {string.Join('|', targets.Select(each => each.Name))} SEED SECONDS [CORPUS] or TARGET HEX");
            return 2;
        }

        if (args.Length == 2)
        {
            Console.WriteLine(target.Run(Convert.FromHexString(args[1])));
            return 0;
        }

        return new FuzzProgram(target, args.Length == 4 ? args[3] : null).Run(
            new Random(int.Parse(args[1], CultureInfo.InvariantCulture)),
            TimeSpan.FromSeconds(int.Parse(args[2], CultureInfo.InvariantCulture)));
    }

    private int Run(Random random, TimeSpan time)
    {
        int start = _corpus.Count;
        for (int i = 0; i < start; i++)
        {
            Run(_corpus[i], keep: false);
        }

        Stopwatch watch = Stopwatch.StartNew();
        while (watch.Elapsed < time && _findings < MostFindings)
        {
            Run(Mutation.Of(_corpus[random.Next(_corpus.Count)], _corpus[random.Next(_corpus.Count)], random), keep: true);
        }

        Console.WriteLine($"{_target.Name}: {_runs} inputs, {_corpus.Count - start} kept, {_findings} findings");
        return _findings == 0 ? 0 : 1;
    }

    private void Run(byte[] input, bool keep)
    {
        _runs++;
        long began = Stopwatch.GetTimestamp();
        try
        {
            if (_outcomes.Add(_target.Run(input)) && keep)
            {
                Keep(input);
            }
        }
        catch (Exception e)
        {
            // Every exception that a target lets through is a finding, of whatever type.
            _findings++;
            Console.WriteLine($"{e.GetType().Name}: {e.Message}\n{e.StackTrace}\n{Convert.ToHexString(input)}");
        }

        if (Stopwatch.GetElapsedTime(began) > LongestRun)
        {
            _findings++;
            Console.WriteLine($"It took {Stopwatch.GetElapsedTime(began)}:\n{Convert.ToHexString(input)}");
        }
    }

    private void Keep(byte[] input)
    {
        _corpus.Add(input);
        if (_folder is not null)
        {
            File.WriteAllBytes(Path.Combine(_folder, Convert.ToHexString(SHA256.HashData(input))[..16]), input);
        }
    }
}
