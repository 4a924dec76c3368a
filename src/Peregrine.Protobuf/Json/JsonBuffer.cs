// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;

namespace Peregrine.Protobuf.Json;

/// <summary>Memory for the text of one message after the other: a small array that is kept, or one of the pool while that is too small.</summary>
internal sealed class JsonBuffer : IBufferWriter<byte>
{
    private const int KeptLength = 4096;
    private const int MostExpected = 1 << 20;

    private readonly byte[] _kept = new byte[KeptLength];
    private byte[] _array;
    private int _length;
    private int _lastLength;

    public JsonBuffer() => _array = _kept;

    public ReadOnlySpan<byte> Written => _array.AsSpan(0, _length);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_array.Length - _length), nameof(count));
        _length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsSpan(_length);
    }

    /// <summary>Drops what was written, and gives memory of the pool back.</summary>
    public void Clear()
    {
        _lastLength = _length;
        _length = 0;
        if (_array != _kept)
        {
            ArrayPool<byte>.Shared.Return(_array);
            _array = _kept;
        }
    }

    private void Reserve(int more)
    {
        more = Math.Max(more, 1);
        if (more <= _array.Length - _length)
        {
            return;
        }

        // One message is often as long as the last.
        long wanted = Math.Max(2L * _array.Length, Math.Min(_lastLength, MostExpected));
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Max(Math.Min(wanted, Array.MaxLength), checked(_length + more)));
        Written.CopyTo(larger);
        if (_array != _kept)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }

        _array = larger;
    }
}
