// SPDX-License-Identifier: Apache-2.0
using System;
using System.IO;

namespace Peregrine.Transport;

/// <summary>A connection could not be made; the message names host, address and phase, and what to do.</summary>
internal sealed class TransportException(TransportPhase phase, string message, Exception? inner) : IOException(message, inner)
{
    /// <summary>Where it failed.</summary>
    public TransportPhase Phase { get; } = phase;
}
