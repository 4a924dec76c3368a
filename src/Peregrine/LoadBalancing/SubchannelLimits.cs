// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.LoadBalancing;

/// <summary>What a subchannel may hold.</summary>
/// <param name="MaxConnections">How many connections take new streams at a time; 1 for no other than the first.</param>
internal sealed record SubchannelLimits(int MaxConnections);
