// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Peregrine.Http2;
using Peregrine.Tests.Credentials;
using Peregrine.Tests.Serving;
using static Peregrine.Tests.Transport.WireClient;

namespace Peregrine.Tests.Transport;

/// <summary>
/// What a peer sees of RFC 9113 on a real socket, with and without TLS: the code of a GOAWAY that arrives before the connection ends in
/// order, resets after which the connection goes on, answers to whatever is cut in pieces. The rules themselves are tested without a
/// socket in Peregrine.Http2.Tests.
/// </summary>
public sealed class Http2OnTheWireTests
{
    private static readonly Dictionary<string, byte[]> Violations = new()
    {
        ["4.2 a frame above the maximum"] = Frame(1, 5, 1, new byte[16385]),
        ["4.3 a block that cannot be decoded"] = Frame(1, 5, 1, 0x80),
        ["5.1 DATA on an idle stream"] = Frame(0, 0, 1, 1),
        ["5.1.1 an even number"] = Frame(1, 5, 2, RequestHead()),
        ["5.1.1 a lower number"] = [.. Frame(1, 5, 5, RequestHead()), .. Frame(1, 5, 3, RequestHead())],
        ["6.3 PRIORITY on stream 0"] = Frame(2, 0, 0, 0, 0, 0, 1, 0),
        ["6.5 SETTINGS of five octets"] = Frame(4, 0, 0, 1, 2, 3, 4, 5),
        ["6.5.2 INITIAL_WINDOW_SIZE 2^31"] = Frame(4, 0, 0, 0, 4, 0x80, 0, 0, 0),
        ["6.7 PING on a stream"] = Frame(6, 0, 1, new byte[8]),
        ["6.9 an increment of 0"] = Frame(8, 0, 0, 0, 0, 0, 0),
        ["6.10 CONTINUATION alone"] = Frame(9, 4, 1, 0x82),
    };

    [Theory]
    [InlineData("4.2 a frame above the maximum", Http2ErrorCode.FrameSizeError)]
    [InlineData("4.3 a block that cannot be decoded", Http2ErrorCode.CompressionError)]
    [InlineData("5.1 DATA on an idle stream", Http2ErrorCode.ProtocolError)]
    [InlineData("5.1.1 an even number", Http2ErrorCode.ProtocolError)]
    [InlineData("5.1.1 a lower number", Http2ErrorCode.ProtocolError)]
    [InlineData("6.3 PRIORITY on stream 0", Http2ErrorCode.ProtocolError)]
    [InlineData("6.5 SETTINGS of five octets", Http2ErrorCode.FrameSizeError)]
    [InlineData("6.5.2 INITIAL_WINDOW_SIZE 2^31", Http2ErrorCode.FlowControlError)]
    [InlineData("6.7 PING on a stream", Http2ErrorCode.ProtocolError)]
    [InlineData("6.9 an increment of 0", Http2ErrorCode.ProtocolError)]
    [InlineData("6.10 CONTINUATION alone", Http2ErrorCode.ProtocolError)]
    public async Task A_violation_is_told_by_GOAWAY_and_ends_the_connection_in_order(string violation, Http2ErrorCode code)
    {
        using var authority = new TestCertificates();
        foreach (var tls in new[] { false, true })
        {
            await using var server = await new ServerFixture().Unary((r, _) => Task.FromResult(r))
                .StartAsync(tls ? new SslServerCredentials([authority.Issue("localhost")]) : ServerCredentials.Insecure);
            using var client = await ConnectAsync(server.Port, tls, Violations[violation]);
            Assert.Equal(code, await client.EndAsync());
        }
    }

    [Fact]
    public async Task GOAWAY_arrives_though_the_peer_has_sent_more_than_anybody_reads()
    {
        await using var server = await new ServerFixture().Unary((r, _) => Task.FromResult(r)).StartAsync();
        byte[] much = [.. Enumerable.Repeat(Frame(6, 0, 0, new byte[8]), 20_000).SelectMany(frame => frame)];
        using var client = await ConnectAsync(server.Port, tls: false, [.. Frame(0, 0, 1, 1), .. much]);
        Assert.Equal(Http2ErrorCode.ProtocolError, await client.EndAsync());
    }

    [Fact]
    public async Task A_stream_error_is_told_by_RST_STREAM_and_the_connection_goes_on()
    {
        await using var server = await new ServerFixture().Unary((r, _) => Task.FromResult(r + "!")).StartAsync();
        using var client = await ConnectAsync(server.Port, tls: false, [.. Frame(1, 4, 1, RequestHead()), .. Frame(8, 0, 1, 0, 0, 0, 0)]);
        var reset = await client.NextAsync(3);
        Assert.Equal((1, 1), (reset!.Value.Stream, BinaryPrimitives.ReadInt32BigEndian(reset.Value.Payload)));
        await client.PingAsync();
        await client.SendAsync([.. Frame(1, 4, 3, RequestHead()), .. Frame(0, 1, 3, 0, 0, 0, 0, 2, (byte)'h', (byte)'i')]);
        Assert.Equal([0, 0, 0, 0, 3, (byte)'h', (byte)'i', (byte)'!'], (await client.NextAsync(0))!.Value.Payload);
    }

    [Fact]
    public async Task A_request_with_padding_priority_CONTINUATION_and_unknown_frames_is_served_octet_by_octet()
    {
        await using var server = await new ServerFixture().Unary((r, _) => Task.FromResult(r + "!")).StartAsync();
        var head = RequestHead();
        byte[] request =
        [
            .. Frame(99, 255, 0, 1, 2, 3), .. Frame(2, 0, 7, 0, 0, 0, 1, 9),
            .. Frame(1, 0x28, 1, [2, 0, 0, 0, 0, 5, .. head[..30], 0, 0]), .. Frame(9, 0, 1), .. Frame(9, 4, 1, head[30..]),
            .. Frame(0, 8, 1, 3, 0, 0, 0, 0, 0, 0, 0), .. Frame(0, 0, 1, 2, (byte)'h'), .. Frame(0, 9, 1, 0, (byte)'i'),
        ];
        using var client = await ConnectAsync(server.Port, tls: false, []);
        foreach (var octet in request)
        {
            await client.SendAsync([octet]);
        }

        Assert.Equal([0, 0, 0, 0, 3, (byte)'h', (byte)'i', (byte)'!'], (await client.NextAsync(0))!.Value.Payload);
        Assert.Equal(1, (await client.NextAsync(1))!.Value.Flags & 1);
    }

    [Fact]
    public async Task What_is_not_gRPC_is_answered_by_HTTP_and_HEAD_without_a_body()
    {
        await using var server = await new ServerFixture().Unary((r, _) => Task.FromResult(r)).StartAsync();
        using var client = await ConnectAsync(server.Port, tls: false, Frame(1, 5, 1, RequestHead("GET")));
        Assert.Equal(0, (await client.NextAsync(1))!.Value.Flags & 1);
        var body = await client.NextAsync(0);
        Assert.Equal(1, body!.Value.Flags & 1);
        Assert.NotEmpty(body.Value.Payload);
        await client.SendAsync(Frame(1, 5, 3, RequestHead("HEAD")));
        Assert.Equal(1, (await client.NextAsync(1))!.Value.Flags & 1);
        await client.PingAsync();
    }

    [Fact]
    public async Task Rapid_reset_ends_its_connection_alone_and_few_handlers_run()
    {
        var running = 0;
        var most = 0;
        await using var server = await new ServerFixture().Unary(async (r, context) =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            try
            {
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
                return r;
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        }).Unary((r, _) => Task.FromResult(r), "Other").StartAsync();
        var head = RequestHead();
        byte[] message = [0, 0, 0, 0, 0];
        using var attacker = await ConnectAsync(server.Port, tls: false, []);
        byte[] attack =
        [
            .. Enumerable.Range(0, 2600).SelectMany(i => (byte[])
                [.. Frame(1, 4, (2 * i) + 1, head), .. Frame(0, 1, (2 * i) + 1, message), .. Frame(3, 0, (2 * i) + 1, 0, 0, 0, 8)]),
        ];
        var sending = attacker.SendAsync(attack);
        Assert.Equal(Http2ErrorCode.EnhanceYourCalm, await attacker.EndAsync());
        await sending;
        Assert.InRange(Volatile.Read(ref most), 0, 2001);
        Assert.Equal("fine", await server.Connect().Unary("/test.Svc/Other", "fine").NextTextAsync());
    }

    [Fact]
    public async Task Calls_beyond_the_limit_of_concurrency_are_refused()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var fixture = new ServerFixture().Unary(async (r, _) =>
        {
            await release.Task;
            return r;
        });
        fixture.Options.MaxConcurrentStreams = 1;
        await using var server = await fixture.StartAsync();
        byte[] message = [0, 0, 0, 0, 0];
        using var client = await ConnectAsync(
            server.Port, tls: false, [.. Frame(1, 4, 1, RequestHead()), .. Frame(0, 1, 1, message), .. Frame(1, 4, 3, RequestHead()), .. Frame(0, 1, 3, message)]);
        var refused = await client.NextAsync(3);
        Assert.Equal((3, 7), (refused!.Value.Stream, BinaryPrimitives.ReadInt32BigEndian(refused.Value.Payload)));
        release.SetResult();
        Assert.Equal(1, (await client.NextAsync(0))!.Value.Stream);
    }

    [Fact]
    public async Task Calls_are_refused_while_the_connection_holds_more_than_its_buffer_and_served_again_after()
    {
        var fixture = new ServerFixture().Unary((_, _) => Task.FromResult(new string('x', 50_000)));
        fixture.Options.MaxConnectionBufferSize = 200_000;
        await using var server = await fixture.StartAsync();
        byte[] message = [0, 0, 0, 0, 0];
        using var client = await ConnectAsync(server.Port, tls: false, Frame(4, 0, 0, 0, 4, 0, 0, 0, 0));
        var refusedAt = 0;
        for (var id = 1; refusedAt == 0; id += 2)
        {
            Assert.InRange(id, 1, 39);
            await client.SendAsync([.. Frame(1, 4, id, RequestHead()), .. Frame(0, 1, id, message)]);
            refusedAt = await WasRefusedAsync(client, id) ? id : 0;
        }

        Assert.InRange(refusedAt, 7, 11);
        byte[] grant = [.. Frame(8, 0, 0, 0, 15, 0, 0)];
        for (var id = 1; id < refusedAt; id += 2)
        {
            grant = [.. grant, .. Frame(8, 0, id, 0, 15, 0, 0)];
        }

        await client.SendAsync(grant);
        for (var ended = 1; ended < refusedAt; ended += 2)
        {
            (int Type, int Flags, int Stream, byte[] Payload)? trailers;
            do
            {
                trailers = await client.NextAsync(1);
            }
            while ((trailers!.Value.Flags & 1) == 0);
        }

        await client.SendAsync([.. Frame(1, 4, 101, RequestHead()), .. Frame(0, 1, 101, message)]);
        Assert.Equal(101, (await client.NextAsync(1))!.Value.Stream);
    }

    // By RST_STREAM, or answered by a response head.
    private static async Task<bool> WasRefusedAsync(WireClient client, int id)
    {
        while (true)
        {
            var frame = await client.NextAsync();
            if (frame!.Value.Stream == id && frame.Value.Type is 1 or 3)
            {
                return frame.Value.Type == 3;
            }
        }
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); seen < value;)
        {
            var before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
