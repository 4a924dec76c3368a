// SPDX-License-Identifier: Apache-2.0
// Parts of a call by BenchmarkDotNet, with its own options: --filter '*Hpack*' --job short. bench/micro.sh runs all of it.
using BenchmarkDotNet.Running;
using MicroBenchmarks;

BenchmarkSwitcher.FromAssembly(typeof(HpackBenchmarks).Assembly).Run(args);
