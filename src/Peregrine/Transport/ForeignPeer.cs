// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;

namespace Peregrine.Transport;

/// <summary>
/// A peer whose first bytes are not HTTP/2: collects them until the connection's owner knows what it speaks. The pump serializes
/// access; the owner bounds how much it wants to see.
/// </summary>
internal sealed class ForeignPeer(ConnectionHandler handler)
{
    private readonly ArrayBufferWriter<byte> _received = new();

    /// <summary>Appends bytes that came.</summary>
    public void Add(ReadOnlySpan<byte> bytes) => _received.Write(bytes);

    /// <summary>Shows the owner everything that came so far.</summary>
    public ForeignVerdict Judge() => handler.OnForeignBytes(_received.WrittenSpan);
}
