// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Peregrine.Http2.Frames;

/// <summary>
/// A pooled array that socket reads fill and DATA leases point into. Counted without interlocked operations: every change happens under
/// the lock of the connection's owner.
/// </summary>
internal sealed class ReceiveBlock
{
    /// <summary>Room for several frames of the default size in one read; what does not fit is rented larger.</summary>
    public const int DefaultSize = 64 << 10;

    private int _references;

    public byte[] Array { get; private set; } = [];

    public bool IsShared => _references > 1;

    public void Rent(int size)
    {
        Array = ArrayPool<byte>.Shared.Rent(size);
        _references = 1;
    }

    public void AddReference() => _references++;

    /// <summary>Drops one reference; true when it was the last one and the array went back to the pool.</summary>
    public bool Release()
    {
        if (_references <= 0)
        {
            throw new System.InvalidOperationException("A data lease was released twice.");
        }

        if (--_references > 0)
        {
            return false;
        }

        byte[] array = Array;
        Array = [];
        if (array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(array);
        }

        return true;
    }
}
