// SPDX-License-Identifier: Apache-2.0
using Peregrine.Tests.Serving;

namespace Peregrine.Tests.Protocol;

/// <summary>The rules for request headers and compression, held against a running server.</summary>
public class ServedRequestTests
{
    private const string Path = "/test.Svc/Unary";

    [Theory]
    [InlineData("application/grpc")]
    [InlineData("application/grpc+proto")]
    [InlineData("application/grpc;charset=utf-8")]
    public async Task A_content_type_with_the_proto_format_or_a_charset_is_gRPC(string contentType)
    {
        await using var server = await EchoAsync();
        var call = server.Connect().Unary(Path, "hi", ("content-type", contentType));
        Assert.Equal("hi", await call.NextTextAsync());
        Assert.Equal(StatusCode.OK, await call.StatusAsync());
        Assert.StartsWith("application/grpc", (await call.Headers)["content-type"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_content_type_with_another_format_is_UNIMPLEMENTED()
    {
        await using var server = await EchoAsync();
        var call = server.Connect().Unary(Path, "hi", ("content-type", "application/grpc+json"));
        Assert.Equal(StatusCode.Unimplemented, await call.StatusAsync());
    }

    [Fact]
    public async Task Headers_above_the_limit_get_431_and_the_connection_lives_on()
    {
        await using var server = await EchoAsync();
        var client = server.Connect();
        var call = client.Unary(Path, "hi", ("large", new string('x', 9000)));
        Assert.Equal("431", (await call.Headers)[":status"]);
        Assert.Equal("hi", await client.Unary(Path, "hi").NextTextAsync());
    }

    [Fact]
    public async Task A_response_is_compressed_only_when_the_accept_list_of_the_client_allows_it()
    {
        await using var server = await EchoAsync(compression: "gzip");
        var client = server.Connect();
        var text = new string('x', 2000);
        var call = client.Unary(Path, text, ("grpc-accept-encoding", "identity, gzip"));
        Assert.Equal("gzip", (await call.Headers)["grpc-encoding"]);
        Assert.True((await call.NextMessageAsync()).Length < 1000);
        foreach (var accepted in new[] { "", "identity", "deflate,snappy" })
        {
            call = client.Unary(Path, text, ("grpc-accept-encoding", accepted));
            Assert.Equal(text, await call.NextTextAsync());
            Assert.NotEqual("gzip", (await call.Headers).GetValueOrDefault("grpc-encoding"));
        }
    }

    [Fact]
    public async Task A_message_that_asks_not_to_be_compressed_is_not()
    {
        await using var server = await EchoAsync(compression: "gzip", WriteFlags.NoCompress);
        var text = new string('x', 2000);
        var call = server.Connect().Unary(Path, text, ("grpc-accept-encoding", "gzip"));
        Assert.Equal(text, await call.NextTextAsync());
    }

    private static Task<ServerFixture> EchoAsync(string? compression = null, WriteFlags flags = 0)
    {
        var fixture = new ServerFixture().Unary((request, context) =>
        {
            context.WriteOptions = new WriteOptions(flags);
            return Task.FromResult(request);
        });
        fixture.Options.ResponseCompressionAlgorithm = compression;
        return fixture.StartAsync();
    }
}
