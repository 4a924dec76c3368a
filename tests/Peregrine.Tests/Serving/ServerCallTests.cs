// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2;
using Peregrine.TestKit;

namespace Peregrine.Tests.Serving;

/// <summary>The life of calls, seen from a client that speaks raw HTTP/2.</summary>
public class ServerCallTests
{
    [Fact]
    public async Task A_unary_call_gets_head_message_and_OK_trailers()
    {
        await using var server = await new ServerFixture().Unary((r, _) => Task.FromResult("hello " + r)).StartAsync();
        var call = server.Connect().Unary("/test.Svc/Unary", "you");
        Assert.Equal("hello you", await call.NextTextAsync());
        Assert.Equal(StatusCode.OK, await call.StatusAsync());
        var head = await call.Headers;
        Assert.Equal("200", head[":status"]);
        Assert.Equal("application/grpc", head["content-type"]);
        Assert.Equal(1, server.Server.Statistics.CallsStarted);
        Assert.Equal(1, server.Server.Statistics.CallsEnded(StatusCode.OK));
    }

    [Fact]
    public async Task Each_of_many_waiting_calls_keeps_its_own_metadata_and_host()
    {
        var begin = new TaskCompletionSource();
        await using var server = await new ServerFixture().Unary(async (_, context) =>
        {
            await begin.Task;
            return $"{context.RequestHeaders.GetValue("number")} {context.RequestHeaders.GetValue("fixed")} {context.RequestHeaders.Count} {context.Host}";
        }).StartAsync();
        var client = server.Connect();
        var calls = Enumerable.Range(0, 100)
            .Select(i => client.Unary("/test.Svc/Unary", "", ("number", $"{i}"), ("fixed", "same"), (":authority", $"host-{i % 7}"), ("grpc-timeout", "1H")))
            .ToList();

        // Answered behind all of them: the calls before it wait.
        Assert.Equal(StatusCode.Unimplemented, await client.Unary("/test.Svc/None", "").StatusAsync());
        begin.SetResult();
        for (var i = 0; i < calls.Count; i++)
        {
            Assert.Equal($"{i} same 2 host-{i % 7}", await calls[i].NextTextAsync());
            Assert.Equal(StatusCode.OK, await calls[i].StatusAsync());
        }
    }

    [Fact]
    public async Task A_message_is_read_alike_however_DATA_frames_split_it()
    {
        await using var server = await new ServerFixture().Duplex(EchoAsync).StartAsync();
        var client = server.Connect();
        foreach (var (label, chunks) in SplitSequences.ChunksOf([.. RawClient.Frame("ab"), .. RawClient.Frame(""), .. RawClient.Frame("cde")]))
        {
            var call = client.Open("/test.Svc/Duplex");
            foreach (var chunk in chunks.Where(c => c.Length > 0))
            {
                call.Send(chunk.ToArray(), endStream: false);
            }

            call.Send([], endStream: true);
            Assert.True(await call.NextTextAsync() == "ab", label);
            Assert.True((await call.NextTextAsync()).Length == 0, label);
            Assert.True(await call.NextTextAsync() == "cde", label);
            Assert.True(await call.StatusAsync() == StatusCode.OK, label);
        }
    }

    [Fact]
    public async Task A_client_streaming_call_reads_all_requests_and_answers_once()
    {
        await using var server = await new ServerFixture().ClientStreaming(async (requests, _) =>
        {
            var all = "";
            await foreach (var request in requests)
            {
                all += request;
            }

            return all;
        }).StartAsync();
        var call = server.Connect().Open("/test.Svc/ClientStreaming");
        call.SendText("a");
        call.SendText("b");
        call.SendText("c", endStream: true);
        Assert.Equal("abc", await call.NextTextAsync());
        Assert.Equal(StatusCode.OK, await call.StatusAsync());
    }

    [Fact]
    public async Task A_server_streaming_call_sends_each_response_and_metadata()
    {
        await using var server = await new ServerFixture().ServerStreaming(async (request, responses, context) =>
        {
            await context.WriteResponseHeadersAsync(new Metadata { { "initial", "1" } });
            context.ResponseTrailers.Add("trailing", context.RequestHeaders.GetValue("asked")!);
            foreach (var c in request)
            {
                await responses.WriteAsync(c.ToString());
            }
        }).StartAsync();
        var call = server.Connect().Unary("/test.Svc/ServerStreaming", "xy", ("asked", "yes"));
        Assert.Equal("1", (await call.Headers)["initial"]);
        Assert.Equal("x", await call.NextTextAsync());
        Assert.Equal("y", await call.NextTextAsync());
        Assert.Equal("yes", (await call.Trailers)["trailing"]);
    }

    [Fact]
    public async Task A_large_message_crosses_the_windows_both_ways()
    {
        await using var server = await new ServerFixture().Unary((r, _) => Task.FromResult(r)).StartAsync();
        var text = new string('x', 3_000_000);
        var call = server.Connect().Unary("/test.Svc/Unary", text);
        Assert.Equal(text, await call.NextTextAsync());
        Assert.Equal(StatusCode.OK, await call.StatusAsync());
    }

    [Fact]
    public async Task Response_headers_above_the_clients_limit_fail_before_they_are_sent_and_the_status_still_comes()
    {
        var failure = new TaskCompletionSource<RpcException>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await new ServerFixture().ServerStreaming(async (_, _, context) =>
        {
            var large = new Metadata { { "x", new string('v', 1000) } };
            failure.SetResult(await Assert.ThrowsAsync<RpcException>(() => context.WriteResponseHeadersAsync(large)));
            throw failure.Task.Result;
        }).StartAsync();
        var call = server.Connect(options: new() { MaxHeaderListSize = 300 }).Unary("/test.Svc/ServerStreaming", "");
        Assert.Equal(StatusCode.ResourceExhausted, await call.StatusAsync());
        Assert.True(call.TrailersOnly);
        Assert.Contains("accepts 300", (await failure.Task).Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Small_messages_that_wait_unread_are_read_alike_when_they_were_copied_together()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await new ServerFixture().ClientStreaming(async (requests, _) =>
        {
            await arrived.Task;
            var count = 0;
            while (await requests.MoveNext(CancellationToken.None))
            {
                Assert.Equal(count.ToString(System.Globalization.CultureInfo.InvariantCulture), requests.Current);
                count++;
            }

            return count.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }).Unary((_, _) =>
        {
            arrived.TrySetResult();
            return Task.FromResult("");
        }).StartAsync();
        var client = server.Connect();
        var call = client.Open("/test.Svc/ClientStreaming");
        for (var i = 0; i < 20_000; i++)
        {
            call.SendText(i.ToString(System.Globalization.CultureInfo.InvariantCulture), endStream: i == 19_999);
        }

        // Comes behind all of them on the same connection.
        Assert.Equal("", await client.Unary("/test.Svc/Unary", "").NextTextAsync());
        Assert.Equal("20000", await call.NextTextAsync());
    }

    [Fact]
    public async Task An_error_before_the_first_message_is_Trailers_Only()
    {
        await using var server = await new ServerFixture().Unary((_, _) =>
            throw new RpcException(new Status(StatusCode.NotFound, "no such thing"), new Metadata { { "why", "gone" } })).StartAsync();
        var call = server.Connect().Unary("/test.Svc/Unary", "");
        var trailers = await call.Trailers;
        Assert.True(call.TrailersOnly);
        Assert.Equal("5", trailers["grpc-status"]);
        Assert.Equal("no such thing", trailers["grpc-message"]);
        Assert.Equal("gone", trailers["why"]);
    }

    [Fact]
    public async Task An_exception_of_a_handler_is_UNKNOWN_and_its_message_is_hidden()
    {
        await using var server = await new ServerFixture().Unary((_, _) => throw new InvalidOperationException("secret")).StartAsync();
        var call = server.Connect().Unary("/test.Svc/Unary", "");
        Assert.Equal(StatusCode.Unknown, await call.StatusAsync());
        Assert.DoesNotContain("secret", (await call.Trailers)["grpc-message"]);
    }

    [Fact]
    public async Task An_unknown_method_is_UNIMPLEMENTED_in_a_Trailers_Only_response()
    {
        await using var server = await new ServerFixture().Unary((r, _) => Task.FromResult(r)).StartAsync();
        var call = server.Connect().Unary("/test.Svc/Nothing", "");
        Assert.Equal(StatusCode.Unimplemented, await call.StatusAsync());
        Assert.Contains("/test.Svc/Nothing", (await call.Trailers)["grpc-message"]);
        Assert.True(call.TrailersOnly);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_unary_call_with_another_number_of_requests_than_one_is_UNIMPLEMENTED(int count)
    {
        await using var server = await new ServerFixture().Unary((r, _) => Task.FromResult(r)).StartAsync();
        var call = server.Connect().Open("/test.Svc/Unary");
        for (var i = 0; i < count; i++)
        {
            call.SendText("x");
        }

        call.Send([], endStream: true);
        Assert.Equal(StatusCode.Unimplemented, await call.StatusAsync());
    }

    [Fact]
    public async Task A_request_above_the_limit_is_RESOURCE_EXHAUSTED_and_then_RST_NO_ERROR()
    {
        var fixture = new ServerFixture().Unary((r, _) => Task.FromResult(r));
        fixture.Options.MaxReceiveMessageSize = 10;
        await using var server = await fixture.StartAsync();
        var call = server.Connect().Open("/test.Svc/Unary");
        call.Send([0, 0x7F, 0xFF, 0xFF, 0xFF], endStream: false);
        Assert.Equal(StatusCode.ResourceExhausted, await call.StatusAsync());
        Assert.Equal(Http2ErrorCode.NoError, await call.ResetCode);
    }

    [Theory]
    [InlineData(new byte[] { 2, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1 })]
    [InlineData(new byte[] { 1, 0, 0, 0, 1, 1 })]
    [InlineData(new byte[] { 0, 0, 0 })]
    public async Task Broken_message_framing_is_INTERNAL(byte[] body)
    {
        await using var server = await new ServerFixture().Unary((r, _) => Task.FromResult(r)).StartAsync();
        var call = server.Connect().Open("/test.Svc/Unary");
        call.Send(body, endStream: true);
        Assert.Equal(StatusCode.Internal, await call.StatusAsync());
    }

    [Fact]
    public async Task Another_content_type_gets_415_another_method_405_with_allow()
    {
        await using var server = await new ServerFixture().Unary((r, _) => Task.FromResult(r)).StartAsync();
        var client = server.Connect();
        var call = client.Unary("/test.Svc/Unary", "", ("content-type", "application/json"));
        Assert.Equal("415", (await call.Headers)[":status"]);
        _ = await call.Trailers;
        Assert.Contains("application/grpc", call.BodyText);
        var get = client.Open("/test.Svc/Unary", endStream: true, (":method", "GET"));
        Assert.Equal("405", (await get.Headers)[":status"]);
        Assert.Equal("POST", (await get.Headers)["allow"]);
    }

    [Fact]
    public async Task An_unknown_encoding_is_UNIMPLEMENTED_and_the_known_ones_are_named()
    {
        await using var server = await new ServerFixture().Unary((r, _) => Task.FromResult(r)).StartAsync();
        var call = server.Connect().Unary("/test.Svc/Unary", "", ("grpc-encoding", "snappy"));
        Assert.Equal(StatusCode.Unimplemented, await call.StatusAsync());
        Assert.Contains("gzip", (await call.Trailers)["grpc-accept-encoding"]);
    }

    [Fact]
    public async Task The_deadline_cancels_the_handler_and_resets_the_stream_with_CANCEL()
    {
        var time = new ManualTime();
        var token = new TaskCompletionSource<CancellationToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var fixture = new ServerFixture().Unary(async (_, context) =>
        {
            using var registration = context.CancellationToken.Register(cancelled.SetResult);
            token.SetResult(context.CancellationToken);
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return "";
        });
        fixture.Options.TimeProvider = time;
        await using var server = await fixture.StartAsync();
        var call = server.Connect().Unary("/test.Svc/Unary", "", ("grpc-timeout", "2S"));
        await token.Task.WaitAsync(RawClient.Patience);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False((await token.Task).IsCancellationRequested);
        time.Advance(TimeSpan.FromSeconds(1));
        await cancelled.Task.WaitAsync(RawClient.Patience);
        Assert.Equal(Http2ErrorCode.Cancel, await call.ResetCode);
    }

    [Theory]
    [InlineData("5000000S")]
    [InlineData("9999999H")]
    [InlineData("99999999H")]
    public async Task A_deadline_beyond_what_a_timer_can_wait_for_is_a_deadline_like_any_other(string timeout)
    {
        await using var server = await new ServerFixture().Unary((r, _) => Task.FromResult(r)).StartAsync();
        var client = server.Connect();
        var call = client.Unary("/test.Svc/Unary", "far", ("grpc-timeout", timeout));
        Assert.Equal("far", await call.NextTextAsync());
        Assert.Equal(StatusCode.OK, await call.StatusAsync());
    }

    [Fact]
    public async Task The_token_of_a_cancelled_call_runs_no_callback_where_it_is_asked_for()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var result = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await new ServerFixture().Unary((r, context) =>
        {
            using var registration = context.CancellationToken.Register(() => throw new InvalidOperationException("a callback that fails"));
            started.SetResult();
            SpinWait.SpinUntil(() => context.CancellationToken.IsCancellationRequested, RawClient.Patience);
            result.SetResult(context.CancellationToken.IsCancellationRequested);
            return Task.FromResult(r);
        }).StartAsync();
        var call = server.Connect().Unary("/test.Svc/Unary", "");
        await started.Task.WaitAsync(RawClient.Patience);
        call.Reset(Http2ErrorCode.Cancel);
        Assert.True(await result.Task.WaitAsync(RawClient.Patience));
    }

    [Fact]
    public async Task An_exception_that_cannot_tell_its_message_ends_its_call_and_no_other()
    {
        var fixture = new ServerFixture().Unary((_, _) => throw new SpeechlessException());
        fixture.Options.EnableDetailedErrors = true;
        await using var server = await fixture.StartAsync();
        Assert.Equal(StatusCode.Unknown, await server.Connect().Unary("/test.Svc/Unary", "").StatusAsync());
    }

    [Theory]
    [InlineData(Http2ErrorCode.Cancel)]
    [InlineData(Http2ErrorCode.NoError)]
    [InlineData(Http2ErrorCode.InternalError)]
    public async Task A_reset_of_any_code_cancels_the_handler_and_ends_its_reads(Http2ErrorCode code)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var result = new TaskCompletionSource<StatusCode>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await new ServerFixture().Duplex(async (requests, _, context) =>
        {
            var token = context.CancellationToken;
            started.SetResult();
            try
            {
                await requests.MoveNext(CancellationToken.None);
            }
            catch (RpcException e)
            {
                var cancelled = new TaskCompletionSource();
                using var registration = token.Register(cancelled.SetResult);
                await cancelled.Task;
                result.SetResult(e.StatusCode);
            }
        }).StartAsync();
        var call = server.Connect().Open("/test.Svc/Duplex");
        await started.Task.WaitAsync(RawClient.Patience);
        call.Reset(code);
        Assert.Equal(StatusCode.Cancelled, await result.Task.WaitAsync(RawClient.Patience));
    }

    [Fact]
    public async Task A_handler_that_ends_before_the_request_does_sends_trailers_and_then_RST_NO_ERROR()
    {
        await using var server = await new ServerFixture().Duplex((_, _, _) => Task.CompletedTask).StartAsync();
        var call = server.Connect().Open("/test.Svc/Duplex");
        Assert.Equal(StatusCode.OK, await call.StatusAsync());
        Assert.Equal(Http2ErrorCode.NoError, await call.ResetCode);
    }

    [Fact]
    public async Task A_second_write_before_the_first_completed_is_refused()
    {
        var outcome = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await new ServerFixture().ServerStreaming(async (_, responses, _) =>
        {
            // Nobody reads, so that a write does not complete once the windows and the queue are full.
            var block = new string('x', 1_000_000);
            Task write;
            while ((write = responses.WriteAsync(block)).IsCompleted)
            {
            }

            outcome.SetResult(await Record.ExceptionAsync(() => responses.WriteAsync("second")));
            await write;
        }).StartAsync();
        server.Connect(reads: false).Unary("/test.Svc/ServerStreaming", "");
        var exception = await outcome.Task.WaitAsync(RawClient.Patience);
        Assert.Contains("await each write", Assert.IsType<InvalidOperationException>(exception).Message);
    }

    [Fact]
    public async Task A_handler_that_blocks_on_another_call_over_the_same_connection_is_let_go_by_it()
    {
        using var gate = new ManualResetEventSlim();
        await using var server = await new ServerFixture()
            .Unary((_, _) =>
            {
                Assert.True(gate.Wait(RawClient.Patience));
                return Task.FromResult("blocked");
            }, "Block")
            .Unary((_, _) =>
            {
                gate.Set();
                return Task.FromResult("released");
            }, "Release")
            .StartAsync();
        var client = server.Connect();
        for (var round = 0; round < 10; round++)
        {
            gate.Reset();
            var blocked = client.Unary("/test.Svc/Block", "");
            var released = client.Unary("/test.Svc/Release", "");
            Assert.Equal("released", await released.NextTextAsync());
            Assert.Equal("blocked", await blocked.NextTextAsync());
            Assert.Equal(StatusCode.OK, await blocked.StatusAsync());
        }
    }

    [Fact]
    public async Task Many_calls_with_blocking_and_asynchronous_handlers_all_end()
    {
        await using var server = await new ServerFixture().Unary(async (r, _) =>
        {
            switch (r.Length % 3)
            {
                case 0:
                    await Task.Yield();
                    return r;
                case 1:
                    using (var never = new ManualResetEventSlim())
                    {
                        never.Wait(2);
                    }

                    return r;
                default:
                    return r;
            }
        }).StartAsync();
        var client = server.Connect();
        var calls = Enumerable.Range(0, 300).Select(i => (i, client.Unary("/test.Svc/Unary", new string('x', i)))).ToList();
        foreach (var (i, call) in calls)
        {
            Assert.Equal(i, (await call.NextTextAsync()).Length);
            Assert.Equal(StatusCode.OK, await call.StatusAsync());
        }

        Assert.Equal(300, server.Server.Statistics.CallsStarted);
    }

    private static async Task EchoAsync(IAsyncStreamReader<string> requests, IServerStreamWriter<string> responses, ServerCallContext context)
    {
        await foreach (var request in requests)
        {
            await responses.WriteAsync(request);
        }
    }

    private sealed class SpeechlessException : Exception
    {
        public override string Message => throw new InvalidOperationException("no message");
    }
}
