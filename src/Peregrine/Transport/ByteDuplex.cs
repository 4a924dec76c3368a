// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Net;
using System.Threading.Tasks;
using Peregrine.Diagnostics;

namespace Peregrine.Transport;

/// <summary>
/// The two byte directions of one connection, below HTTP/2: a socket, TLS over a socket, or memory.
/// One receive and one send may be under way at the same time; the pump's read and write roles see to that.
/// </summary>
internal abstract class ByteDuplex : IDisposable
{
    /// <summary>The address at this end; null where there is none, and when it is closed.</summary>
    public virtual EndPoint? LocalEndPoint => null;

    /// <summary>The address at the other end; null where there is none, and when it is closed.</summary>
    public virtual EndPoint? RemoteEndPoint => null;

    /// <summary>How TLS protects the bytes; null when it does not, and when it is closed.</summary>
    public virtual TlsSnapshot? Tls => null;

    /// <summary>Whether <see cref="TryReceive"/> can tell that there is something to receive; else only <see cref="ReceiveAsync"/> can.</summary>
    public virtual bool CanTryReceive => false;

    /// <summary>Receives into the buffer without waiting. False: nothing is there, or <see cref="CanTryReceive"/> is false.</summary>
    /// <param name="buffer">Where to; not empty.</param>
    /// <param name="count">The number of bytes, 0 when the peer has ended its direction.</param>
    public virtual bool TryReceive(Span<byte> buffer, out int count)
    {
        count = 0;
        return false;
    }

    /// <summary>
    /// Receives into the buffer: the number of bytes, 0 when the peer has ended its direction. With an empty buffer it waits until there
    /// may be something to receive, or the end.
    /// </summary>
    public abstract ValueTask<int> ReceiveAsync(Memory<byte> buffer);

    /// <summary>
    /// Sends all segments. Completes synchronously when the kernel takes everything at once, which is the common case.
    /// </summary>
    public abstract ValueTask SendAsync(List<ArraySegment<byte>> segments);

    /// <summary>Ends our direction (FIN; under TLS after close_notify). Errors are of no interest any more and are dropped.</summary>
    public abstract ValueTask ShutdownSendAsync();

    /// <summary>Closes both directions at once; what is under way fails.</summary>
    public abstract void Dispose();
}
