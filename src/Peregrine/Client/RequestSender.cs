// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Protocol;

namespace Peregrine.Client;

/// <summary>
/// The request side of a call: sends messages on the attempt's stream, and keeps them until the call is committed to that
/// attempt, so that another can send them again. Messages given before there is a stream wait here.
/// </summary>
/// <remarks>Thread-safe: the caller writes, the call attaches attempts. Nothing here blocks.</remarks>
internal sealed class RequestSender
{
    // What is kept for a second attempt, at most; a longer request is sent once. The size is that of other implementations'
    // retry buffers (grpc-java and grpc-dotnet: 1 MiB a call).
    private const int RetainLimit = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly RetainedMessages _retained = new();
    private CallAttempt? _attempt;
    private TaskCompletionSource? _attached;
    private bool _retaining = true;
    private bool _completed;
    private bool _closed;
    private bool _hasLostAttempts;

    /// <summary>Whether a message or the end of the request already waits for a stream.</summary>
    internal bool HasUnsent
    {
        get
        {
            lock (_lock)
            {
                return _attempt is null && (_retained.Length > 0 || _completed);
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

    /// <summary>Sends the writer's message, or keeps it until there is a stream. The writer is ready for another one then.</summary>
    /// <returns>Whether who writes may go on at once.</returns>
    internal bool Send(MessageWriter writer, bool last, bool flush)
    {
        lock (_lock)
        {
            _completed |= last;
            if (_closed)
            {
                writer.Reset();
                return true;
            }

            if (_attempt is not { } attempt)
            {
                _retained.Add(writer);
                return false;
            }

            if (Retains(writer.FramedLength))
            {
                var place = _retained.End;
                _retained.Add(writer);
                SendRetained(attempt, place, last, flush);
            }
            else
            {
                // Nobody needs the message after it was sent.
                attempt.OnMessageSent(writer.MessageLength);
                _ = attempt.Stream.SendMessage(writer, last, flush);
            }

            return attempt.Stream.TakesMore || attempt.IsOver;
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
                SendRetained(attempt);
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
            _hasLostAttempts = true;
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
        _hasLostAttempts = false;
    }

    private bool Retains(int length)
    {
        if (_retaining && _retained.Length + (long)length > RetainLimit)
        {
            StopRetainingLocked();
        }

        return _retaining;
    }

    private void SendRetained(CallAttempt attempt)
    {
        if (_retained.Length > 0)
        {
            SendRetained(attempt, place: default, last: _completed, flush: true);
        }
        else if (_completed)
        {
            attempt.OnEndSent();
            _ = attempt.Stream.CompleteSending();
        }

        if (_retained.Length > RetainLimit)
        {
            StopRetainingLocked();
        }
    }

    // Sends what is kept from a place on.
    private void SendRetained(CallAttempt attempt, (int Block, int Offset) place, bool last, bool flush)
    {
        var part = _retained.Next(ref place, out var isRest);
        while (!part.IsEmpty)
        {
            var next = _retained.Next(ref place, out var nextIsRest);
            if (!isRest)
            {
                attempt.OnMessageSent(BinaryPrimitives.ReadInt32BigEndian(part.Span[1..]));
            }

            RetainedMessages.Send(attempt.Stream, part, isRest, last: last && next.IsEmpty, flush: flush && next.IsEmpty);
            part = next;
            isRest = nextIsRest;
        }
    }

    private void StopRetainingLocked()
    {
        _retaining = false;
        if (_attempt is not null || _closed)
        {
            _retained.Clear(_attempt?.Stream, _hasLostAttempts);
        }
    }
}
