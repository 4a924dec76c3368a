// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Interceptors;

/// <summary>The requests of a <see cref="DeferredCall"/>: the first write waits until the call has started. One write at a time.</summary>
internal sealed class DeferredStreamWriter<T>(DeferredCall call, WriteOptions? options) : IClientStreamWriter<T>
{
    private WriteOptions? _options = options;
    private bool _hasOptions;
    private volatile IClientStreamWriter<T>? _inner;
    private int _isWriting;

    public WriteOptions? WriteOptions
    {
        get => _inner is { } inner ? inner.WriteOptions : _options;
        set
        {
            _options = value;
            _hasOptions = true;
            if (_inner is { } inner)
            {
                inner.WriteOptions = value;
            }
        }
    }

    /// <summary>The inner stream is there.</summary>
    public void Attach(IClientStreamWriter<T> inner)
    {
        if (_hasOptions)
        {
            inner.WriteOptions = _options;
        }

        _inner = inner;
    }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (Volatile.Read(ref _isWriting) == 0 && _inner is { } inner)
        {
            return inner.WriteAsync(message, cancellationToken);
        }

        return Interlocked.Exchange(ref _isWriting, 1) == 0
            ? WaitAndWriteAsync(message, cancellationToken)
            : Task.FromException(new InvalidOperationException(
                "A write is in progress. One write at a time: await the task of WriteAsync before the next WriteAsync or CompleteAsync."));
    }

    public Task CompleteAsync() => Volatile.Read(ref _isWriting) != 0
        ? Task.FromException(new InvalidOperationException("A write is in progress. Await the task of WriteAsync before CompleteAsync."))
        : _inner is { } inner ? inner.CompleteAsync()
        : WaitAndCompleteAsync();

    private async Task WaitAndWriteAsync(T message, CancellationToken cancellationToken)
    {
        try
        {
            using (cancellationToken.UnsafeRegister(static call => ((DeferredCall)call!).GiveUp(
                CancellationReason.CallerToken, "The call was cancelled by the token of a write"), call))
            {
                await call.Started.ConfigureAwait(false);
            }

            await _inner!.WriteAsync(message, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _isWriting, 0);
        }
    }

    private async Task WaitAndCompleteAsync()
    {
        // A call that never starts has no requests to complete; its outcome says why.
        await call.Started.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_inner is { } inner)
        {
            await inner.CompleteAsync().ConfigureAwait(false);
        }
    }
}
