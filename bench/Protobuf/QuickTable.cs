// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;

namespace ProtobufBenchmarks;

/// <summary>Measures both runtimes in turns, so that a noisy machine disturbs both, and prints the ratios.</summary>
internal static class QuickTable
{
    private const int Rounds = 250;
    private const int FewRounds = 15;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(2);

    private static readonly (string Name, Func<Subject, object> Run)[] Operations =
    [
        ("parse", static subject => subject.Parse()),
        ("write", static subject => subject.Write()),
        ("to array", static subject => subject.ToArray()),
        ("to JSON", static subject => subject.FormatJson()),
        ("from JSON", static subject => subject.ParseJson()),
    ];

    /// <summary>Prints the table; given names choose rows and operations.</summary>
    public static int Run(string[] names)
    {
        Console.WriteLine($"{"",-12} {"",-10} {"bytes",9} {"Peregrine",12} {"Google",12} {"ratio",6}   {"allocated",12} {"Google",12} {"ratio",6}");
        foreach ((string name, Func<Subject, object> run) in Operations)
        {
            double times = 0;
            double allocations = 0;
            int count = 0;
            foreach (Row row in Row.All)
            {
                if (names.Length > 0 && !names.Contains(row.Name) && !names.Contains(name))
                {
                    continue;
                }

                double[] best = Measure(run, row.Ours, row.Theirs);
                (double ours, double theirs) = (best[0], best[1]);
                long ourBytes = Allocated(row.Ours, run);
                long theirBytes = Allocated(row.Theirs, run);
                times += Math.Log(ours / theirs);
                allocations += Math.Log(Math.Max(1, ourBytes) / (double)Math.Max(1, theirBytes));
                count++;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{row.Name,-12} {name,-10} {row.Bytes.Length,9} {Time(ours),12} {Time(theirs),12} {ours / theirs,6:0.00}   {ourBytes,12} {theirBytes,12} {ourBytes / (double)Math.Max(1, theirBytes),6:0.00}"));
            }

            if (count > 1)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{"mean",-12} {name,-10} {"",9} {"",12} {"",12} {Math.Exp(times / count),6:0.00}   {"",12} {"",12} {Math.Exp(allocations / count),6:0.00}"));
            }
        }

        return 0;
    }

    /// <summary>Prints the times of our runtime alone, "row|operation|nanoseconds", for bench/protobuf-cpp.sh.</summary>
    public static int Times(string[] operations)
    {
        foreach ((string name, Func<Subject, object> run) in Operations.Where(each => operations.Contains(each.Name)))
        {
            foreach (Row row in Row.All)
            {
                double seconds = Measure(run, row.Ours)[0];
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Name}|{name}|{seconds * 1e9:0.0}"));
            }
        }

        return 0;
    }

    /// <summary>Writes the bytes of each row to a file of its name.</summary>
    public static int WritePayloads(string folder)
    {
        foreach (Row row in Row.All)
        {
            File.WriteAllBytes(Path.Combine(folder, row.Name), row.Bytes);
        }

        return 0;
    }

    /// <summary>Does one thing by our runtime for some seconds: what a profiler looks at.</summary>
    public static int Loop(string name, string operation, double seconds)
    {
        Row row = Row.All.Single(row => row.Name == name);
        Func<Subject, object> run = Operations.Single(each => each.Name == operation).Run;
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
        {
            run(row.Ours);
        }

        return 0;
    }

    // The best of many short slices, taken in turns.
    private static double[] Measure(Func<Subject, object> run, params Subject[] subjects)
    {
        int[] counts = [.. subjects.Select(subject => Calibrate(subject, run))];
        double[] best = [.. subjects.Select(_ => double.MaxValue)];
        for (int i = 0; i < Rounds && (i < FewRounds || best[0] < Slice.TotalSeconds * 2); i++)
        {
            for (int j = 0; j < subjects.Length; j++)
            {
                best[j] = Math.Min(best[j], Loop(subjects[j], run, counts[j]));
            }
        }

        return best;
    }

    // Also lets the runtime compile the code at its highest tier.
    private static int Calibrate(Subject subject, Func<Subject, object> run)
    {
        int count = 1;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < 40 || Stopwatch.GetElapsedTime(start) < TimeSpan.FromMilliseconds(150); i++)
        {
            if (i >= 3 && Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(2))
            {
                break;
            }

            double seconds = Loop(subject, run, count) * count;
            count = seconds < Slice.TotalSeconds / 2 ? count * 2 : count;
        }

        return count;
    }

    private static double Loop(Subject subject, Func<Subject, object> run, int count)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            run(subject);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / count;
    }

    // The least of some runs: now and then one of either runtime is charged with 224 bytes that are not its own.
    private static long Allocated(Subject subject, Func<Subject, object> run)
    {
        long least = long.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            run(subject);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private static string Time(double seconds) => seconds switch
    {
        < 1e-6 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e9:0.0} ns"),
        < 1e-3 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:0.00} us"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:0.00} ms"),
    };
}
