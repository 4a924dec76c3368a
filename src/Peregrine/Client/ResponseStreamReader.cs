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
    private int _isReading;

    public TResponse Current => call.Response
        ?? throw new InvalidOperationException("There is no current message: call MoveNext first, and use Current only after it returned true.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isReading, 1) != 0)
        {
            throw new InvalidOperationException("A read is in progress. One read at a time: await the task of MoveNext before the next.");
        }

        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var registration = cancellationToken.UnsafeRegister(
                static state => ((ClientCall)state!).Cancel(CancellationReason.CallerToken, "The call was cancelled by the token of a read."), call);
            return await call.ReadResponseAsync().ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _isReading, 0);
        }
    }
}
