// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Diagnostics;

namespace Peregrine.Transport;

/// <summary>An address that a server listens on, and what accepts connections there. Disposing it stops listening: who comes then is refused.</summary>
internal abstract class Listener : IDisposable
{
    /// <summary>The port that is listened on, also when 0 was asked for; 0 for addresses without ports.</summary>
    public abstract int Port { get; }

    /// <summary>The sockets that it listens with, for <see cref="LiveEntities"/>.</summary>
    public abstract IReadOnlyList<ListenerSnapshot> Observed { get; }

    /// <summary>Begins to accept; connections that came before have waited.</summary>
    public abstract void Start();

    /// <inheritdoc/>
    public abstract void Dispose();
}
