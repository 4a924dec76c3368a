// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Peregrine.Http2;

namespace Peregrine.Tests.Client;

public sealed class UnaryCallTests : ClientTestBase
{
    [Fact]
    public async Task Request_headers_begin_with_pseudo_headers_then_timeout_and_end_with_custom_metadata()
    {
        var channel = Connect();
        var headers = new Metadata { { "x-text", "v" }, { "x-data-bin", [1, 2, 3] } };
        var call = CallUnary(channel, new CallOptions(headers, DateTime.UtcNow.AddMinutes(1)));
        var peer = await Server.AcceptAsync();
        var request = await peer.ExpectRequestAsync();

        var names = request.Headers.Select(field => field.Name).ToList();
        Assert.Equal([":method", ":scheme", ":path", ":authority", "grpc-timeout"], names[..5]);
        Assert.Equal(["x-text", "x-data-bin"], names[^2..]);
        Assert.Equal("POST", request.Header(":method"));
        Assert.Equal("http", request.Header(":scheme"));
        Assert.Equal("/test.Echo/Unary", request.Header(":path"));
        Assert.Equal($"127.0.0.1:{Server.Port}", request.Header(":authority"));
        Assert.Equal("trailers", request.Header("te"));
        Assert.Equal("application/grpc", request.Header("content-type"));
        Assert.StartsWith("grpc-csharp-peregrine/", request.Header("user-agent"), StringComparison.Ordinal);
        Assert.Equal("identity,gzip,deflate", request.Header("grpc-accept-encoding"));
        Assert.Equal("AQID", request.Header("x-data-bin"));

        peer.Respond(request.Stream!, "hello");
        Assert.Equal("hello", await call.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task Metadata_that_is_changed_while_the_channel_connects_does_not_change_the_call()
    {
        var channel = Connect();
        var headers = new Metadata { { "x", "1" } };
        var options = new CallOptions(headers);
        var first = CallUnary(channel, options);
        headers.Add("y", "2");
        var second = CallUnary(channel, options);
        headers.Clear();
        var peer = await Server.AcceptAsync();
        List<string> sent = [];
        for (var i = 0; i < 2; i++)
        {
            var request = await peer.ExpectRequestAsync();
            sent.Add($"{request.Header("x")} {request.Header("y")}");
            peer.Respond(request.Stream!, "hello");
        }

        Assert.Equal(["1 ", "1 2"], sent.Order());
        _ = await Task.WhenAll(first.ResponseAsync, second.ResponseAsync).WaitAsync(Patience);
    }

    [Fact]
    public async Task Request_headers_above_the_servers_limit_fail_the_call_and_nothing_is_sent()
    {
        var channel = Connect();
        var large = CallUnary(channel, new CallOptions(new Metadata { { "x", new string('v', 1000) } }));
        var peer = await Server.AcceptAsync(maxHeaderListSize: 1000);
        var failure = await FailsAsync(large.ResponseAsync, StatusCode.ResourceExhausted);
        Assert.Contains("limit 1000", failure.Status.Detail, StringComparison.Ordinal);

        // The connection is none the worse, and the next call is the first that the server sees.
        var small = CallUnary(channel);
        var request = await peer.ExpectRequestAsync();
        Assert.Equal(1, request.Stream!.Id);
        peer.Respond(request.Stream!, "hello");
        Assert.Equal("hello", await small.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task Response_headers_and_trailers_carry_text_and_binary_metadata()
    {
        var call = CallUnary(Connect());
        var peer = await Server.AcceptAsync();
        var stream = (await peer.ExpectRequestAsync()).Stream!;
        peer.SendHeaders(stream, false, (":status", "200"), ("content-type", "application/grpc"), ("x-head", "h"), ("x-head-bin", "AQID"));
        peer.SendMessage(stream, "hello");
        peer.SendTrailers(stream, ("grpc-status", "0"), ("x-tail", "t"), ("x-tail-bin", "BAUG,BwgJ"));

        Assert.Equal("hello", await call.ResponseAsync.WaitAsync(Patience));
        var headers = await call.ResponseHeadersAsync.WaitAsync(Patience);
        Assert.Equal("h", headers.GetValue("x-head"));
        Assert.Equal([1, 2, 3], headers.GetValueBytes("x-head-bin"));
        Assert.Equal("t", call.GetTrailers().GetValue("x-tail"));
        Assert.Equal([[4, 5, 6], [7, 8, 9]], call.GetTrailers().GetAll("x-tail-bin").Select(entry => entry.ValueBytes));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task GetStatus_and_GetTrailers_throw_before_the_end()
    {
        var call = CallUnary(Connect());
        var peer = await Server.AcceptAsync();
        _ = await peer.ExpectRequestAsync();

        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        Assert.Throws<InvalidOperationException>(call.GetTrailers);
    }

    [Fact]
    public async Task Trailers_only_metadata_is_delivered_as_trailers_and_response_headers_are_empty()
    {
        var call = CallUnary(Connect());
        var peer = await Server.AcceptAsync();
        var stream = (await peer.ExpectRequestAsync()).Stream!;
        peer.SendHeaders(
            stream, true, (":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "5"), ("grpc-message", "no%20such%E2%98%BA"), ("x-tail", "t"));

        var thrown = await FailsAsync(call.ResponseAsync, StatusCode.NotFound);
        Assert.Equal("no such☺", thrown.Status.Detail);
        Assert.Equal("t", thrown.Trailers.GetValue("x-tail"));
        Assert.Empty(await call.ResponseHeadersAsync.WaitAsync(Patience));
        Assert.Equal("t", call.GetTrailers().GetValue("x-tail"));
    }

    [Fact]
    public async Task Status_in_headers_is_ignored_when_the_response_is_not_trailers_only()
    {
        var call = CallUnary(Connect());
        var peer = await Server.AcceptAsync();
        var stream = (await peer.ExpectRequestAsync()).Stream!;
        peer.SendHeaders(stream, false, (":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "9"));
        peer.SendMessage(stream, "hello");
        peer.SendTrailers(stream, ("grpc-status", "0"));

        Assert.Equal("hello", await call.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task Missing_grpc_status_is_UNKNOWN()
    {
        var call = CallUnary(Connect());
        var peer = await Server.AcceptAsync();
        var stream = (await peer.ExpectRequestAsync()).Stream!;
        peer.SendHead(stream);
        peer.SendMessage(stream, "hello", endStream: true);

        _ = await FailsAsync(call.ResponseAsync, StatusCode.Unknown);
    }

    [Fact]
    public async Task OK_without_a_response_is_UNIMPLEMENTED()
    {
        var call = CallUnary(Connect());
        var peer = await Server.AcceptAsync();
        var stream = (await peer.ExpectRequestAsync()).Stream!;
        peer.SendHead(stream);
        peer.SendTrailers(stream, ("grpc-status", "0"));

        _ = await FailsAsync(call.ResponseAsync, StatusCode.Unimplemented);
    }

    [Fact]
    public async Task Two_responses_are_UNIMPLEMENTED_and_reset_the_stream()
    {
        var call = CallUnary(Connect());
        var peer = await Server.AcceptAsync();
        var stream = (await peer.ExpectRequestAsync()).Stream!;
        peer.SendHead(stream);
        peer.SendMessage(stream, "one");
        peer.SendMessage(stream, "two");

        _ = await FailsAsync(call.ResponseAsync, StatusCode.Unimplemented);
        Assert.Equal(Http2ErrorCode.Cancel, (await peer.ExpectAsync(Http2EventKind.StreamReset)).Error.Code);
    }

    [Fact]
    public async Task A_message_followed_by_an_error_status_is_the_error()
    {
        var call = CallUnary(Connect());
        var peer = await Server.AcceptAsync();
        var stream = (await peer.ExpectRequestAsync()).Stream!;
        peer.SendHead(stream);
        peer.SendMessage(stream, "hello");
        peer.SendTrailers(stream, ("grpc-status", "10"), ("grpc-message", "aborted"));

        Assert.Equal("aborted", (await FailsAsync(call.ResponseAsync, StatusCode.Aborted)).Status.Detail);
    }

    [Theory]
    [InlineData("400", StatusCode.Internal)]
    [InlineData("401", StatusCode.Unauthenticated)]
    [InlineData("403", StatusCode.PermissionDenied)]
    [InlineData("404", StatusCode.Unimplemented)]
    [InlineData("429", StatusCode.Unavailable)]
    [InlineData("503", StatusCode.Unavailable)]
    [InlineData("418", StatusCode.Unknown)]
    [InlineData("200", StatusCode.Unknown)]
    public async Task A_response_that_is_not_gRPC_maps_its_HTTP_status_and_keeps_the_start_of_the_body(string status, StatusCode code)
    {
        var call = CallUnary(Connect());
        var peer = await Server.AcceptAsync();
        var stream = (await peer.ExpectRequestAsync()).Stream!;
        peer.SendHeaders(stream, false, (":status", status), ("content-type", "text/html"));
        peer.SendData(stream, Encoding.UTF8.GetBytes("<h1>a proxy spoke</h1>" + new string('x', 10_000)), endStream: true);

        var thrown = await FailsAsync(call.ResponseAsync, code);
        Assert.Contains("a proxy spoke", thrown.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("text/html", thrown.Status.Detail, StringComparison.Ordinal);
        Assert.InRange(thrown.Status.Detail.Length, 1, 500);
    }

    [Fact]
    public async Task Grpc_status_in_trailers_wins_over_the_HTTP_status()
    {
        var call = CallUnary(Connect());
        var peer = await Server.AcceptAsync();
        var stream = (await peer.ExpectRequestAsync()).Stream!;
        peer.SendHeaders(stream, false, (":status", "503"), ("content-type", "application/grpc"));
        peer.SendTrailers(stream, ("grpc-status", "7"));

        _ = await FailsAsync(call.ResponseAsync, StatusCode.PermissionDenied);
    }

    [Theory]
    [InlineData(Http2ErrorCode.NoError, StatusCode.Internal)]
    [InlineData(Http2ErrorCode.ProtocolError, StatusCode.Internal)]
    [InlineData(Http2ErrorCode.InternalError, StatusCode.Internal)]
    [InlineData(Http2ErrorCode.FlowControlError, StatusCode.Internal)]
    [InlineData(Http2ErrorCode.Cancel, StatusCode.Cancelled)]
    [InlineData(Http2ErrorCode.EnhanceYourCalm, StatusCode.ResourceExhausted)]
    [InlineData(Http2ErrorCode.InadequateSecurity, StatusCode.PermissionDenied)]
    public async Task RST_STREAM_maps_by_its_code_before_headers_after_headers_and_after_the_message(Http2ErrorCode code, StatusCode status)
    {
        var channel = Connect();
        ScriptedConnection? peer = null;
        for (var stage = 0; stage < 3; stage++)
        {
            var call = CallUnary(channel);
            peer ??= await Server.AcceptAsync();
            var stream = (await peer.ExpectRequestAsync()).Stream!;
            if (stage > 0)
            {
                peer.SendHead(stream);
            }

            if (stage > 1)
            {
                peer.SendMessage(stream, "hello");
            }

            peer.Reset(stream, code);
            var thrown = await FailsAsync(call.ResponseAsync, status);
            Assert.Contains(stage == 0 ? "phase: request" : "phase: response", thrown.Status.Detail, StringComparison.Ordinal);
            Assert.Contains($"127.0.0.1:{Server.Port}", thrown.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task RST_STREAM_after_the_trailers_does_not_discard_the_response()
    {
        var channel = Connect();
        var call = channel.CreateCallInvoker().AsyncClientStreamingCall(ClientStreaming, null, default);
        var peer = await Server.AcceptAsync();
        var stream = (await peer.ExpectAsync(Http2EventKind.Headers)).Stream!;
        peer.Respond(stream, "enough");
        peer.Reset(stream, Http2ErrorCode.NoError);

        Assert.Equal("enough", await call.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task Response_larger_than_the_limit_is_RESOURCE_EXHAUSTED_and_resets_the_stream()
    {
        var call = CallUnary(Connect(options => options.MaxReceiveMessageSize = 10));
        var peer = await Server.AcceptAsync();
        var stream = (await peer.ExpectRequestAsync()).Stream!;
        peer.SendHead(stream);
        peer.SendMessage(stream, "eleven bytes");

        var thrown = await FailsAsync(call.ResponseAsync, StatusCode.ResourceExhausted);
        Assert.Contains("received 12 > limit 10; raise MaxReceiveMessageSize", thrown.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(Http2ErrorCode.Cancel, (await peer.ExpectAsync(Http2EventKind.StreamReset)).Error.Code);
    }

    [Fact]
    public async Task Request_larger_than_the_limit_is_RESOURCE_EXHAUSTED_and_nothing_is_connected()
    {
        var channel = Connect(options => options.MaxSendMessageSize = 3);
        var thrown = await FailsAsync(CallUnary(channel, request: "four").ResponseAsync, StatusCode.ResourceExhausted);

        Assert.Contains("sending 4 > limit 3; raise MaxSendMessageSize", thrown.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(ConnectivityState.Idle, channel.State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Response_headers_or_trailers_above_the_limit_are_RESOURCE_EXHAUSTED(bool inTrailers)
    {
        var channel = Connect();
        var call = CallUnary(channel);
        var peer = await Server.AcceptAsync();
        var stream = (await peer.ExpectRequestAsync()).Stream!;
        var large = ("large", new string('x', 9000));
        peer.SendHeaders(stream, false, inTrailers
            ? [(":status", "200"), ("content-type", "application/grpc")]
            : [(":status", "200"), ("content-type", "application/grpc"), large]);
        peer.SendMessage(stream, "never mind");
        peer.SendTrailers(stream, inTrailers ? [large, ("grpc-status", "0")] : [("grpc-status", "0")]);
        _ = await FailsAsync(call.ResponseAsync, StatusCode.ResourceExhausted);

        // The connection is not harmed: what was cut off is known to its header tables.
        var next = CallUnary(channel);
        peer.Respond((await peer.ExpectRequestAsync()).Stream!, "fine");
        Assert.Equal("fine", await next.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_decompression_bomb_is_RESOURCE_EXHAUSTED_and_resets_the_stream()
    {
        var call = CallUnary(Connect());
        var peer = await Server.AcceptAsync();
        var stream = (await peer.ExpectRequestAsync()).Stream!;
        using var bomb = new MemoryStream();
        bomb.Write([1, 0, 0, 0, 0]);
        using (var gzip = new System.IO.Compression.GZipStream(bomb, System.IO.Compression.CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(new byte[64 * 1024 * 1024]);
        }

        var framed = bomb.ToArray();
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), framed.Length - 5);
        peer.SendHeaders(stream, false, (":status", "200"), ("content-type", "application/grpc"), ("grpc-encoding", "gzip"));
        peer.SendData(stream, framed);
        _ = await FailsAsync(call.ResponseAsync, StatusCode.ResourceExhausted);
        Assert.Equal(Http2ErrorCode.Cancel, (await peer.ExpectAsync(Http2EventKind.StreamReset)).Error.Code);
    }

    [Fact]
    public async Task A_stream_that_ends_inside_a_message_is_INTERNAL()
    {
        var call = CallUnary(Connect());
        var peer = await Server.AcceptAsync();
        var stream = (await peer.ExpectRequestAsync()).Stream!;
        peer.SendHead(stream);
        peer.SendData(stream, [0, 0, 0, 0, 9, 1, 2]);
        peer.SendTrailers(stream, ("grpc-status", "0"));

        Assert.Contains("inside a message", (await FailsAsync(call.ResponseAsync, StatusCode.Internal)).Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "flag other than 0 and 1")]
    [InlineData(1, "marked as compressed")]
    public async Task A_wrong_compressed_flag_is_INTERNAL(byte flag, string text)
    {
        var call = CallUnary(Connect());
        var peer = await Server.AcceptAsync();
        var stream = (await peer.ExpectRequestAsync()).Stream!;
        peer.SendHead(stream);
        peer.SendData(stream, [flag, 0, 0, 0, 1, 65]);

        Assert.Contains(text, (await FailsAsync(call.ResponseAsync, StatusCode.Internal)).Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_response_encoding_is_INTERNAL()
    {
        var call = CallUnary(Connect());
        var peer = await Server.AcceptAsync();
        var stream = (await peer.ExpectRequestAsync()).Stream!;
        peer.SendHeaders(stream, false, (":status", "200"), ("content-type", "application/grpc"), ("grpc-encoding", "snappy"));
        peer.SendData(stream, [1, 0, 0, 0, 1, 65]);

        Assert.Contains("'snappy'", (await FailsAsync(call.ResponseAsync, StatusCode.Internal)).Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_base64_in_response_metadata_ends_the_call_and_not_the_connection()
    {
        var channel = Connect();
        var call = CallUnary(channel);
        var peer = await Server.AcceptAsync();
        var stream = (await peer.ExpectRequestAsync()).Stream!;
        peer.SendHeaders(stream, false, (":status", "200"), ("content-type", "application/grpc"), ("x-bin", "*"));
        Assert.Contains("'x-bin'", (await FailsAsync(call.ResponseAsync, StatusCode.Internal)).Status.Detail, StringComparison.Ordinal);

        var second = CallUnary(channel);
        peer.Respond((await peer.ExpectRequestAsync()).Stream!, "still here");
        Assert.Equal("still here", await second.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_marshaller_that_throws_ends_its_call_with_INTERNAL_and_keeps_the_cause()
    {
        var channel = Connect();
        var bad = new Method<string, string>(
            MethodType.Unary, "s", "m", Marshallers.Create<string>((_, _) => throw new FormatException("no"), _ => ""), Marshallers.StringMarshaller);
        var thrown = await FailsAsync(
            channel.CreateCallInvoker().AsyncUnaryCall(bad, null, default, "x").ResponseAsync, StatusCode.Internal);

        Assert.IsType<FormatException>(thrown.Status.DebugException);
        Assert.IsType<FormatException>(thrown.InnerException);
    }

    [Fact]
    public async Task Host_overrides_the_authority_of_one_call()
    {
        var call = Connect().CreateCallInvoker().AsyncUnaryCall(Unary, "other.test", default, "hi");
        var peer = await Server.AcceptAsync();
        var request = await peer.ExpectRequestAsync();
        Assert.Equal("other.test", request.Header(":authority"));
        peer.Respond(request.Stream!, "ok");
        Assert.Equal("ok", await call.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task Blocking_calls_from_more_threads_than_the_pool_has_all_complete()
    {
        const int calls = 64;
        var invoker = Connect().CreateCallInvoker();
        var running = Enumerable.Range(0, calls)
            .Select(number => Task.Run(() => invoker.BlockingUnaryCall(Unary, null, default, $"{number}")))
            .ToArray();
        var peer = await Server.AcceptAsync();
        for (var i = 0; i < calls; i++)
        {
            peer.Respond((await peer.ExpectRequestAsync()).Stream!, "done");
        }

        Assert.All(await Task.WhenAll(running).WaitAsync(Patience), response => Assert.Equal("done", response));
    }
}
