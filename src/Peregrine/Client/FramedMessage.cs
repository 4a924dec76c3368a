// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using Peregrine.Protocol;

namespace Peregrine.Client;

/// <summary>A serialized message with its five-byte prefix, and the pooled array that holds it, if it is a pooled one.</summary>
/// <param name="Memory">The bytes to send.</param>
/// <param name="Rented">The array of the shared pool behind <paramref name="Memory"/>; null when it is not pooled.</param>
internal readonly record struct FramedMessage(ReadOnlyMemory<byte> Memory, byte[]? Rented)
{
    internal int Length => Memory.Length;

    /// <summary>The length of the message alone, as it is sent: compressed, if it is.</summary>
    internal int PayloadLength => Memory.Length - MessageWriter.PrefixLength;

    /// <summary>Gives the array back to the pool. To be called once, and only when nobody sends the bytes any more.</summary>
    internal void Return()
    {
        if (Rented is not null)
        {
            ArrayPool<byte>.Shared.Return(Rented);
        }
    }
}
