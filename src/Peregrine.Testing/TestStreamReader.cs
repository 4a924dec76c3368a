// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace Peregrine.Testing;

/// <summary>
/// A stream of messages that a test writes: the requests of a handler, or the responses of a call. Made of a sequence it ends behind it; made
/// empty it goes on as the test says. One reader at a time, as with a real stream; the test may write from any thread.
/// </summary>
/// <typeparam name="T">The message.</typeparam>
public sealed class TestStreamReader<T> : IAsyncStreamReader<T>
{
    private readonly ChannelReader<T> _reader;
    private readonly ChannelWriter<T>? _writer;
    private int _isReading;
    private bool _hasCurrent;
    private T? _current;

    /// <summary>Makes a stream that is open: <see cref="Add"/> messages, then <see cref="Complete"/> or <see cref="Fail"/> it.</summary>
    public TestStreamReader()
    {
        var channel = System.Threading.Channels.Channel.CreateUnbounded<T>();
        _reader = channel.Reader;
        _writer = channel.Writer;
    }

    /// <summary>Makes a stream of some messages.</summary>
    /// <param name="messages">The messages, in order; then the stream ends. Read now.</param>
    public TestStreamReader(params IEnumerable<T> messages)
        : this()
    {
        ArgumentNullException.ThrowIfNull(messages);
        foreach (var message in messages)
        {
            Add(message);
        }

        Complete();
    }

    /// <summary>Makes a stream of what comes out of a channel; an exception that completes the channel fails the stream.</summary>
    /// <param name="messages">The messages.</param>
    public TestStreamReader(ChannelReader<T> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        _reader = messages;
    }

    /// <inheritdoc/>
    public T Current => _hasCurrent ? _current!
        : throw new InvalidOperationException("There is no current message: call MoveNext first, and use Current only after it returned true.");

    /// <summary>Adds a message.</summary>
    /// <param name="message">The message.</param>
    /// <exception cref="InvalidOperationException">The stream has ended, or reads from a channel of the test.</exception>
    public void Add(T message)
    {
        if (!Writer.TryWrite(message))
        {
            throw new InvalidOperationException("The stream has ended; messages are added before that.");
        }
    }

    /// <summary>Ends the stream well, behind the messages that were added.</summary>
    /// <exception cref="InvalidOperationException">The stream reads from a channel of the test.</exception>
    public void Complete() => _ = Writer.TryComplete();

    /// <summary>Ends the stream by an error, behind the messages that were added: <c>MoveNext</c> throws it.</summary>
    /// <param name="error">What is thrown, most often an <see cref="RpcException"/>.</param>
    /// <exception cref="InvalidOperationException">The stream reads from a channel of the test.</exception>
    public void Fail(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        _ = Writer.TryComplete(error);
    }

    /// <inheritdoc/>
    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isReading, 1) != 0)
        {
            throw new InvalidOperationException("A read is in progress. One read at a time: await the task of MoveNext before the next.");
        }

        try
        {
            _hasCurrent = await _reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false) && _reader.TryRead(out _current);
            return _hasCurrent;
        }
        finally
        {
            Volatile.Write(ref _isReading, 0);
        }
    }

    private ChannelWriter<T> Writer => _writer
        ?? throw new InvalidOperationException("The stream reads from a channel of the test; write to that channel instead.");
}
