// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2.FlowControl;

/// <summary>
/// The window that this end grants: what the peer may still send, and what was consumed but not yet granted anew. Credit goes out when
/// it reaches half of what the sender knows to be the window, so that WINDOW_UPDATE frames stay rare and the sender never runs dry.
/// </summary>
/// <param name="size">What the peer may send now.</param>
/// <param name="announced">The window announced; smaller than <paramref name="size"/> until the peer acknowledged it.</param>
internal struct ReceiveWindow(int size, int announced)
{
    private FlowWindow _window = new(size);
    private int _credit;

    public readonly int Available => _window.Available;

    /// <summary>The window that credit restores.</summary>
    public int Announced { get; private set; } = announced;

    /// <summary>Octets consumed and not granted anew; always below half of the window announced.</summary>
    public readonly int Credit => _credit;

    /// <summary>Accounts for received octets; false when the peer sent more than it may.</summary>
    public bool TryReceive(int octets)
    {
        if (octets > _window.Available)
        {
            return false;
        }

        _window.Take(octets);
        return true;
    }

    /// <summary>Notes consumed octets; returns the increment to send now, or 0.</summary>
    /// <param name="octets">How many were consumed.</param>
    /// <param name="wanted">How large the window should be. It grows with credit, so only for an owner who reads, and never shrinks.</param>
    public int Consume(int octets, int wanted)
    {
        _credit += octets;
        if (_credit < Announced / 2 || _credit == 0)
        {
            return 0;
        }

        int increment = _credit;
        _credit = 0;
        if (wanted > Announced)
        {
            increment += wanted - Announced;
            Announced = wanted;
        }

        _window.TryGrow(increment);
        return increment;
    }

    /// <summary>Follows a change of our own SETTINGS_INITIAL_WINDOW_SIZE; the window may become negative.</summary>
    public void Adjust(int difference) => _window.TryGrow(difference);
}
