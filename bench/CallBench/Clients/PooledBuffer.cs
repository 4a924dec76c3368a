// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace CallBench.Clients;

/// <summary>Octets that are written, in memory that the pool lends.</summary>
internal sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private byte[] _bytes = [];
    private int _written;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _written);

    public void Clear() => _written = 0;

    public void Advance(int count) => _written += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(_written);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - _written >= count)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(_written + count);
        _bytes.AsSpan(0, _written).CopyTo(larger);
        Dispose();
        _bytes = larger;
    }
}
