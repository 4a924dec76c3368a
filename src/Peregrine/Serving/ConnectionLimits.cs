// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;

namespace Peregrine.Serving;

/// <summary>How long connections live (gRFC A9); <see cref="Timeout.InfiniteTimeSpan"/> for ever.</summary>
/// <param name="Idle">Without calls.</param>
/// <param name="Age">At all, before they are ended gracefully.</param>
/// <param name="Grace">From then on until the calls that still run are cancelled.</param>
internal readonly record struct ConnectionLimits(TimeSpan Idle, TimeSpan Age, TimeSpan Grace)
{
    public bool AreNone => Idle == Timeout.InfiniteTimeSpan && Age == Timeout.InfiniteTimeSpan;
}
