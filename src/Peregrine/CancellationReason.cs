// SPDX-License-Identifier: Apache-2.0
namespace Peregrine;

/// <summary>
/// Why a call was cut off before its server's status ended it, as the side that asks saw it. A status of the server, whatever its code, is
/// no cancellation; the codes CANCELLED, DEADLINE_EXCEEDED and UNAVAILABLE alone do not say which of these happened.
/// </summary>
public enum CancellationReason
{
    /// <summary>The call was not cut off: it runs, or ended with a status that a server's handler or the library chose.</summary>
    None = 0,

    /// <summary>On a client: a <see cref="System.Threading.CancellationToken"/> of the caller was cancelled, the call's own or that of a read or write.</summary>
    CallerToken,

    /// <summary>On a client: the call object was disposed before the call had ended.</summary>
    Disposed,

    /// <summary>The deadline passed. On a server also when the client resets the call at that time.</summary>
    Deadline,

    /// <summary>On a client: the served call that made this one was cancelled (<see cref="CallOptions.PropagationToken"/>).</summary>
    ParentCall,

    /// <summary>
    /// The other side reset the call (RST_STREAM). On a server: the client cancelled or disposed the call, or its deadline passed there. On a
    /// client: the server refused or gave up the call.
    /// </summary>
    ResetByPeer,

    /// <summary>The connection was lost while the call ran: closed by the other side, broken, or given up because nothing came any more.</summary>
    ConnectionLost,

    /// <summary>This side closed the connection: the channel was shut down; or the server was, or ended the connection for its age or by its handler.</summary>
    Shutdown,

    /// <summary>On a server: the handler aborted the call (<see cref="ServerCallContext.AbortCall"/>).</summary>
    Aborted,
}
