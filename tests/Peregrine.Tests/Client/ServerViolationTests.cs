// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2;
using static Peregrine.Tests.Transport.WireClient;

namespace Peregrine.Tests.Client;

/// <summary>
/// What a call sees, and what the server is told, when a server breaks the rules of RFC 9113 on a real socket. The rules themselves are
/// tested without a socket in Peregrine.Http2.Tests.
/// </summary>
public sealed class ServerViolationTests : ClientTestBase
{
    private static readonly Dictionary<string, byte[]> OfTheConnection = new()
    {
        ["4.3 a block that cannot be decoded"] = Frame(1, 5, 1, 0x80),
        ["5.1 DATA on an idle stream"] = Frame(0, 0, 99, 1),
        ["5.1.1 a stream of the server"] = Frame(1, 5, 2, 0x88),
        ["6.5.2 MAX_FRAME_SIZE 16383"] = Frame(4, 0, 0, 0, 5, 0, 0, 0x3F, 0xFF),
        ["6.5.2 ENABLE_PUSH 1"] = Frame(4, 0, 0, 0, 2, 0, 0, 0, 1),
        ["6.6 PUSH_PROMISE"] = Frame(5, 4, 1, 0, 0, 0, 2, 0x82),
        ["6.7 PING of seven octets"] = Frame(6, 0, 0, new byte[7]),
        ["6.9.1 a window above 2^31-1"] = Frame(8, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF),
        ["6.10 an interrupted block"] = [.. Frame(1, 0, 1, 0x88), .. Frame(6, 0, 0, new byte[8])],
    };

    private static readonly Dictionary<string, byte[]> OfTheStream = new()
    {
        ["8.1 DATA before the head"] = Frame(0, 0, 1, 1),
        ["8.1.1 a body that contradicts content-length"] =
        [
            .. Frame(1, 4, 1, [0x88, .. Field("content-type", "application/grpc"), .. Field("content-length", "9")]), .. Frame(0, 1, 1, 1),
        ],
        ["8.2.1 an upper-case name"] = Frame(1, 4, 1, [0x88, .. Field("Server", "x")]),
        ["8.2.2 a field of HTTP/1.1"] = Frame(1, 4, 1, [0x88, .. Field("connection", "close")]),
        ["8.3.2 no status"] = Frame(1, 4, 1, Field("content-type", "application/grpc")),
        ["8.6 status 101"] = Frame(1, 4, 1, Field(":status", "101")),
        ["6.9 an increment of 0"] = Frame(8, 0, 1, 0, 0, 0, 0),
    };

    [Theory]
    [InlineData("4.3 a block that cannot be decoded", Http2ErrorCode.CompressionError)]
    [InlineData("5.1 DATA on an idle stream", Http2ErrorCode.ProtocolError)]
    [InlineData("5.1.1 a stream of the server", Http2ErrorCode.ProtocolError)]
    [InlineData("6.5.2 MAX_FRAME_SIZE 16383", Http2ErrorCode.ProtocolError)]
    [InlineData("6.5.2 ENABLE_PUSH 1", Http2ErrorCode.ProtocolError)]
    [InlineData("6.6 PUSH_PROMISE", Http2ErrorCode.ProtocolError)]
    [InlineData("6.7 PING of seven octets", Http2ErrorCode.FrameSizeError)]
    [InlineData("6.9.1 a window above 2^31-1", Http2ErrorCode.FlowControlError)]
    [InlineData("6.10 an interrupted block", Http2ErrorCode.ProtocolError)]
    public async Task A_violation_of_the_connection_is_UNAVAILABLE_and_GOAWAY_names_its_code(string violation, Http2ErrorCode code)
    {
        var call = CallUnary(Connect());
        var peer = await Server.AcceptAsync();
        _ = await peer.ExpectRequestAsync();
        peer.SendRaw(OfTheConnection[violation]);
        await FailsAsync(call.ResponseAsync, StatusCode.Unavailable);
        Assert.Equal(code, (await peer.ExpectAsync(Http2EventKind.GoAwayReceived)).Error.Code);
    }

    [Theory]
    [InlineData("8.1 DATA before the head")]
    [InlineData("8.1.1 a body that contradicts content-length")]
    [InlineData("8.2.1 an upper-case name")]
    [InlineData("8.2.2 a field of HTTP/1.1")]
    [InlineData("8.3.2 no status")]
    [InlineData("8.6 status 101")]
    [InlineData("6.9 an increment of 0")]
    public async Task A_violation_of_the_stream_is_INTERNAL_and_the_connection_serves_the_next_call(string violation)
    {
        var channel = Connect();
        var call = CallUnary(channel);
        var peer = await Server.AcceptAsync();
        _ = await peer.ExpectRequestAsync();
        peer.SendRaw(OfTheStream[violation]);
        await FailsAsync(call.ResponseAsync, StatusCode.Internal);
        Assert.Equal(Http2ErrorCode.ProtocolError, (await peer.ExpectAsync(Http2EventKind.StreamReset)).Error.Code);
        var next = CallUnary(channel);
        peer.Respond((await peer.ExpectRequestAsync()).Stream!, "hello");
        Assert.Equal("hello", await next.ResponseAsync.WaitAsync(Patience));
    }
}
