// SPDX-License-Identifier: Apache-2.0
namespace CallBench.Measuring;

/// <summary>What was measured of one contestant, value by value of something that grows.</summary>
internal sealed record Series(Contestant Contestant, List<Figures> Points);
