// SPDX-License-Identifier: Apache-2.0
using Peregrine.Diagnostics;

namespace Peregrine.Client;

/// <summary>Something that most calls do not meet, such as a wait, noted for the timeline of a failure; and what was noted before it.</summary>
internal sealed record CallMark(FlightEvent Event, CallMark? Previous);
