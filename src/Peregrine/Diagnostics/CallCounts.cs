// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Diagnostics;

/// <summary>The calls of a channel or server since it was made.</summary>
/// <param name="Started">Calls that were started.</param>
/// <param name="Succeeded">Calls that ended with OK.</param>
/// <param name="Failed">Calls that ended with another status.</param>
/// <param name="LastStarted">When a call was started last, in UTC; null for never.</param>
public sealed record CallCounts(long Started, long Succeeded, long Failed, DateTimeOffset? LastStarted);
