// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2.Streams;

/// <summary>How a stream came to its end, as far as late frames on it are concerned.</summary>
internal enum StreamEnding : byte
{
    /// <summary>Never opened, or closed so long ago that it is forgotten.</summary>
    Forgotten,

    /// <summary>Both ends sent END_STREAM.</summary>
    Completed,

    /// <summary>This end sent RST_STREAM: what the peer sent before it knew is ignored.</summary>
    ResetByUs,

    /// <summary>The peer sent RST_STREAM: anything it sends after that is an error.</summary>
    ResetByPeer,
}

/// <summary>
/// The last endings, so that late frames are told from wrong ones (RFC 9113 section 5.1, "closed"). The standard lets an endpoint limit
/// how long it remembers.
/// </summary>
internal sealed class ClosedStreams
{
    // Half the numbers are one side's; the low bits of the rest are the slot. 256 cover what is in flight when a busy client cancels.
    private const int Slots = 256;

    private int[] _ids = [];
    private StreamEnding[] _endings = [];

    public void Add(int id, StreamEnding ending)
    {
        int slot = (id >> 1) & (Slots - 1);
        if (slot >= _ids.Length)
        {
            int size = _ids.Length == 0 && slot < 16 ? 16 : Slots;
            System.Array.Resize(ref _ids, size);
            System.Array.Resize(ref _endings, size);
        }

        _ids[slot] = id;
        _endings[slot] = ending;
    }

    public StreamEnding Find(int id)
    {
        int slot = (id >> 1) & (Slots - 1);
        return slot < _ids.Length && _ids[slot] == id ? _endings[slot] : StreamEnding.Forgotten;
    }
}
