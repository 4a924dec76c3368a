// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Testing;

/// <summary>Passes responses on until so many were written; then the fault happens, once, before the next or at the end.</summary>
internal sealed class FaultyStreamWriter<T>(IServerStreamWriter<T> inner, int messages, Func<Task> happen) : IServerStreamWriter<T>
{
    private int _left = Math.Max(messages, 0);
    private bool _happened;

    public WriteOptions? WriteOptions
    {
        get => inner.WriteOptions;
        set => inner.WriteOptions = value;
    }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        await EndAsync().ConfigureAwait(false);
        _left--;
        await inner.WriteAsync(message, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The handler writes no more for now: if it has written enough, the fault happens.</summary>
    public Task EndAsync()
    {
        if (_happened || _left > 0)
        {
            return Task.CompletedTask;
        }

        _happened = true;
        return happen();
    }
}
