// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Interceptors;

/// <summary>The responses of a <see cref="DeferredCall"/>: waits for its start, passes messages on, and ends when the interceptor has.</summary>
internal sealed class DeferredStreamReader<T> : IAsyncStreamReader<T>
{
    private readonly TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DeferredCall _call;
    private IAsyncStreamReader<T>? _inner;

    public DeferredStreamReader(DeferredCall call)
    {
        _call = call;
        call.OnGivenUp = End;
    }

    public T Current => _inner is { } inner ? inner.Current
        : throw new InvalidOperationException("There is no current message: call MoveNext first, and use Current only after it returned true.");

    /// <summary>The inner stream is there.</summary>
    /// <returns>A task that completes when it has been read to its end.</returns>
    public Task Attach(IAsyncStreamReader<T> inner)
    {
        _inner = inner;
        return _read.Task;
    }

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using (cancellationToken.UnsafeRegister(static call => ((DeferredCall)call!).GiveUp(
            CancellationReason.CallerToken, "The call was cancelled by the token of a read"), _call))
        {
            await _call.Started.ConfigureAwait(false);
        }

        try
        {
            if (await _inner!.MoveNext(cancellationToken).ConfigureAwait(false))
            {
                return true;
            }

            _ = _read.TrySetResult();
        }
        catch (Exception e) when (e is not InvalidOperationException)
        {
            End(e);
        }

        // With the interceptor's exception, if it has one, or the call's.
        await _call.Ended.ConfigureAwait(false);
        return false;
    }

    private void End(Exception failure)
    {
        if (_read.TrySetException(failure))
        {
            // Seen here: the interceptor need not await the call.
            _ = _read.Task.Exception;
        }
    }
}
