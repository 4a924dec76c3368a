// SPDX-License-Identifier: Apache-2.0
namespace CallBench.Measuring;

/// <summary>What is measured. Costs are for one call or, in streams, for one message.</summary>
internal enum Column
{
    PerSecond,
    MegabytesPerSecond,
    P50,
    P99,
    P999,
    Longest,
    ClientCpu,
    ServerCpu,
    ClientAllocated,
    ServerAllocated,
    ClientResident,
    ServerResident,
    Milliseconds,
}
