// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading.Tasks;

namespace Peregrine.Transport;

/// <summary>
/// Closes a connection so that the peer can read our last bytes: RFC 9113 section 5.4.1 wants GOAWAY to arrive, but a socket closed
/// with unread input answers by RST, which destroys what the peer has not read. So our direction is shut down first, and the peer
/// gets a moment to read and close.
/// </summary>
internal static class LingeringClose
{
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Waits for the last bytes to be sent, ends our direction, waits for the peer to end its own, closes.</summary>
    /// <param name="duplex">The connection; <see cref="DiscardInputAsync"/> runs on it meanwhile.</param>
    /// <param name="written">Ends when nothing is left to send.</param>
    /// <param name="read">Ends when the peer has ended its direction.</param>
    public static async Task RunAsync(ByteDuplex duplex, Task written, Task read)
    {
        try
        {
            await WaitAtMostAsync(written, FlushTimeout).ConfigureAwait(false);
            await WaitAtMostAsync(duplex.ShutdownSendAsync().AsTask(), DrainTimeout).ConfigureAwait(false);
            await WaitAtMostAsync(read, DrainTimeout).ConfigureAwait(false);
        }
        finally
        {
            duplex.Dispose();
        }
    }

    /// <summary>Reads what nobody wants until the peer ends its direction.</summary>
    public static async Task DiscardInputAsync(ByteDuplex duplex)
    {
        var sink = new byte[4096];
        while (await duplex.ReceiveAsync(sink).ConfigureAwait(false) > 0)
        {
        }
    }

    // On the real clock: this bounds what the operating system and the peer's kernel do, not what the protocol does.
    private static async Task WaitAtMostAsync(Task task, TimeSpan limit)
    {
        try
        {
            await task.WaitAsync(limit).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The peer reads or closes too slowly; the socket is closed all the same.
        }
    }
}
