// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.IO;

namespace Peregrine.Protobuf;

/// <summary>Lets a wire writer write to a stream, one reused block at a time.</summary>
internal sealed class StreamBufferWriter(Stream stream) : IBufferWriter<byte>
{
    private const int BlockSize = 64 * 1024;
    private byte[] _block = new byte[BlockSize];

    public void Advance(int count) => stream.Write(_block, 0, count);

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (sizeHint > _block.Length)
        {
            _block = new byte[sizeHint];
        }

        return _block;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
