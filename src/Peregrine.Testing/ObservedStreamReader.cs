// SPDX-License-Identifier: Apache-2.0
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Testing;

/// <summary>Passes messages on, and notes how the stream ends: that is how its call ends.</summary>
internal sealed class ObservedStreamReader<T>(IAsyncStreamReader<T> inner) : IAsyncStreamReader<T>
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the stream.</summary>
    public Task Ended => _ended.Task;

    public T Current => inner.Current;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        try
        {
            var has = await inner.MoveNext(cancellationToken).ConfigureAwait(false);
            if (!has)
            {
                _ = _ended.TrySetResult();
            }

            return has;
        }
        catch (RpcException e)
        {
            if (_ended.TrySetException(e))
            {
                // Seen here: the reader throws it, and nobody need ask for the status as well.
                _ = _ended.Task.Exception;
            }

            throw;
        }
    }
}
