// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Diagnostics;

/// <summary>A change of a channel's connectivity.</summary>
/// <param name="At">When, in UTC.</param>
/// <param name="State">The state from then on.</param>
/// <param name="Reason">Why connecting failed; null in the other states.</param>
public sealed record ConnectivityEvent(DateTimeOffset At, ConnectivityState State, string? Reason);
