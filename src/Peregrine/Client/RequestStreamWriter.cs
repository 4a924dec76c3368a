// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Client;

/// <summary>
/// The request stream of a call: the caller's thread serializes and sends, and waits only while the peer takes no more. One write at
/// a time.
/// </summary>
internal sealed class RequestStreamWriter<TRequest, TResponse>(ClientCall<TRequest, TResponse> call) : IClientStreamWriter<TRequest>
    where TRequest : class
    where TResponse : class
{
    private int _isWriting;
    private bool _isCompleted;

    public WriteOptions? WriteOptions { get; set; } = call.Options.WriteOptions;

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (Interlocked.Exchange(ref _isWriting, 1) != 0)
        {
            return Task.FromException(new InvalidOperationException(
                "A write is in progress. One write at a time: await the task of WriteAsync before the next WriteAsync or CompleteAsync."));
        }

        var isPending = false;
        try
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return Task.FromCanceled(cancellationToken);
            }

            if (_isCompleted)
            {
                return Task.FromException(new InvalidOperationException("The request stream was completed; nothing more can be written."));
            }

            if (FindEnd() is { } end)
            {
                return Task.FromException(AfterEnd(end));
            }

            if (!call.TrySend(message, WriteOptions, last: false, out var takesMore))
            {
                return Task.FromException(call.CreateException(call.Outcome!));
            }

            if (takesMore)
            {
                return Task.CompletedTask;
            }

            isPending = true;
            return WaitWritableAsync(cancellationToken);
        }
        finally
        {
            if (!isPending)
            {
                Volatile.Write(ref _isWriting, 0);
            }
        }
    }

    public Task CompleteAsync()
    {
        if (Volatile.Read(ref _isWriting) != 0)
        {
            return Task.FromException(new InvalidOperationException(
                "A write is in progress. Await the task of WriteAsync before CompleteAsync."));
        }

        _isCompleted = true;
        call.Request.Complete();
        return Task.CompletedTask;
    }

    private async Task WaitWritableAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var registration = cancellationToken.UnsafeRegister(
                static state => ((ClientCall)state!).Cancel(CancellationReason.CallerToken, "The call was cancelled by the token of a write that waited for the server."), call);
            await call.Request.WaitWritableAsync().ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _isWriting, 0);
        }

        if (call.Outcome is { IsSuccess: false } outcome)
        {
            throw call.CreateException(outcome);
        }
    }

    // The server may end a call before its response was read: who writes learns it at once.
    private CallOutcome? FindEnd() => call.Outcome
        ?? (call.Attempt is { IsOver: true } attempt && (call.IsCommitted || !attempt.WasNeverProcessed) ? attempt.EarlyOutcome() : null);

    private Exception AfterEnd(CallOutcome end) => end.IsSuccess
        ? new InvalidOperationException("The server has ended the call with status OK; nothing more can be written.")
        : call.CreateException(end);
}
