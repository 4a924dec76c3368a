// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Serving;

/// <summary>The requests of a call that streams them, as its handler reads them; one read at a time.</summary>
internal sealed class RequestStream<T>(ServerCall call, Marshaller<T> marshaller) : IAsyncStreamReader<T>
    where T : class
{
    private static readonly Task<bool> True = Task.FromResult(true);
    private static readonly Task<bool> False = Task.FromResult(false);

    private T? current;
    private int reading;

    /// <inheritdoc/>
    public T Current => current ?? throw new InvalidOperationException(
        "There is no current request: MoveNext was not called yet, or it said that the stream has ended.");

    /// <inheritdoc/>
    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<bool>(cancellationToken);
        }

        if (Interlocked.Exchange(ref reading, 1) != 0)
        {
            return Task.FromException<bool>(new InvalidOperationException(
                "MoveNext was called while the previous MoveNext had not completed; await each before the next."));
        }

        ValueTask<T?> read;
        try
        {
            read = call.ReadAsync(marshaller, cancellationToken);
        }
        catch (Exception e)
        {
            // A reader's errors surface where the task is awaited.
            read = ValueTask.FromException<T?>(e);
        }

        if (!read.IsCompletedSuccessfully)
        {
            return FinishAsync(read);
        }

        current = read.Result;
        Volatile.Write(ref reading, 0);
        return current is null ? False : True;
    }

    private async Task<bool> FinishAsync(ValueTask<T?> read)
    {
        try
        {
            current = await read.ConfigureAwait(false);
            return current is not null;
        }
        finally
        {
            Volatile.Write(ref reading, 0);
        }
    }
}
