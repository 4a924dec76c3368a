// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace Peregrine.Testing;

/// <summary>
/// A stream that records what is written to it: the responses of a handler, or the requests of a call. Writes complete at once unless
/// <see cref="OnWrite"/> says otherwise. Thread-safe.
/// </summary>
/// <typeparam name="T">The message.</typeparam>
public sealed class TestStreamWriter<T> : IServerStreamWriter<T>, IClientStreamWriter<T>
{
    private readonly Lock _lock = new();
    private readonly List<T> _messages = [];
    private readonly Channel<T> _arrivals = System.Threading.Channels.Channel.CreateUnbounded<T>();
    private bool _isCompleted;
    private bool _isWriting;

    /// <inheritdoc/>
    public WriteOptions? WriteOptions { get; set; }

    /// <summary>
    /// Runs before a message is recorded: its task holds the writer back, its exception fails the write and the message is not recorded.
    /// Null, the default, for nothing.
    /// </summary>
    public Func<T, CancellationToken, Task>? OnWrite { get; set; }

    /// <summary>What was written so far: a copy.</summary>
    public IReadOnlyList<T> Messages
    {
        get
        {
            lock (_lock)
            {
                return [.. _messages];
            }
        }
    }

    /// <summary>Whether the stream was completed.</summary>
    public bool IsCompleted
    {
        get
        {
            lock (_lock)
            {
                return _isCompleted;
            }
        }
    }

    /// <inheritdoc/>
    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    /// <summary>Records a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Given to <see cref="OnWrite"/>.</param>
    /// <returns>A task that completes when the message is recorded.</returns>
    /// <exception cref="InvalidOperationException">A write is in progress, or the stream was completed.</exception>
    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (_isWriting)
            {
                throw new InvalidOperationException(
                    "A write is in progress. One write at a time: await the task of WriteAsync before the next WriteAsync or CompleteAsync.");
            }

            if (_isCompleted)
            {
                throw new InvalidOperationException("The stream was completed; nothing more can be written.");
            }

            _isWriting = true;
        }

        try
        {
            if (OnWrite is { } write)
            {
                await write(message, cancellationToken).ConfigureAwait(false);
            }

            lock (_lock)
            {
                _messages.Add(message);
                _ = _arrivals.Writer.TryWrite(message);
            }
        }
        finally
        {
            lock (_lock)
            {
                _isWriting = false;
            }
        }
    }

    /// <summary>Ends the stream: a client does it by this; for a handler, the test does it when the handler has returned.</summary>
    /// <returns>A task that has completed.</returns>
    /// <exception cref="InvalidOperationException">A write is in progress.</exception>
    public Task CompleteAsync()
    {
        lock (_lock)
        {
            if (_isWriting)
            {
                throw new InvalidOperationException("A write is in progress. Await the task of WriteAsync before CompleteAsync.");
            }

            _isCompleted = true;
            _ = _arrivals.Writer.TryComplete();
        }

        return Task.CompletedTask;
    }

    /// <summary>The messages as they are written, to the stream's end. For one reader.</summary>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <returns>The messages in the order in which they were written.</returns>
    public IAsyncEnumerable<T> ReadAllAsync(CancellationToken cancellationToken = default) => _arrivals.Reader.ReadAllAsync(cancellationToken);
}
