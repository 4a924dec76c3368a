// SPDX-License-Identifier: Apache-2.0
using System;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;

namespace Peregrine.Transport;

/// <summary>
/// Reads a connection into the memory of its core, and holds none while nothing comes: ten thousand idle connections must not keep ten
/// thousand buffers.
/// </summary>
/// <remarks>
/// A receive that waits would hold its buffer, so the waiting is done with an empty one. A busy connection never comes to wait: it pays
/// nothing. One that is read to its end between two messages pays two system calls that find nothing.
/// </remarks>
internal static class ConnectionInput
{
    /// <summary>What came, in the core's memory, which is to be given to it; empty when the peer has ended its direction.</summary>
    /// <param name="duplex">The connection's bytes.</param>
    /// <param name="pump">The connection; nobody else receives into its core meanwhile.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(ByteDuplex duplex, Http2Pump pump)
    {
        Memory<byte> memory;
        do
        {
            memory = GetMemory(pump);
            if (duplex.TryReceive(memory.Span, out var received))
            {
                return memory[..received];
            }

            pump.ReleaseIdleMemory();

            // A socket ends this wait also when the bytes that woke it were read a moment ago: the next turn finds that out.
            await duplex.ReceiveAsync(Memory<byte>.Empty).ConfigureAwait(false);
        }
        while (duplex.CanTryReceive);

        memory = GetMemory(pump);
        return memory[..await duplex.ReceiveAsync(memory).ConfigureAwait(false)];
    }

    private static Memory<byte> GetMemory(Http2Pump pump)
    {
        lock (pump.Gate)
        {
            return pump.Core.GetReceiveMemory();
        }
    }
}
