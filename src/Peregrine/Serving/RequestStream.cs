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

    private T? _current;
    private int _reading;

    /// <inheritdoc/>
    public T Current => _current ?? throw new InvalidOperationException(
        "There is no current request: MoveNext was not called yet, or it said that the stream has ended.");

    /// <inheritdoc/>
    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<bool>(cancellationToken);
        }

        if (Interlocked.Exchange(ref _reading, 1) != 0)
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

        _current = read.Result;
        Volatile.Write(ref _reading, 0);
        return _current is null ? False : True;
    }

    private async Task<bool> FinishAsync(ValueTask<T?> read)
    {
        try
        {
            _current = await read.ConfigureAwait(false);
            return _current is not null;
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }
}
