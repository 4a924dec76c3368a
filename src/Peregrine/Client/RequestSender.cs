// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Client;

/// <summary>
/// The request side of a call: sends framed messages on the attempt's stream, and keeps them until the call is committed to that
/// attempt, so that another can send them again. Messages given before there is a stream wait here.
/// </summary>
/// <remarks>Thread-safe: the caller writes, the call attaches attempts. Nothing here blocks.</remarks>
internal sealed class RequestSender
{
    // What is kept for a second attempt, at most; a longer request is sent once. The size is that of other implementations'
    // retry buffers (grpc-java and grpc-dotnet: 1 MiB a call).
    private const int RetainLimit = 1024 * 1024;

    private readonly Lock _lock = new();
    private FramedMessage _first;
    private List<FramedMessage>? _more;
    private CallAttempt? _attempt;
    private TaskCompletionSource? _attached;
    private int _retainedBytes;
    private bool _hasFirst;
    private bool _retaining = true;
    private bool _completed;
    private bool _closed;

    /// <summary>Whether a message or the end of the request already waits for a stream.</summary>
    internal bool HasUnsent
    {
        get
        {
            lock (_lock)
            {
                return _attempt is null && (_hasFirst || _completed);
            }
        }
    }

    /// <summary>Whether the caller has ended the request.</summary>
    internal bool IsCompleted
    {
        get
        {
            lock (_lock)
            {
                return _completed;
            }
        }
    }

    /// <summary>Sends a message, or keeps it until there is a stream. Takes ownership of its buffer.</summary>
    /// <returns>Whether the writer may go on at once.</returns>
    internal bool Send(FramedMessage message, bool last, bool flush)
    {
        lock (_lock)
        {
            _completed |= last;
            if (_closed)
            {
                message.Return();
                return true;
            }

            if (_attempt is null || Retains(message.Length))
            {
                Keep(message);
                if (_attempt is { } attempt)
                {
                    SendKept(attempt, message, last, flush);
                }
            }
            else
            {
                // Nobody needs the buffer after it was sent: the transport gives it back.
                _attempt.OnMessageSent(message);
                _ = _attempt.Stream.SendData(message.Memory, message.Rented, last, flush);
            }

            return _attempt is not null && (_attempt.Stream.TakesMore || _attempt.IsOver);
        }
    }

    /// <summary>Ends the request: half-closes the stream.</summary>
    internal void Complete()
    {
        lock (_lock)
        {
            if (!_completed)
            {
                _completed = true;
                _attempt?.OnEndSent();
                _ = _attempt?.Stream.CompleteSending();
            }
        }
    }

    /// <summary>A stream is open: sends on it what was written so far, and from now on what is written.</summary>
    internal void Attach(CallAttempt attempt)
    {
        TaskCompletionSource? attached;
        lock (_lock)
        {
            attached = _attached;
            _attached = null;
            if (!_closed)
            {
                _attempt = attempt;
                SendAllKept(attempt);
            }
        }

        attached?.SetResult();
    }

    /// <summary>The attempt failed and another follows, if this returns true: everything written is still here.</summary>
    internal bool TryDetach()
    {
        lock (_lock)
        {
            if (!_retaining || _closed)
            {
                return false;
            }

            _attempt = null;
            return true;
        }
    }

    /// <summary>No other attempt will be made: what was kept is dropped.</summary>
    internal void StopRetaining()
    {
        lock (_lock)
        {
            StopRetainingLocked();
        }
    }

    /// <summary>The call has ended: drops everything and lets a waiting writer go on.</summary>
    internal void Close()
    {
        TaskCompletionSource? attached;
        lock (_lock)
        {
            _closed = true;
            attached = _attached;
            _attached = null;
            StopRetainingLocked();
        }

        attached?.SetResult();
    }

    /// <summary>Completes when the stream takes more, or when there is nothing left to write to.</summary>
    internal async ValueTask WaitWritableAsync()
    {
        while (true)
        {
            Task? attached = null;
            CallAttempt? attempt;
            lock (_lock)
            {
                attempt = _attempt;
                if (_closed || (attempt is not null && (attempt.IsOver || attempt.Stream.IsWritable)))
                {
                    return;
                }

                if (attempt is null)
                {
                    // Asynchronously: user code must not run inside the attempt's life.
                    attached = (_attached ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                }
            }

            if (attached is not null)
            {
                await attached.ConfigureAwait(false);
                continue;
            }

            var writable = attempt!.Stream.WaitWritableAsync();
            if (attempt.IsOver)
            {
                // The end came between the look above and the wait.
                attempt.Stream.Wake();
            }

            await writable.ConfigureAwait(false);
        }
    }

    /// <summary>Puts a sender whose call has ended into its first state.</summary>
    internal void Reset()
    {
        _attempt = null;
        _retaining = true;
        _completed = false;
        _closed = false;
    }

    private bool Retains(int length)
    {
        if (_retaining && _retainedBytes + (long)length > RetainLimit)
        {
            StopRetainingLocked();
        }

        return _retaining;
    }

    private void Keep(FramedMessage message)
    {
        _retainedBytes += message.Length;
        if (!_hasFirst)
        {
            _first = message;
            _hasFirst = true;
        }
        else
        {
            (_more ??= []).Add(message);
        }
    }

    private void SendAllKept(CallAttempt attempt)
    {
        var more = _more?.Count ?? 0;
        if (_hasFirst)
        {
            SendKept(attempt, _first, _completed && more == 0, flush: more == 0);
        }
        else if (_completed)
        {
            attempt.OnEndSent();
            _ = attempt.Stream.CompleteSending();
        }

        for (var i = 0; i < more; i++)
        {
            SendKept(attempt, _more![i], _completed && i == more - 1, flush: i == more - 1);
        }

        if (_retainedBytes > RetainLimit)
        {
            StopRetainingLocked();
        }
    }

    // Kept bytes must outlive the sending: small ones are copied by the transport, large ones are linked and never pooled.
    private static void SendKept(CallAttempt attempt, FramedMessage message, bool last, bool flush)
    {
        attempt.OnMessageSent(message);
        if (message.Rented is not null)
        {
            _ = attempt.Stream.SendData(message.Memory.Span, last, flush);
        }
        else
        {
            _ = attempt.Stream.SendData(message.Memory, rented: null, last, flush);
        }
    }

    private void StopRetainingLocked()
    {
        _retaining = false;
        if (_attempt is null && !_closed)
        {
            return;
        }

        if (_hasFirst)
        {
            _first.Return();
            _first = default;
            _hasFirst = false;
        }

        if (_more is not null)
        {
            foreach (var message in _more)
            {
                message.Return();
            }

            _more = null;
        }

        _retainedBytes = 0;
    }
}
