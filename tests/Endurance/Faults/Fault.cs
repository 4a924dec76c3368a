// SPDX-License-Identifier: Apache-2.0
namespace Endurance.Faults;

/// <summary>What a <see cref="FaultProxy"/> does to a connection.</summary>
internal sealed record Fault
{
    public static Fault None { get; } = new();

    /// <summary>How many octets of the client pass before the connection is cut.</summary>
    public long CutUp { get; init; } = long.MaxValue;

    /// <summary>How many octets of the server pass before the connection is cut.</summary>
    public long CutDown { get; init; } = long.MaxValue;

    /// <summary>Whether it is cut behind the last octet that passes; else when the next one comes.</summary>
    public bool CutsAtOnce { get; init; } = true;

    /// <summary>Nothing passes, but the connection stays: the other side was unplugged.</summary>
    public bool IsSilent { get; init; }

    /// <summary>The longest delay of a piece, in milliseconds.</summary>
    public int MaxDelay { get; init; }

    /// <summary>The largest piece that passes at once.</summary>
    public int LargestPiece { get; init; } = int.MaxValue;

    /// <summary>Chooses the delays.</summary>
    public int Seed { get; init; } = 1;
}
