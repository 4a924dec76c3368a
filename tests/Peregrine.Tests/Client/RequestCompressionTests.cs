// SPDX-License-Identifier: Apache-2.0
using System.IO.Compression;
using System.Text;
using Peregrine.Client;
using Peregrine.Compression;
using Peregrine.Http2;

namespace Peregrine.Tests.Client;

public sealed class RequestCompressionTests : ClientTestBase
{
    [Fact]
    public async Task Requests_are_plain_unless_compression_was_asked_for()
    {
        var (encoding, message) = await SendAsync(Connect(), default);
        Assert.Null(encoding);
        Assert.Equal((0, "hi"), (message[0], Text(message[5..])));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task The_channel_compresses_the_requests_of_all_its_calls(string name)
    {
        var (encoding, message) = await SendAsync(Connect(options => options.RequestCompressionAlgorithm = name), default);
        Assert.Equal(name, encoding);
        Assert.Equal((1, "hi"), (message[0], Text(Decompress(message[5..], name))));
    }

    [Fact]
    public async Task A_call_chooses_its_own_compression_and_identity_is_none()
    {
        var channel = Connect(options => options.RequestCompressionAlgorithm = "deflate");
        var (encoding, message) = await SendAsync(channel, new CallOptions().WithCompression("gzip"));
        Assert.Equal(("gzip", 1), (encoding, message[0]));

        var plain = CallUnary(channel, new CallOptions().WithCompression("identity"));
        _ = plain.ResponseAsync.ContinueWith(static task => task.Exception, TaskScheduler.Default);
        Assert.Null((await _peer!.ExpectRequestAsync()).Header("grpc-encoding"));
    }

    [Fact]
    public async Task The_metadata_key_of_existing_code_asks_for_compression_and_stays_in_the_process()
    {
        var headers = new Metadata { { "grpc-internal-encoding-request", "gzip" }, { "x", "y" } };
        var call = CallUnary(Connect(), new CallOptions(headers));
        var peer = await Server.AcceptAsync();
        var request = await peer.ExpectRequestAsync();
        Assert.Equal("gzip", request.Header("grpc-encoding"));
        Assert.Null(request.Header("grpc-internal-encoding-request"));
        Assert.Equal("y", request.Header("x"));
        peer.Respond(request.Stream!, "done");
        Assert.Equal("done", await call.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task Single_messages_of_a_stream_are_left_as_they_are()
    {
        await using var server = new GrpcServer();
        server.AddService(ServerServiceDefinition.CreateBuilder()
            .AddMethod(ClientStreaming, async (IAsyncStreamReader<string> requests, ServerCallContext context) =>
                $"{context.RequestHeaders.GetValue("grpc-encoding")}:{string.Join('+', await requests.ReadAllAsync().ToListAsync())}")
            .Build());
        int port = await server.ListenAsync("127.0.0.1:0", ServerCredentials.Insecure);
        using var channel = GrpcChannel.ForAddress(
            $"http://127.0.0.1:{port}", new GrpcChannelOptions { CompressionProviders = [new CountingProvider()], RequestCompressionAlgorithm = "gzip" });
        CountingProvider.Count = 0;
        var call = channel.CreateCallInvoker().AsyncClientStreamingCall(ClientStreaming, null, default);
        await call.RequestStream.WriteAsync("compressed");
        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
        await call.RequestStream.WriteAsync("plain");
        await call.RequestStream.CompleteAsync();
        Assert.EndsWith(":compressed+plain", await call.ResponseAsync.WaitAsync(Patience), StringComparison.Ordinal);
        Assert.Equal(1, CountingProvider.Count);
    }

    [Fact]
    public async Task A_call_that_asks_for_an_unknown_encoding_is_INTERNAL_and_names_those_that_are_known()
    {
        var failure = await FailsAsync(CallUnary(Connect(), new CallOptions().WithCompression("zstd")).ResponseAsync, StatusCode.Internal);
        Assert.Contains("'zstd'", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("identity,gzip,deflate", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_channel_with_an_unknown_encoding_is_not_made()
    {
        var problem = Assert.Throws<ArgumentException>(() => Connect(options => options.RequestCompressionAlgorithm = "zstd"));
        Assert.Contains("identity,gzip,deflate", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_fails_ends_the_call_with_INTERNAL_and_its_exception()
    {
        var channel = Connect(options => options.CompressionProviders = [new BrokenProvider()]);
        var failure = await FailsAsync(CallUnary(channel, new CallOptions().WithCompression("broken")).ResponseAsync, StatusCode.Internal);
        Assert.IsType<InvalidDataException>(failure.Status.DebugException);
    }

    private ScriptedConnection? _peer;

    private async Task<(string? Encoding, byte[] Message)> SendAsync(GrpcChannel channel, CallOptions options)
    {
        var call = CallUnary(channel, options);
        _peer = await Server.AcceptAsync();
        var request = await _peer.ExpectAsync(Http2EventKind.Headers);
        List<byte> message = [];
        while (message.Count < 5 || message.Count < 5 + message[4])
        {
            message.AddRange((await _peer.ExpectAsync(Http2EventKind.Data)).Data);
        }

        _peer.Respond(request.Stream!, "done");
        Assert.Equal("done", await call.ResponseAsync.WaitAsync(Patience));
        return (request.Header("grpc-encoding"), [.. message]);
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    private static byte[] Decompress(byte[] bytes, string name)
    {
        using var source = new MemoryStream(bytes);
        using Stream decompressor = name == "gzip" ? new GZipStream(source, CompressionMode.Decompress) : new ZLibStream(source, CompressionMode.Decompress);
        using var target = new MemoryStream();
        decompressor.CopyTo(target);
        return target.ToArray();
    }

    private sealed class CountingProvider : ICompressionProvider
    {
        private readonly GzipCompressionProvider _gzip = new(CompressionLevel.Fastest);

        internal static int Count { get; set; }

        public string EncodingName => _gzip.EncodingName;

        public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel)
        {
            Count++;
            return _gzip.CreateCompressionStream(stream, compressionLevel);
        }

        public Stream CreateDecompressionStream(Stream stream) => _gzip.CreateDecompressionStream(stream);
    }

    private sealed class BrokenProvider : ICompressionProvider
    {
        public string EncodingName => "broken";

        public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) => throw new InvalidDataException("no dictionary");

        public Stream CreateDecompressionStream(Stream stream) => throw new InvalidDataException("no dictionary");
    }
}
