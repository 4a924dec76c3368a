// SPDX-License-Identifier: Apache-2.0
using System.IO.Compression;
using System.Text;
using Peregrine.Client;

namespace Peregrine.Tests.Serving;

/// <summary>Compressed messages, seen by the server's peers.</summary>
public class CompressionTests
{
    private static readonly (string, string) GzipRequest = ("grpc-encoding", "gzip");
    private static readonly (string, string) GzipAccepted = ("grpc-accept-encoding", "identity, gzip");

    [Fact]
    public async Task A_gzip_request_is_decompressed_also_when_only_some_messages_are_compressed()
    {
        await using var server = await new ServerFixture().ClientStreaming(async (requests, _) =>
        {
            var all = "";
            await foreach (var request in requests.ReadAllAsync())
            {
                all += request;
            }

            return all;
        }).StartAsync();
        var call = server.Connect().Open("/test.Svc/ClientStreaming", false, GzipRequest);
        call.Send(RawClient.Frame(Gzip("compressed "u8), flag: 1), endStream: false);
        call.SendText("and plain", endStream: true);
        Assert.Equal("compressed and plain", await call.NextTextAsync());
        Assert.Equal(StatusCode.OK, await call.StatusAsync());
    }

    [Fact]
    public async Task A_handler_sees_of_each_request_whether_it_came_compressed()
    {
        await using var server = await new ServerFixture().ClientStreaming(async (requests, context) =>
        {
            var flags = $"{context.IsRequestCompressed}";
            await foreach (var request in requests.ReadAllAsync())
            {
                flags += $" {request}:{context.IsRequestCompressed}";
            }

            return flags;
        }).StartAsync();
        var call = server.Connect().Open("/test.Svc/ClientStreaming", false, GzipRequest);
        call.Send(RawClient.Frame(Gzip("a"u8), flag: 1), endStream: false);
        call.SendText("b", endStream: false);
        call.Send(RawClient.Frame(Gzip("c"u8), flag: 1), endStream: true);
        Assert.Equal("False a:True b:False c:True", await call.NextTextAsync());
        Assert.Equal(StatusCode.OK, await call.StatusAsync());
    }

    [Fact]
    public async Task A_decompression_bomb_is_RESOURCE_EXHAUSTED_and_stops_at_the_limit()
    {
        await using var server = await new ServerFixture().Unary((r, _) => Task.FromResult(r)).StartAsync();
        var bomb = Gzip(new byte[256 * 1024 * 1024]);
        Assert.True(bomb.Length < 1024 * 1024);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var call = server.Connect().Open("/test.Svc/Unary", false, GzipRequest);
        call.Send(RawClient.Frame(bomb, flag: 1), endStream: true);
        Assert.Equal(StatusCode.ResourceExhausted, await call.StatusAsync());
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 200 * 1024 * 1024);
    }

    [Fact]
    public async Task A_compressed_request_without_an_encoding_or_with_broken_content_is_INTERNAL()
    {
        await using var server = await new ServerFixture().Unary((r, _) => Task.FromResult(r)).StartAsync();
        var client = server.Connect();
        var unnamed = client.Open("/test.Svc/Unary");
        unnamed.Send(RawClient.Frame(Gzip("x"u8), flag: 1), endStream: true);
        Assert.Equal(StatusCode.Internal, await unnamed.StatusAsync());

        var broken = client.Open("/test.Svc/Unary", false, GzipRequest);
        broken.Send(RawClient.Frame("not gzip"u8.ToArray(), flag: 1), endStream: true);
        Assert.Equal(StatusCode.Internal, await broken.StatusAsync());
    }

    [Fact]
    public async Task Responses_are_compressed_for_clients_that_accept_it_and_only_for_them()
    {
        var fixture = new ServerFixture().Unary((_, _) => Task.FromResult(new string('a', 10_000)));
        fixture.Options.ResponseCompressionAlgorithm = "gzip";
        await using var server = await fixture.StartAsync();
        var client = server.Connect();

        var accepting = client.Unary("/test.Svc/Unary", "", GzipAccepted);
        Assert.Equal("gzip", (await accepting.Headers)["grpc-encoding"]);
        var compressed = await accepting.NextMessageAsync();
        Assert.InRange(compressed.Length, 1, 1000);
        Assert.Equal(new string('a', 10_000), Gunzip(compressed));

        var other = client.Unary("/test.Svc/Unary", "");
        Assert.DoesNotContain("grpc-encoding", await other.Headers);
        Assert.Equal(new string('a', 10_000), await other.NextTextAsync());
        Assert.Equal(StatusCode.OK, await other.StatusAsync());
    }

    [Fact]
    public async Task The_client_of_this_library_reads_compressed_responses()
    {
        var fixture = new ServerFixture().Unary((r, _) => Task.FromResult(r + new string('b', 10_000)));
        fixture.Options.ResponseCompressionAlgorithm = "gzip";
        await using var server = await fixture.StartAsync();
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{server.Port}");
        var response = await channel.CreateCallInvoker()
            .AsyncUnaryCall(ServerFixture.Method(MethodType.Unary, "Unary"), null, default, "a").ResponseAsync.WaitAsync(RawClient.Patience);
        Assert.Equal("a" + new string('b', 10_000), response);
    }

    private static byte[] Gzip(ReadOnlySpan<byte> plain)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.SmallestSize))
        {
            gzip.Write(plain);
        }

        return target.ToArray();
    }

    private static string Gunzip(byte[] compressed)
    {
        using var gzip = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
