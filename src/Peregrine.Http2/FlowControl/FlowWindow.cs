// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2.FlowControl;

/// <summary>
/// A flow-control window (RFC 9113 section 6.9): how many octets of DATA may still pass. It can be negative after the peer lowered
/// SETTINGS_INITIAL_WINDOW_SIZE, and never exceeds 2^31-1.
/// </summary>
internal struct FlowWindow(int size)
{
    /// <summary>What every window starts with before SETTINGS and WINDOW_UPDATE say otherwise.</summary>
    public const int InitialSize = 65535;

    public int Available { get; private set; } = size;

    public void Take(int octets) => Available -= octets;

    /// <summary>
    /// Opens or, with a negative number, narrows the window; false when it would exceed 2^31-1. RFC 9113 section 6.9.1: "A sender MUST
    /// NOT allow a flow-control window to exceed 2^31-1 octets."
    /// </summary>
    public bool TryGrow(int octets)
    {
        long grown = (long)Available + octets;
        if (grown > int.MaxValue)
        {
            return false;
        }

        Available = (int)grown;
        return true;
    }
}
