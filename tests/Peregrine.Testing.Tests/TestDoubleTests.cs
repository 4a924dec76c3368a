// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2;

namespace Peregrine.Testing.Tests;

/// <summary>Contexts, streams and calls without a server.</summary>
public sealed class TestDoubleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_context_of_all_parts_hands_them_out()
    {
        var headers = new Metadata { { "a", "b" } };
        var deadline = new DateTime(2026, 2, 3, 0, 0, 0, DateTimeKind.Utc);
        var token = new ContextPropagationToken(deadline, CancellationToken.None, null);
        var auth = new AuthContext("name", new Dictionary<string, List<AuthProperty>> { ["name"] = [AuthProperty.Create("name", "me"u8.ToArray())] });
        WriteOptions? options = null;
        Metadata? written = null;
        using var source = new CancellationTokenSource();
        ServerCallContext context = TestServerCallContext.Create(
            "/s/M", "host", deadline, headers, source.Token, "ipv4:1.2.3.4:5", auth, token,
            sent =>
            {
                written = sent;
                return Task.CompletedTask;
            },
            () => options,
            value => options = value);
        Assert.Equal(("/s/M", "host", "ipv4:1.2.3.4:5", deadline), (context.Method, context.Host, context.Peer, context.Deadline));
        Assert.Same(headers, context.RequestHeaders);
        Assert.Equal(source.Token, context.CancellationToken);
        Assert.True(context.AuthContext.IsPeerAuthenticated);
        Assert.Same(token, context.CreatePropagationToken());
        context.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
        Assert.Same(options, context.WriteOptions);
        Assert.True(context.WriteResponseHeadersAsync(headers).IsCompletedSuccessfully);
        Assert.Same(headers, written);
    }

    [Fact]
    public async Task A_context_records_what_the_handler_does()
    {
        var context = TestServerCallContext.Create();
        Assert.Equal((DateTime.MaxValue, "/test.Service/Method", false), (context.Deadline, context.Method, context.AuthContext.IsPeerAuthenticated));
        await context.WriteResponseHeadersAsync(new Metadata { { "a", "b" } });
        Assert.Equal("b", context.ResponseHeaders!.GetValue("a"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => context.WriteResponseHeadersAsync([]));
        context.AbortCall(Http2ErrorCode.RefusedStream);
        context.AbortConnection();
        Assert.Equal((Http2ErrorCode.RefusedStream, true), (context.AbortCode!.Value, context.IsConnectionAborted));
        Assert.NotNull(context.CreatePropagationToken());
    }

    [Fact]
    public async Task A_context_whose_token_is_cancelled_names_its_client_as_the_reason()
    {
        using var cancellation = new CancellationTokenSource();
        var context = TestServerCallContext.Create(cancellationToken: cancellation.Token);
        Assert.Equal(CancellationReason.None, context.CancellationReason);
        await cancellation.CancelAsync();
        Assert.Equal(CancellationReason.ResetByPeer, context.CancellationReason);
    }

    [Fact]
    public async Task A_stream_goes_on_as_the_test_says()
    {
        var stream = new TestStreamReader<string>();
        Assert.Throws<InvalidOperationException>(() => stream.Current);
        var reading = stream.MoveNext(CancellationToken.None);
        Assert.False(reading.IsCompleted);
        await Assert.ThrowsAsync<InvalidOperationException>(() => stream.MoveNext(CancellationToken.None));
        stream.Add("a");
        Assert.True(await reading.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal("a", stream.Current);
        stream.Fail(new RpcException(new Status(StatusCode.Aborted, "enough")));
        Assert.Throws<InvalidOperationException>(() => stream.Add("b"));
        Assert.Equal(StatusCode.Aborted, (await Assert.ThrowsAsync<RpcException>(() => stream.MoveNext(CancellationToken.None))).StatusCode);
    }

    [Fact]
    public async Task A_stream_reads_from_a_channel()
    {
        var channel = System.Threading.Channels.Channel.CreateUnbounded<string>();
        var stream = new TestStreamReader<string>(channel.Reader);
        Assert.True(channel.Writer.TryWrite("a"));
        channel.Writer.Complete();
        Assert.True(await stream.MoveNext(CancellationToken.None));
        Assert.Equal("a", stream.Current);
        Assert.False(await stream.MoveNext(CancellationToken.None));
        Assert.Throws<InvalidOperationException>(() => stream.Current);
        Assert.Throws<InvalidOperationException>(() => stream.Add("b"));
    }

    [Fact]
    public async Task A_writer_records_and_can_hold_back_and_fail()
    {
        var release = new TaskCompletionSource();
        var writer = new TestStreamWriter<string> { OnWrite = (message, _) => message == "bad" ? throw new InvalidOperationException("bad") : release.Task };
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.WriteAsync("bad"));
        var writing = writer.WriteAsync("a");
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.WriteAsync("b"));
        await Assert.ThrowsAsync<InvalidOperationException>(writer.CompleteAsync);
        Assert.Empty(writer.Messages);
        release.SetResult();
        await writing;
        Assert.Equal(["a"], writer.Messages);
        Assert.False(writer.IsCompleted);
        await writer.CompleteAsync();
        Assert.True(writer.IsCompleted);
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.WriteAsync("c"));
        Assert.Equal(["a"], await ToListAsync(writer.ReadAllAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task A_unary_call_ends_as_its_task_does()
    {
        var source = new TaskCompletionSource<string>();
        using var call = AsyncUnaryCall.FromTask(source.Task, new Metadata { { "h", "1" } }, new Metadata { { "t", "2" } });
        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        Assert.Throws<InvalidOperationException>(call.GetTrailers);
        source.SetResult("x");
        Assert.Equal("x", await call);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Equal(("1", "2"), ((await call.ResponseHeadersAsync).GetValue("h"), call.GetTrailers().GetValue("t")));
    }

    [Fact]
    public async Task A_failed_call_has_its_status_and_trailers()
    {
        var error = new RpcException(new Status(StatusCode.NotFound, "nobody"), new Metadata { { "t", "2" } });
        using var call = AsyncUnaryCall.FromException<string>(error);
        Assert.Same(error, await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync));
        Assert.Equal(error.Status, call.GetStatus());
        Assert.Equal("2", call.GetTrailers().GetValue("t"));
    }

    [Fact]
    public void A_call_that_is_disposed_early_is_cancelled()
    {
        var call = AsyncUnaryCall.FromTask(new TaskCompletionSource<string>().Task);
        call.Dispose();
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
        Assert.Empty(call.GetTrailers());
    }

    [Fact]
    public async Task A_response_stream_ends_its_call()
    {
        using var good = AsyncServerStreamingCall.FromResults("a", "b");
        Assert.Throws<InvalidOperationException>(() => good.GetStatus());
        Assert.Equal(["a", "b"], await ToListAsync(good.ResponseStream.ReadAllAsync()));
        Assert.Equal(StatusCode.OK, good.GetStatus().StatusCode);

        using var bad = AsyncServerStreamingCall.FromException<string>(new RpcException(new Status(StatusCode.Aborted, "")));
        await Assert.ThrowsAsync<RpcException>(() => bad.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.Aborted, bad.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Requests_get_their_answer_when_they_are_complete()
    {
        using var call = AsyncClientStreamingCall.FromResponder((IReadOnlyList<string> all) => string.Concat(all));
        await call.RequestStream.WriteAsync("a", TestContext.Current.CancellationToken);
        await call.RequestStream.WriteAsync("b", TestContext.Current.CancellationToken);
        Assert.False(call.ResponseAsync.IsCompleted);
        await call.RequestStream.CompleteAsync();
        Assert.Equal("ab", await call.ResponseAsync.WaitAsync(Patience, TestContext.Current.CancellationToken));

        var requests = new TestStreamWriter<string>();
        using var failed = AsyncClientStreamingCall.FromException<string, string>(requests, new RpcException(new Status(StatusCode.Aborted, "")));
        await Assert.ThrowsAsync<RpcException>(() => failed.ResponseAsync);
        using var done = AsyncClientStreamingCall.FromResult(requests, "x");
        Assert.Equal("x", await done);
    }

    [Fact]
    public async Task A_conversation_follows_its_script_and_fails_with_it()
    {
        using var call = AsyncDuplexStreamingCall.FromResponder(
            (string request) => request == "end" ? throw new RpcException(new Status(StatusCode.Aborted, "")) : new[] { request, request });
        await call.RequestStream.WriteAsync("a", TestContext.Current.CancellationToken);
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.True(await call.ResponseStream.MoveNext());
        await call.RequestStream.WriteAsync("end", TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.Aborted, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Calls_are_made_from_all_their_parts()
    {
        var disposed = 0;
        var headers = Task.FromResult(new Metadata());
        using (var unary = TestCalls.AsyncUnaryCall(Task.FromResult("x"), headers, () => Status.DefaultSuccess, () => [], () => disposed++))
        {
            Assert.Equal("x", await unary);
        }

        var writer = new TestStreamWriter<string>();
        var reader = new TestStreamReader<string>("a");
        TestCalls.AsyncClientStreamingCall(writer, Task.FromResult("x"), headers, () => Status.DefaultSuccess, () => [], () => disposed++).Dispose();
        TestCalls.AsyncServerStreamingCall(reader, headers, () => Status.DefaultSuccess, () => [], () => disposed++).Dispose();
        TestCalls.AsyncDuplexStreamingCall(writer, reader, headers, () => Status.DefaultSuccess, () => [], () => disposed++).Dispose();
        Assert.Equal(4, disposed);
    }

    private static async Task<List<T>> ToListAsync<T>(IAsyncEnumerable<T> messages)
    {
        List<T> list = [];
        await foreach (var message in messages)
        {
            list.Add(message);
        }

        return list;
    }
}
