// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Serving;

/// <summary>
/// The responses of a call that streams them, as its handler writes them; one write at a time. A write completes when the connection
/// is ready for more, so that a client that does not read holds the handler back.
/// </summary>
internal sealed class ResponseStream<T>(ServerCall call, Marshaller<T> marshaller) : IServerStreamWriter<T>
    where T : class
{
    private int _writing;

    /// <inheritdoc/>
    public WriteOptions? WriteOptions { get; set; }

    /// <inheritdoc/>
    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    /// <inheritdoc/>
    public Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        if (Interlocked.Exchange(ref _writing, 1) != 0)
        {
            return Task.FromException(new InvalidOperationException(
                "WriteAsync was called while the previous WriteAsync had not completed; await each write before the next."));
        }

        var wait = false;
        try
        {
            call.SendMessage(marshaller, message, WriteOptions ?? call.Context.WriteOptions, flush: true);
            wait = !call.Stream.TakesMore;
        }
        catch (Exception e)
        {
            // A writer's errors surface where the task is awaited.
            Volatile.Write(ref _writing, 0);
            return Task.FromException(e);
        }

        if (wait)
        {
            return WaitAsync(cancellationToken);
        }

        Volatile.Write(ref _writing, 0);
        return Task.CompletedTask;
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await call.WaitWritableAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }
}
