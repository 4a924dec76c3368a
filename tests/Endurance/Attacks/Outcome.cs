// SPDX-License-Identifier: Apache-2.0
namespace Endurance.Attacks;

/// <summary>What must become of an attacker's connection.</summary>
internal enum Outcome
{
    /// <summary>It may go on: what it costs is bounded.</summary>
    Bounded,

    /// <summary>The server ends it.</summary>
    Ends,

    /// <summary>The server ends it with GOAWAY(ENHANCE_YOUR_CALM).</summary>
    Calm,
}
