// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using BenchmarkDotNet.Reports;

namespace ProtobufBenchmarks;

/// <summary>What a run of BenchmarkDotNet comes to: for each operation the geometric mean of our time over Google's, its worst row, and allocation.</summary>
internal static class RatioSummary
{
    /// <summary>Prints a line for each operation; 1 if something of it was not measured, else 0.</summary>
    public static int Print(IEnumerable<Summary> summaries)
    {
        List<BenchmarkReport> reports = [.. summaries.SelectMany(static summary => summary.Reports)];
        Console.WriteLine();
        Console.WriteLine($"{"",-22} {"mean",6} {"worst row",-20} {"allocation",10} {"most",-20}");
        bool isWhole = reports.Count > 0;
        foreach (IGrouping<string, BenchmarkReport> operation in reports.GroupBy(static report => report.BenchmarkCase.Descriptor.Type.Name))
        {
            List<Ratio> ratios = [];
            foreach (IGrouping<string, BenchmarkReport> row in operation.GroupBy(static report => report.BenchmarkCase.Parameters[nameof(RowBenchmarks.Row)].ToString()!))
            {
                BenchmarkReport? ours = row.FirstOrDefault(static report => !report.BenchmarkCase.Descriptor.Baseline);
                BenchmarkReport? theirs = row.FirstOrDefault(static report => report.BenchmarkCase.Descriptor.Baseline);
                if (ours?.ResultStatistics is { } ourTime && theirs?.ResultStatistics is { } theirTime)
                {
                    ratios.Add(new Ratio(row.Key, ourTime.Mean / theirTime.Mean, Allocated(ours), Allocated(theirs)));
                }
                else
                {
                    isWhole = false;
                }
            }

            if (ratios.Count > 0)
            {
                Print(operation.Key, ratios);
            }
        }

        return isWhole ? 0 : 1;
    }

    private static void Print(string operation, List<Ratio> ratios)
    {
        Ratio slowest = ratios.MaxBy(static ratio => ratio.Time)!;
        Ratio largest = ratios.MaxBy(static ratio => ratio.Allocation)!;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{operation,-22} {Mean(ratios, static ratio => ratio.Time),6:0.00} {$"{slowest.Time:0.00} {slowest.Row}",-20} {Mean(ratios, static ratio => ratio.Allocation),10:0.00} {$"{largest.Allocation:0.00} {largest.Row}",-20}"));
        foreach (Ratio ratio in ratios.Where(static ratio => ratio.Time > 1 || ratio.Ours > ratio.Theirs))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  worse than Google's: {ratio.Row} time {ratio.Time:0.00}, {ratio.Ours} bytes against {ratio.Theirs}"));
        }
    }

    private static double Mean(List<Ratio> ratios, Func<Ratio, double> value) =>
        Math.Exp(ratios.Average(ratio => Math.Log(value(ratio))));

    private static long Allocated(BenchmarkReport report) => report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0;

    // One row; nothing allocated counts as a byte.
    private sealed record Ratio(string Row, double Time, long Ours, long Theirs)
    {
        public double Allocation => Math.Max(1, Ours) / (double)Math.Max(1, Theirs);
    }
}
