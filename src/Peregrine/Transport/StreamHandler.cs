// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.Hpack;

namespace Peregrine.Transport;

/// <summary>
/// The call behind a stream, as the transport sees it: told what arrives, one call at a time, in order, never under a lock.
/// </summary>
/// <remarks>
/// The callbacks run on the reading thread and hold it: they note what came and return. User code belongs into
/// <see cref="TransportStream.Schedule"/>.
/// <code>
///   OnHeaders (OnData)* ( OnEndOfStream | OnFailed )        client, and server after the request's headers
/// </code>
/// Nothing follows <see cref="OnFailed"/>; after <see cref="OnEndOfStream"/> only <see cref="OnFailed"/> may come, as long as our
/// own direction is open.
/// </remarks>
internal abstract class StreamHandler
{
    /// <summary>The stream; set by the transport before the first callback.</summary>
    public TransportStream Stream { get; internal set; } = null!;

    /// <summary>Whether DATA is queued to be read; false: it is counted, credited to the peer and dropped as it comes.</summary>
    public virtual bool KeepsData => true;

    /// <summary>The final header block of the peer's head (1xx are skipped). The list stays valid until released.</summary>
    public abstract void OnHeaders(HeaderList headers, bool endStream);

    /// <summary>Bytes of messages came, and are queued behind this; waits on the stream are woken by the stream itself.</summary>
    /// <param name="length">How many.</param>
    public virtual void OnData(int length)
    {
    }

    /// <summary>The peer ended its direction, by trailers or by the last DATA, which is queued behind this. Messages may still be unread.</summary>
    public abstract void OnEndOfStream(HeaderList? trailers);

    /// <summary>The stream was reset by the peer or refused by our side of the protocol, or its connection was lost.</summary>
    public abstract void OnFailed(in StreamFailure failure);
}
