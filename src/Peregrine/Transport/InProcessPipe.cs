// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;

namespace Peregrine.Transport;

/// <summary>
/// One direction of an in-process connection: what a kernel's socket buffer is to a network connection. The sender waits while the buffer is
/// full, the receiver while it is empty; each side may have one call under way. Whoever waited goes on on the thread pool, so that neither
/// side ever runs the other's code. An idle pipe holds no buffer.
/// </summary>
internal sealed class InProcessPipe : IValueTaskSource<int>, IValueTaskSource
{
    /// <summary>How many bytes may be under way: the size that Linux gives a Unix domain socket is of the same order.</summary>
    internal const int Capacity = 128 * 1024;

    private readonly Lock _gate = new();
    private byte[]? _buffer;
    private int _start;
    private int _count;
    private bool _ended;
    private bool _closed;

    // The one who waits, if somebody does.
    private ManualResetValueTaskSourceCore<int> _received = new() { RunContinuationsAsynchronously = true };
    private ManualResetValueTaskSourceCore<bool> _sent = new() { RunContinuationsAsynchronously = true };
    private Memory<byte>? _receiver;
    private List<ArraySegment<byte>>? _sender;
    private int _senderSegment;
    private int _senderOffset;

    /// <summary>Receives what is there, waiting for some; 0 when the sender has ended this direction or the connection is closed there.</summary>
    /// <exception cref="ObjectDisposedException">This end was closed.</exception>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        lock (_gate)
        {
            if (_count > 0)
            {
                var count = Take(buffer.Span);
                Refill();
                return new ValueTask<int>(count);
            }

            if (_closed)
            {
                return ValueTask.FromException<int>(Closed());
            }

            if (_ended)
            {
                return new ValueTask<int>(0);
            }

            _received.Reset();
            _receiver = buffer;
            return new ValueTask<int>(this, _received.Version);
        }
    }

    /// <summary>Sends all segments; the list must stay as it is until this completes.</summary>
    /// <exception cref="IOException">The receiver has closed its end.</exception>
    public ValueTask SendAsync(List<ArraySegment<byte>> segments)
    {
        lock (_gate)
        {
            if (_closed || _ended)
            {
                return ValueTask.FromException(Broken());
            }

            _sender = segments;
            _senderSegment = 0;
            _senderOffset = 0;
            _sent.Reset();
            var wait = new ValueTask(this, _sent.Version);
            return TryPut() ? default : wait;
        }
    }

    /// <summary>The sender sends no more; the receiver gets what is there, and then the end.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            if (_sender is not null)
            {
                _sender = null;
                _sent.SetException(Broken());
            }

            if (_receiver is not null)
            {
                _receiver = null;
                _received.SetResult(0);
            }
        }
    }

    /// <summary>The receiver reads no more: what is there is dropped, and sending fails.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            ReturnBuffer();
            if (_sender is not null)
            {
                _sender = null;
                _sent.SetException(Broken());
            }

            if (_receiver is not null)
            {
                _receiver = null;
                _received.SetException(Closed());
            }
        }
    }

    int IValueTaskSource<int>.GetResult(short token) => _received.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _received.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _received.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.GetResult(short token) => _sent.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _sent.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _sent.OnCompleted(continuation, state, token, flags);

    private static ObjectDisposedException Closed() => new(nameof(InProcessDuplex), "This end of the in-process connection was closed.");

    private static IOException Broken() => new("The other end of the in-process connection was closed.");

    // Space became free: a waiting sender goes on.
    private void Refill()
    {
        if (_sender is not null && TryPut())
        {
            _sent.SetResult(true);
        }
    }

    // Moves as much as fits from the sender to the buffer, and from there to a waiting receiver. True: all of it.
    private bool TryPut()
    {
        while (_sender is { } segments && _senderSegment < segments.Count)
        {
            var rest = segments[_senderSegment][_senderOffset..];
            var count = Put(rest);
            if (count == rest.Count)
            {
                _senderSegment++;
                _senderOffset = 0;
                continue;
            }

            _senderOffset += count;
            if (!TryHandOver())
            {
                return false;
            }
        }

        _sender = null;
        _ = TryHandOver();
        return true;
    }

    private bool TryHandOver()
    {
        if (_receiver is not { } receiver || _count == 0)
        {
            return false;
        }

        _receiver = null;
        _received.SetResult(Take(receiver.Span));
        return true;
    }

    private int Put(ReadOnlySpan<byte> bytes)
    {
        _buffer ??= ArrayPool<byte>.Shared.Rent(Capacity);
        var count = Math.Min(bytes.Length, Capacity - _count);
        var end = (_start + _count) % Capacity;
        var first = Math.Min(count, Capacity - end);
        bytes[..first].CopyTo(_buffer.AsSpan(end));
        bytes[first..count].CopyTo(_buffer);
        _count += count;
        return count;
    }

    private int Take(Span<byte> destination)
    {
        var count = Math.Min(destination.Length, _count);
        var first = Math.Min(count, Capacity - _start);
        _buffer.AsSpan(_start, first).CopyTo(destination);
        _buffer.AsSpan(0, count - first).CopyTo(destination[first..]);
        _start = (_start + count) % Capacity;
        _count -= count;
        if (_count == 0)
        {
            ReturnBuffer();
        }

        return count;
    }

    private void ReturnBuffer()
    {
        _start = 0;
        _count = 0;
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }
    }
}
