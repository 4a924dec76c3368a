// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;

namespace Peregrine.LoadBalancing;

/// <summary>What a subchannel may hold, and for how long.</summary>
/// <param name="MaxConnections">How many connections take new streams at a time; 1 for no other than the first.</param>
/// <param name="IdleTimeout">How long connections stay without calls; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
internal sealed record SubchannelLimits(int MaxConnections, TimeSpan IdleTimeout);
