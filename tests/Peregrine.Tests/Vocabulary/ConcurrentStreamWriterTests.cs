// SPDX-License-Identifier: Apache-2.0
using System.Threading.Channels;
using Peregrine.Testing;
using Peregrine.Tests.Serving;

namespace Peregrine.Tests.Vocabulary;

/// <summary>Several writers of one stream at once.</summary>
public sealed class ConcurrentStreamWriterTests
{
    private static readonly TimeSpan Patience = RawClient.Patience;

    private readonly TestStreamWriter<string> _stream = new();
    private readonly Channel<TaskCompletionSource> _begun = System.Threading.Channels.Channel.CreateUnbounded<TaskCompletionSource>();

    [Fact]
    public async Task Writes_run_one_by_one_and_complete_in_the_order_in_which_they_came()
    {
        Hold();
        var writer = ((IClientStreamWriter<string>)_stream).AllowConcurrentWrites();
        List<int> completed = [];
        var writes = Enumerable.Range(0, 5).Select(i => NoteAsync(writer.WriteAsync($"{i}"), i)).ToArray();
        for (var i = 0; i < 5; i++)
        {
            var release = await NextAsync();

            // Nobody begins before the one in front has ended.
            Assert.False(_begun.Reader.TryPeek(out _));
            release.SetResult();
            await writes[i].WaitAsync(Patience);
        }

        Assert.Equal(["0", "1", "2", "3", "4"], _stream.Messages);
        Assert.Equal([0, 1, 2, 3, 4], completed);

        async Task NoteAsync(Task write, int number)
        {
            await write;
            lock (completed)
            {
                completed.Add(number);
            }
        }
    }

    [Fact]
    public async Task The_end_of_the_stream_waits_for_the_writes_before_it()
    {
        Hold();
        var writer = ((IClientStreamWriter<string>)_stream).AllowConcurrentWrites();
        var write = writer.WriteAsync("a");
        var complete = writer.CompleteAsync();
        var late = writer.WriteAsync("b");
        Assert.False(_stream.IsCompleted);
        (await NextAsync()).SetResult();
        await write.WaitAsync(Patience);
        await complete.WaitAsync(Patience);
        await Assert.ThrowsAsync<InvalidOperationException>(() => late.WaitAsync(Patience));
        Assert.Equal(["a"], _stream.Messages);
    }

    [Fact]
    public async Task A_write_that_waits_is_taken_out_by_its_token_and_the_others_go_on()
    {
        Hold();
        var writer = ((IServerStreamWriter<string>)_stream).AllowConcurrentWrites();
        using var source = new CancellationTokenSource();
        var first = writer.WriteAsync("a", TestContext.Current.CancellationToken);
        var second = writer.WriteAsync("b", source.Token);
        var third = writer.WriteAsync("c", TestContext.Current.CancellationToken);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.WaitAsync(Patience));
        (await NextAsync()).SetResult();
        await first.WaitAsync(Patience);
        (await NextAsync()).SetResult();
        await third.WaitAsync(Patience);
        Assert.Equal(["a", "c"], _stream.Messages);
    }

    [Fact]
    public async Task A_write_that_fails_fails_alone()
    {
        Hold();
        var writer = ((IServerStreamWriter<string>)_stream).AllowConcurrentWrites();
        var first = writer.WriteAsync("a", TestContext.Current.CancellationToken);
        var second = writer.WriteAsync("b", TestContext.Current.CancellationToken);
        (await NextAsync()).SetException(new IOException("broken"));
        Assert.Equal("broken", (await Assert.ThrowsAsync<IOException>(() => first.WaitAsync(Patience))).Message);
        (await NextAsync()).SetResult();
        await second.WaitAsync(Patience);
    }

    [Fact]
    public async Task Options_are_those_of_the_moment_of_the_write()
    {
        Hold();
        var writer = ((IServerStreamWriter<string>)_stream).AllowConcurrentWrites();
        List<WriteFlags?> seen = [];
        var hold = _stream.OnWrite!;
        _stream.OnWrite = (message, token) =>
        {
            seen.Add(_stream.WriteOptions?.Flags);
            return hold(message, token);
        };
        var first = writer.WriteAsync("a", TestContext.Current.CancellationToken);
        writer.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
        var second = writer.WriteAsync("b", TestContext.Current.CancellationToken);
        writer.WriteOptions = null;
        (await NextAsync()).SetResult();
        await first.WaitAsync(Patience);
        (await NextAsync()).SetResult();
        await second.WaitAsync(Patience);
        Assert.Equal([null, WriteFlags.NoCompress], seen);
    }

    [Fact]
    public void A_writer_that_allows_it_already_is_left_as_it_is()
    {
        var client = ((IClientStreamWriter<string>)_stream).AllowConcurrentWrites();
        var server = ((IServerStreamWriter<string>)_stream).AllowConcurrentWrites();
        Assert.Same(client, client.AllowConcurrentWrites());
        Assert.Same(server, server.AllowConcurrentWrites());
    }

    [Fact]
    public async Task Many_writers_of_a_real_call_are_held_back_and_every_message_arrives_whole_and_in_order()
    {
        const int writers = 8;
        const int messages = 50;
        var method = ServerFixture.Method(MethodType.DuplexStreaming, "Duplex");
        await using var server = InMemoryServer.Start(ServerServiceDefinition.CreateBuilder()
            .AddMethod(method, (DuplexStreamingServerMethod<string, string>)(async (requests, responses, _) =>
            {
                var concurrent = responses.AllowConcurrentWrites();
                List<Task> answers = [];
                await foreach (var request in requests.ReadAllAsync())
                {
                    answers.Add(Task.Run(() => concurrent.WriteAsync(request)));
                }

                await Task.WhenAll(answers);
            }))
            .Build());
        using var call = server.Channel.CreateCallInvoker().AsyncDuplexStreamingCall(method, null, default);
        var stream = call.RequestStream.AllowConcurrentWrites();
        var padding = new string('x', 20_000);
        var writing = Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < messages; i++)
            {
                await stream.WriteAsync($"{writer}:{i}:{padding}");
            }
        })));
        var complete = writing.ContinueWith(_ => stream.CompleteAsync(), TaskScheduler.Default).Unwrap();
        HashSet<string> received = [];
        while (await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience))
        {
            var parts = call.ResponseStream.Current.Split(':');
            Assert.Equal(padding, parts[2]);
            Assert.True(received.Add($"{parts[0]}:{parts[1]}"));
        }

        await complete.WaitAsync(Patience);
        Assert.Equal(writers * messages, received.Count);
    }

    // From now on a write ends when the test says so.
    private void Hold() => _stream.OnWrite = (_, _) =>
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = _begun.Writer.TryWrite(release);
        return release.Task;
    };

    private Task<TaskCompletionSource> NextAsync() => _begun.Reader.ReadAsync().AsTask().WaitAsync(Patience);
}
