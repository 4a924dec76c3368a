// SPDX-License-Identifier: Apache-2.0
// Compares the protobuf runtime with Google's. Without arguments BenchmarkDotNet runs everything (an hour); its own options
// choose (--filter '*Parse*' --job short). "quick [ROW]" measures both in turns and prints one table in some minutes.
using BenchmarkDotNet.Running;
using ProtobufBenchmarks;

if (args is ["quick", .. var rows])
{
    return QuickTable.Run(rows);
}

if (args is ["loop", var name, var operation, var seconds])
{
    return QuickTable.Loop(name, operation, double.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture));
}

BenchmarkSwitcher.FromAssembly(typeof(ParseBenchmarks).Assembly).Run(args);
return 0;
