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
    public static ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(ByteDuplex duplex, Http2Pump pump)
    {
        Memory<byte> memory = GetMemory(pump);
        return duplex.TryReceive(memory.Span, out var received)
            ? new ValueTask<ReadOnlyMemory<byte>>(memory[..received])
            : WaitAndReceiveAsync(duplex, pump);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<ReadOnlyMemory<byte>> WaitAndReceiveAsync(ByteDuplex duplex, Http2Pump pump)
    {
        while (true)
        {
            pump.ReleaseIdleMemory();
            await duplex.ReceiveAsync(Memory<byte>.Empty).ConfigureAwait(false);
            Memory<byte> memory = GetMemory(pump);
            if (!duplex.CanTryReceive)
            {
                return memory[..await duplex.ReceiveAsync(memory).ConfigureAwait(false)];
            }

            // A socket ends the wait also when the bytes that woke it were read a moment ago.
            if (duplex.TryReceive(memory.Span, out var received))
            {
                return memory[..received];
            }
        }
    }

    private static Memory<byte> GetMemory(Http2Pump pump)
    {
        lock (pump.Gate)
        {
            return pump.Core.GetReceiveMemory();
        }
    }
}
