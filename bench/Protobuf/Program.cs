// SPDX-License-Identifier: Apache-2.0
// Compares the protobuf runtime with Google's. Without a word of its own below BenchmarkDotNet runs every row of every operation, in about
// a quarter of an hour, and the ratios end it; its own options choose less (--filter '*ParseBenchmarks*').
//   quick [ROW or OPERATION ...]   both in turns, one table in some minutes
//   loop ROW OPERATION SECONDS     one thing again and again, for a profiler
//   times OPERATION ..., payloads FOLDER   for bench/protobuf-cpp.sh
using System.Globalization;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using ProtobufBenchmarks;

switch (args)
{
    case ["quick", .. var names]:
        return QuickTable.Run(names);
    case ["loop", var row, var operation, var seconds]:
        return QuickTable.Loop(row, operation, double.Parse(seconds, CultureInfo.InvariantCulture));
    case ["times", .. var operations]:
        return QuickTable.Times(operations);
    case ["payloads", var folder]:
        return QuickTable.WritePayloads(folder);
    default:
        IEnumerable<Summary> summaries = BenchmarkSwitcher.FromAssembly(typeof(ParseBenchmarks).Assembly)
            .Run(args.Length == 0 ? ["--filter", "*"] : args, new RowConfig());
        return RatioSummary.Print(summaries);
}
