// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Client;

/// <summary>The response stream of a call: the reader takes messages where the transport left them. One read at a time.</summary>
internal sealed class ResponseStreamReader<TRequest, TResponse>(ClientCall<TRequest, TResponse> call) : IAsyncStreamReader<TResponse>
    where TRequest : class
    where TResponse : class
{
    private static readonly Task<bool> True = Task.FromResult(true);
    private static readonly Task<bool> False = Task.FromResult(false);

    private int _isReading;

    public TResponse Current => call.Response
        ?? throw new InvalidOperationException("There is no current message: call MoveNext first, and use Current only after it returned true.");

    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isReading, 1) != 0)
        {
            return Task.FromException<bool>(new InvalidOperationException(
                "A read is in progress. One read at a time: await the task of MoveNext before the next."));
        }

        if (cancellationToken.IsCancellationRequested)
        {
            Volatile.Write(ref _isReading, 0);
            return Task.FromCanceled<bool>(cancellationToken);
        }

        ValueTask<bool> read;
        try
        {
            read = call.ReadResponseAsync();
        }
        catch (Exception e)
        {
            Volatile.Write(ref _isReading, 0);
            return Task.FromException<bool>(e);
        }

        if (!read.IsCompletedSuccessfully)
        {
            return WaitAsync(read, cancellationToken);
        }

        var hasMessage = read.Result;
        Volatile.Write(ref _isReading, 0);
        return hasMessage ? True : False;
    }

    private async Task<bool> WaitAsync(ValueTask<bool> read, CancellationToken cancellationToken)
    {
        try
        {
            using var registration = cancellationToken.UnsafeRegister(
                static state => ((ClientCall)state!).Cancel(CancellationReason.CallerToken, "The call was cancelled by the token of a read."), call);
            return await read.ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _isReading, 0);
        }
    }
}
