// SPDX-License-Identifier: Apache-2.0
using System.Threading.Channels;
using Peregrine;
using Channel = System.Threading.Channels.Channel;

namespace Contract;

/// <summary>Stream doubles of the unit-testing example.</summary>
public class TestServerStreamWriter<T> : IServerStreamWriter<T> where T : class
{
    private readonly Channel<T> _channel = Channel.CreateUnbounded<T>();

    public WriteOptions? WriteOptions { get; set; }

    public void Complete()
    {
        _channel.Writer.Complete();
    }

    public IAsyncEnumerable<T> ReadAllAsync()
    {
        return _channel.Reader.ReadAllAsync();
    }

    public Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        return _channel.Writer.WriteAsync(message, cancellationToken).AsTask();
    }

    public Task WriteAsync(T message)
    {
        return WriteAsync(message, CancellationToken.None);
    }
}

public class TestAsyncStreamReader<T> : IAsyncStreamReader<T> where T : class
{
    private readonly Queue<T> _messages;

    public TestAsyncStreamReader(params T[] messages)
    {
        _messages = new Queue<T>(messages);
    }

    public T Current { get; private set; } = null!;

    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (_messages.Count == 0)
        {
            return Task.FromResult(false);
        }

        Current = _messages.Dequeue();
        return Task.FromResult(true);
    }
}

public class TestClientStreamWriter<T> : IClientStreamWriter<T>
{
    public List<T> Written { get; } = new List<T>();

    public bool Completed { get; private set; }

    public WriteOptions? WriteOptions { get; set; }

    public Task CompleteAsync()
    {
        Completed = true;
        return Task.CompletedTask;
    }

    public Task WriteAsync(T message)
    {
        Written.Add(message);
        return Task.CompletedTask;
    }
}
