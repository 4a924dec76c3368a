// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Bench.Calls;
using Peregrine.Protobuf;

namespace CallBench.Clients;

/// <summary>Reads the messages of a response's body, in a buffer that the pool lends.</summary>
internal sealed class ResponseReader(Stream body) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(4096);
    private int _start;
    private int _end;

    /// <summary>The next message; null at the end.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<T?> ReadAsync<T>(MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        while (true)
        {
            if (TryTake(parser, out T? message))
            {
                return message;
            }

            MakeRoom();
            int read = await body.ReadAsync(_buffer.AsMemory(_end));
            if (read == 0)
            {
                return _start == _end ? null : throw new InvalidDataException("The response ends inside a message.");
            }

            _end += read;
        }
    }

    /// <summary>Reads to the end, behind which the trailers are there.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ReadEndAsync()
    {
        if (_start != _end || await body.ReadAsync(_buffer) != 0)
        {
            throw new InvalidDataException("The response goes on after its last message.");
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private bool TryTake<T>(MessageParser<T> parser, out T? message)
        where T : class, IMessage<T>
    {
        ReadOnlySequence<byte> bytes = new(_buffer, _start, _end - _start);
        bool taken = MessageFrame.TryRead(ref bytes, parser, out message);
        _start = _end - (int)bytes.Length;
        return taken;
    }

    // Moves the beginning of a message to the front; takes a larger buffer when the message does not fit.
    private void MakeRoom()
    {
        int held = _end - _start;
        int needed = held < MessageFrame.PrefixLength ? MessageFrame.PrefixLength
            : MessageFrame.PrefixLength + (int)BinaryPrimitives.ReadUInt32BigEndian(_buffer.AsSpan(_start + 1));
        byte[] target = needed <= _buffer.Length ? _buffer : ArrayPool<byte>.Shared.Rent(needed);
        if (_start > 0 || target != _buffer)
        {
            _buffer.AsSpan(_start, held).CopyTo(target);
            _start = 0;
            _end = held;
        }

        if (target != _buffer)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = target;
        }
    }
}
