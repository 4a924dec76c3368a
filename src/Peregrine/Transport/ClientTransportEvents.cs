// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Http2;

namespace Peregrine.Transport;

/// <summary>What a client connection tells its owner. Quick, no user code; never called under a lock of the transport.</summary>
internal abstract class ClientTransportEvents
{
    /// <summary>Streams can be opened again after none could.</summary>
    public virtual void OnStreamsAvailable()
    {
    }

    /// <summary>The server sent GOAWAY: running calls go on, new ones need another connection.</summary>
    public virtual void OnGoAway(in Http2Error error)
    {
    }

    /// <summary>The connection has ended; every stream has heard of it before. Not called when connecting failed.</summary>
    public virtual void OnClosed(in Http2Error error, Exception? cause)
    {
    }
}
