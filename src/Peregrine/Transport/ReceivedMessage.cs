// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;

namespace Peregrine.Transport;

/// <summary>
/// One received message, without its prefix. The payload is valid until <see cref="Dispose"/>, which returns the buffers and,
/// with them, window credit to the sender. One message of a stream is out at a time.
/// </summary>
internal readonly struct ReceivedMessage(TransportStream stream, ReadOnlySequence<byte> payload, bool isCompressed, bool isLast) : IDisposable
{
    /// <summary>The message as it was on the wire, still compressed if <see cref="IsCompressed"/>.</summary>
    public ReadOnlySequence<byte> Payload { get; } = payload;

    /// <summary>The Compressed-Flag of the prefix.</summary>
    public bool IsCompressed { get; } = isCompressed;

    /// <summary>Whether the peer has ended its direction behind this message; false says nothing.</summary>
    public bool IsLast { get; } = isLast;

    /// <inheritdoc/>
    public void Dispose() => stream?.CompleteMessage();
}
