// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Attributes;

namespace ProtobufBenchmarks;

/// <summary>One operation on every row, by both runtimes; Google's is the baseline.</summary>
[MemoryDiagnoser]
[HideColumns("Error", "Median")]
public abstract class RowBenchmarks
{
    public static IEnumerable<Row> Rows => Row.All;

    [ParamsSource(nameof(Rows))]
    public Row Row { get; set; } = Row.All[0];
}

public class ParseBenchmarks : RowBenchmarks
{
    [Benchmark(Baseline = true)]
    public object Google() => Row.Theirs.Parse();

    [Benchmark]
    public object Peregrine() => Row.Ours.Parse();
}

public class WriteBenchmarks : RowBenchmarks
{
    [Benchmark(Baseline = true)]
    public object Google() => Row.Theirs.Write();

    [Benchmark]
    public object Peregrine() => Row.Ours.Write();
}

public class ToArrayBenchmarks : RowBenchmarks
{
    [Benchmark(Baseline = true)]
    public object Google() => Row.Theirs.ToArray();

    [Benchmark]
    public object Peregrine() => Row.Ours.ToArray();
}

public class FormatJsonBenchmarks : RowBenchmarks
{
    [Benchmark(Baseline = true)]
    public object Google() => Row.Theirs.FormatJson();

    [Benchmark]
    public object Peregrine() => Row.Ours.FormatJson();
}

public class ParseJsonBenchmarks : RowBenchmarks
{
    [Benchmark(Baseline = true)]
    public object Google() => Row.Theirs.ParseJson();

    [Benchmark]
    public object Peregrine() => Row.Ours.ParseJson();
}
