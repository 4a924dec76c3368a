// SPDX-License-Identifier: Apache-2.0
using System;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;

namespace Peregrine.Transport;

/// <summary>
/// A connected TCP socket whose reader is woken by the <see cref="ReadinessPoller"/>, and goes on on the poller's thread.
/// </summary>
/// <remarks>
/// The kernel tells once of each arrival. Whoever has read less than there was room for has read everything, and need not ask again
/// before the next arrival; unless the peer has ended its direction, which is told once, too, and found by one more read.
/// <code>
///             OnReadable               OnReadable
///   Waiting  ------------>   Quiet   ------------>  Signaled
///      ^      (reader runs)  |   ^                     |
///      +---------------------+   +---------------------+
///           ReceiveAsync               TryReceive, ReceiveAsync
/// </code>
/// </remarks>
internal sealed class PolledSocketDuplex : SocketDuplex, IValueTaskSource<int>, IThreadPoolWorkItem
{
    private const int Quiet = 0;
    private const int Signaled = 1;
    private const int Waiting = 2;

    private readonly ReadinessPoller _poller;
    private ManualResetValueTaskSourceCore<int> _wait;
    private int _state;
    private uint _key;
    private bool _isDrained;
    private volatile bool _isLast;
    private volatile bool _isDisposed;

    private PolledSocketDuplex(Socket socket, ReadinessPoller poller)
        : base(socket) => _poller = poller;

    /// <summary>A duplex for an accepted socket, polled where that is possible.</summary>
    public static SocketDuplex Open(Socket socket)
    {
        // Other sockets may give less than there is: local ones stop where the sender's credentials change.
        if (socket.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6 && ReadinessPoller.Shared is { } poller)
        {
            PolledSocketDuplex polled = new(socket, poller);
            if (poller.TryWatch(polled, (int)socket.SafeHandle.DangerousGetHandle(), out polled._key))
            {
                return polled;
            }
        }

        return new SocketDuplex(socket);
    }

    /// <summary>Called by the poller: something arrived, perhaps the last there is.</summary>
    public void OnReadable(bool isLast)
    {
        if (isLast)
        {
            _isLast = true;
        }

        while (!TryWake())
        {
            if (Interlocked.CompareExchange(ref _state, Signaled, Quiet) != Waiting)
            {
                return;
            }
        }
    }

    /// <inheritdoc/>
    public override bool TryReceive(Span<byte> buffer, out int count)
    {
        if (_isDrained && !_isDisposed && Interlocked.CompareExchange(ref _state, Quiet, Signaled) != Signaled)
        {
            count = 0;
            return false;
        }

        var received = base.TryReceive(buffer, out count);
        _isDrained = (!received || count < buffer.Length) && !_isLast;
        return received;
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        if (!buffer.IsEmpty)
        {
            return base.ReceiveAsync(buffer);
        }

        // Who is woken reads, also when what woke it was read a moment ago.
        _isDrained = false;
        _wait.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, Quiet) != Quiet)
        {
            Volatile.Write(ref _state, Quiet);
            return default;
        }

        ValueTask<int> wait = new(this, _wait.Version);
        if (_isDisposed)
        {
            TryWake();
        }

        return wait;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _isDisposed = true;
        _poller.Forget(_key);
        base.Dispose();

        // The reader finds the socket closed; not on the thread of who closes, which may hold what the reader wants.
        if (Interlocked.CompareExchange(ref _state, Quiet, Waiting) == Waiting)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute() => _wait.SetResult(0);

    int IValueTaskSource<int>.GetResult(short token) => _wait.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    private bool TryWake()
    {
        if (Interlocked.CompareExchange(ref _state, Quiet, Waiting) != Waiting)
        {
            return false;
        }

        _wait.SetResult(0);
        return true;
    }
}
