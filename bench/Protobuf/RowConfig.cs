// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace ProtobufBenchmarks;

/// <summary>How BenchmarkDotNet runs the rows: in this process, all in about a quarter of an hour.</summary>
internal sealed class RowConfig : ManualConfig
{
    // More than a second: code reaches its highest tier in them.
    private const int Warmups = 5;
    private const int Iterations = 10;
    private const int IterationMilliseconds = 250;

    public RowConfig()
    {
        Add(DefaultConfig.Instance);
        AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(Warmups)
            .WithIterationCount(Iterations)
            .WithIterationTime(Perfolizer.Horology.TimeInterval.FromMilliseconds(IterationMilliseconds)));
    }
}
