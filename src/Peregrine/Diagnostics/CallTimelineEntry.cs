// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Diagnostics;

/// <summary>One line of a <see cref="CallTimeline"/>. An immutable value.</summary>
/// <param name="Elapsed">The time since the call began; negative for what its connection did before.</param>
/// <param name="Event">What happened, for people: the wording may change between versions.</param>
public readonly record struct CallTimelineEntry(TimeSpan Elapsed, string Event);
