// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Peregrine.Http2;

namespace Peregrine.Tests.Client;

public sealed class StreamingCallTests : ClientTestBase
{
    [Fact]
    public async Task Server_streaming_reads_messages_then_the_end()
    {
        var call = Connect().CreateCallInvoker().AsyncServerStreamingCall(ServerStreaming, null, default, "hi");
        var peer = await Server.AcceptAsync();
        var stream = (await peer.ExpectRequestAsync()).Stream!;
        peer.SendHead(stream);
        peer.SendMessage(stream, "one");
        peer.SendMessage(stream, "");
        peer.SendMessage(stream, "three");
        peer.SendTrailers(stream, ("grpc-status", "0"), ("x-tail", "t"));

        var read = new List<string>();
        await foreach (var message in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            read.Add(message);
        }

        Assert.Equal(["one", "", "three"], read);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Equal("t", call.GetTrailers().GetValue("x-tail"));
        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task Messages_that_came_before_an_error_are_read_before_it()
    {
        var call = Connect().CreateCallInvoker().AsyncServerStreamingCall(ServerStreaming, null, default, "hi");
        var peer = await Server.AcceptAsync();
        var stream = (await peer.ExpectRequestAsync()).Stream!;
        peer.SendHead(stream);
        peer.SendMessage(stream, "one");
        peer.SendTrailers(stream, ("grpc-status", "13"));

        Assert.True(await call.ResponseStream.MoveNext().WaitAsync(Patience));
        Assert.Equal("one", call.ResponseStream.Current);
        _ = await FailsAsync(call.ResponseStream.MoveNext(), StatusCode.Internal);
        Assert.Throws<InvalidOperationException>(() => call.ResponseStream.Current);
    }

    [Fact]
    public async Task Client_streaming_sends_messages_and_half_closes_with_an_empty_DATA()
    {
        var call = Connect().CreateCallInvoker().AsyncClientStreamingCall(ClientStreaming, null, default);
        var peer = await Server.AcceptAsync();
        await call.RequestStream.WriteAsync("one").WaitAsync(Patience);
        await call.RequestStream.WriteAsync("two").WaitAsync(Patience);
        await call.RequestStream.CompleteAsync().WaitAsync(Patience);

        var stream = (await peer.ExpectAsync(Http2EventKind.Headers)).Stream!;
        var bytes = new List<byte>();
        ScriptedEvent data;
        do
        {
            data = await peer.ExpectAsync(Http2EventKind.Data);
            bytes.AddRange(data.Data);
        }
        while (!data.EndStream);

        Assert.Equal("\0\0\0\0\u0003one\0\0\0\0\u0003two", Encoding.ASCII.GetString([.. bytes]));
        peer.Respond(stream, "both");
        Assert.Equal("both", await call.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task Duplex_answers_each_message()
    {
        var call = Connect().CreateCallInvoker().AsyncDuplexStreamingCall(Duplex, null, default);
        var peer = await Server.AcceptAsync();
        var stream = (await peer.ExpectAsync(Http2EventKind.Headers)).Stream!;
        peer.SendHead(stream);
        for (var i = 0; i < 10; i++)
        {
            await call.RequestStream.WriteAsync($"{i}").WaitAsync(Patience);
            var data = await peer.ExpectAsync(Http2EventKind.Data);
            peer.SendMessage(stream, Encoding.ASCII.GetString(data.Data.AsSpan(5)));
            Assert.True(await call.ResponseStream.MoveNext().WaitAsync(Patience));
            Assert.Equal($"{i}", call.ResponseStream.Current);
        }

        await call.RequestStream.CompleteAsync();
        peer.SendTrailers(stream, ("grpc-status", "0"));
        Assert.False(await call.ResponseStream.MoveNext().WaitAsync(Patience));
    }

    [Fact]
    public async Task Writing_waits_while_the_peer_takes_no_more_and_cancelling_that_write_cancels_the_call()
    {
        using var cancellation = new CancellationTokenSource();
        var call = Connect().CreateCallInvoker().AsyncDuplexStreamingCall(Duplex, null, default);
        using var silent = await Server.AcceptSocketAsync();

        var write = call.RequestStream.WriteAsync("first", cancellation.Token);
        Assert.False(write.IsCompleted);
        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync("second"));
        _ = await Assert.ThrowsAsync<InvalidOperationException>(call.RequestStream.CompleteAsync);

        await cancellation.CancelAsync();
        _ = await FailsAsync(write, StatusCode.Cancelled);
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Writing_after_the_server_ended_the_call_throws_its_status()
    {
        var call = Connect().CreateCallInvoker().AsyncDuplexStreamingCall(Duplex, null, default);
        var peer = await Server.AcceptAsync();
        var stream = (await peer.ExpectAsync(Http2EventKind.Headers)).Stream!;
        peer.SendHeaders(stream, true, (":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "8"), ("grpc-message", "full"));

        _ = await FailsAsync(call.ResponseStream.MoveNext(), StatusCode.ResourceExhausted);
        var thrown = await FailsAsync(call.RequestStream.WriteAsync("late"), StatusCode.ResourceExhausted);
        Assert.Equal("full", thrown.Status.Detail);
    }

    [Fact]
    public async Task Writing_after_CompleteAsync_is_refused()
    {
        var call = Connect().CreateCallInvoker().AsyncDuplexStreamingCall(Duplex, null, default);
        await call.RequestStream.CompleteAsync();
        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync("late"));
    }

    [Fact]
    public async Task A_server_that_answers_before_half_close_gets_RST_STREAM_NO_ERROR()
    {
        var call = Connect().CreateCallInvoker().AsyncClientStreamingCall(ClientStreaming, null, default);
        var peer = await Server.AcceptAsync();
        var stream = (await peer.ExpectAsync(Http2EventKind.Headers)).Stream!;
        peer.Respond(stream, "enough");

        Assert.Equal("enough", await call.ResponseAsync.WaitAsync(Patience));
        Assert.Equal(Http2ErrorCode.NoError, (await peer.ExpectAsync(Http2EventKind.StreamReset)).Error.Code);
    }

    [Fact]
    public async Task Two_reads_at_once_are_refused()
    {
        var call = Connect().CreateCallInvoker().AsyncServerStreamingCall(ServerStreaming, null, default, "hi");
        var peer = await Server.AcceptAsync();
        _ = await peer.ExpectRequestAsync();
        var first = call.ResponseStream.MoveNext();
        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => call.ResponseStream.MoveNext());
        call.Dispose();
        _ = await FailsAsync(first, StatusCode.Cancelled);
    }

    [Fact]
    public async Task OK_without_a_message_is_well_for_a_stream_of_responses()
    {
        var call = Connect().CreateCallInvoker().AsyncServerStreamingCall(ServerStreaming, null, default, "hi");
        var peer = await Server.AcceptAsync();
        var stream = (await peer.ExpectRequestAsync()).Stream!;
        peer.SendHeaders(stream, true, (":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "0"));
        Assert.False(await call.ResponseStream.MoveNext().WaitAsync(Patience));
    }
}
