// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Http2;
using Peregrine.Http2.Hpack;

namespace Peregrine.Transport;

/// <summary>
/// The owner of a connection, as its pump sees it. Called by the thread that applies events, never under a lock; quick, no user code.
/// </summary>
internal abstract class ConnectionHandler
{
    /// <summary>Server: a request's head came. Returns the call, which then receives <see cref="StreamHandler.OnHeaders"/>.</summary>
    public virtual StreamHandler OnRequest(HeaderList headers) =>
        throw new InvalidOperationException("Requests come to servers only.");

    /// <summary>The peer's SETTINGS came for the first time: the connection speaks HTTP/2.</summary>
    public virtual void OnReady()
    {
    }

    /// <summary>Client: streams can be opened again after none could.</summary>
    public virtual void OnStreamsAvailable()
    {
    }

    /// <summary>GOAWAY came: no new streams on this connection.</summary>
    public virtual void OnGoAway(in Http2Error error)
    {
    }

    /// <summary>Server: the first bytes are not HTTP/2; these are all that came so far.</summary>
    public virtual ForeignVerdict OnForeignBytes(ReadOnlySpan<byte> bytes) => ForeignVerdict.Refuse;

    /// <summary>The connection has ended; called once, after every stream has heard of it. Bytes may still be flushed.</summary>
    public abstract void OnClosed(in Http2Error error, Exception? cause);
}
