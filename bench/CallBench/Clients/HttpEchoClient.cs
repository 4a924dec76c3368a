// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Bench.Calls;
using CallBench.Measuring;

namespace CallBench.Clients;

/// <summary>
/// The baseline: gRPC written by hand on the platform's HTTP client, with as little as a call needs. One HTTP/2 connection, by prior
/// knowledge without TLS; handlers are asked directly, since <see cref="HttpClient"/> itself only adds to the cost.
/// </summary>
internal sealed class HttpEchoClient : IEchoClient
{
    private static readonly MediaTypeHeaderValue GrpcType = new("application/grpc");

    private readonly HttpMessageInvoker _invoker;
    private readonly Uri _unary;
    private readonly Uri _download;
    private readonly Uri _upload;
    private readonly Uri _pingPong;
    private readonly bool _gzip;
    private readonly KeyValuePair<string, string>[] _headers;
    private readonly ProductionMetadata? _metadata;

    public HttpEchoClient(ClientSettings settings)
    {
        SocketsHttpHandler handler = new()
        {
            EnableMultipleHttp2Connections = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        };
        if (settings.Tls is { } tls)
        {
            X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(TlsFiles.Certificate(tls)));
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        _metadata = settings.Production ? new ProductionMetadata() : null;
        _invoker = new HttpMessageInvoker(settings.Production ? new CountingHandler(handler) : handler);
        _gzip = settings.Gzip;
        _headers = [.. PlainHeaders.Create(settings.Headers)];
        string server = $"{settings.Scheme}://127.0.0.1:{settings.Port}/bench.Echo/";
        _unary = new Uri(server + "Unary");
        _download = new Uri(server + "Download");
        _upload = new Uri(server + "Upload");
        _pingPong = new Uri(server + "PingPong");
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask UnaryAsync(Blob request)
    {
        using CancellationTokenSource? deadline = _metadata is null ? null : new(ProductionMetadata.Deadline);
        using HttpRequestMessage message = CreateRequest(_unary, new MessageContent(request, 1, _gzip));
        using HttpResponseMessage response = await _invoker.SendAsync(message, deadline?.Token ?? default);
        using ResponseReader replies = new(await response.Content.ReadAsStreamAsync());
        Blob? reply = await replies.ReadAsync(Blob.Parser);
        Reply.Check(request, reply);
        await replies.ReadEndAsync();
        CheckStatus(response);
    }

    public async Task DownloadAsync(int messages, int octetsEach)
    {
        using HttpRequestMessage message = CreateRequest(
            _download, new MessageContent(new Transfer { Messages = messages, OctetsEach = octetsEach }, 1, _gzip));
        using HttpResponseMessage response = await _invoker.SendAsync(message, default);
        using ResponseReader replies = new(await response.Content.ReadAsStreamAsync());
        int received = 0;
        while (await replies.ReadAsync(Blob.Parser) is not null)
        {
            received++;
        }

        Reply.CheckCount(messages, received);
        CheckStatus(response);
    }

    public async Task UploadAsync(int messages, Blob message)
    {
        using HttpRequestMessage request = CreateRequest(_upload, new MessageContent(message, messages, _gzip));
        using HttpResponseMessage response = await _invoker.SendAsync(request, default);
        using ResponseReader replies = new(await response.Content.ReadAsStreamAsync());
        Transfer? total = await replies.ReadAsync(Transfer.Parser);
        Reply.CheckCount(messages, total?.Messages ?? -1);
        await replies.ReadEndAsync();
        CheckStatus(response);
    }

    [SuppressMessage("Reliability", "CA2025", Justification = "The task is awaited, behind the last message.")]
    public async Task FlowAsync(int messages, Blob message)
    {
        using DuplexContent content = new(_gzip);
        using HttpRequestMessage request = CreateRequest(_pingPong, content);
        Task<HttpResponseMessage> headers = _invoker.SendAsync(request, default);
        Task sending = SendAsync();
        using HttpResponseMessage response = await headers;
        using ResponseReader replies = new(await response.Content.ReadAsStreamAsync());
        int received = 0;
        while (await replies.ReadAsync(Blob.Parser) is not null)
        {
            received++;
        }

        await sending;
        Reply.CheckCount(messages, received);
        CheckStatus(response);

        async Task SendAsync()
        {
            for (int i = 0; i < messages; i++)
            {
                await content.WriteAsync(message);
            }

            content.Complete();
        }
    }

    [SuppressMessage("Reliability", "CA2025", Justification = "The task is awaited, behind the first message.")]
    public async Task PingPongAsync(int messages, Blob message, LatencyHistogram latencies)
    {
        using DuplexContent content = new(_gzip);
        using HttpRequestMessage request = CreateRequest(_pingPong, content);
        // A server may wait for a message before it answers with headers, so the first one leaves before they are awaited.
        Task<HttpResponseMessage> headers = _invoker.SendAsync(request, default);
        long start = Stopwatch.GetTimestamp();
        await content.WriteAsync(message);
        using HttpResponseMessage response = await headers;
        using ResponseReader replies = new(await response.Content.ReadAsStreamAsync());
        for (int i = 0; ; i++)
        {
            Blob? reply = await replies.ReadAsync(Blob.Parser);
            latencies.RecordSince(start);
            Reply.Check(message, reply);
            if (i == messages - 1)
            {
                break;
            }

            start = Stopwatch.GetTimestamp();
            await content.WriteAsync(message);
        }

        content.Complete();
        await replies.ReadEndAsync();
        CheckStatus(response);
    }

    public ValueTask DisposeAsync()
    {
        _invoker.Dispose();
        return ValueTask.CompletedTask;
    }

    private HttpRequestMessage CreateRequest(Uri uri, HttpContent content)
    {
        content.Headers.ContentType = GrpcType;
        HttpRequestMessage message = new(HttpMethod.Post, uri)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        message.Headers.TryAddWithoutValidation("te", "trailers");
        if (_gzip)
        {
            message.Headers.TryAddWithoutValidation("grpc-encoding", "gzip");
            message.Headers.TryAddWithoutValidation("grpc-accept-encoding", "gzip");
        }

        foreach (KeyValuePair<string, string> entry in _headers)
        {
            message.Headers.TryAddWithoutValidation(entry.Key, entry.Value);
        }

        if (_metadata is not null)
        {
            message.Headers.TryAddWithoutValidation(
                "grpc-timeout", string.Create(CultureInfo.InvariantCulture, $"{(long)ProductionMetadata.Deadline.TotalMilliseconds}m"));
            foreach (KeyValuePair<string, string> entry in _metadata.Next())
            {
                message.Headers.TryAddWithoutValidation(entry.Key, entry.Value);
            }
        }

        return message;
    }

    private static void CheckStatus(HttpResponseMessage response)
    {
        if (!response.TrailingHeaders.NonValidated.TryGetValues("grpc-status", out HeaderStringValues status) || status.ToString() != "0")
        {
            throw new InvalidDataException($"The call ended with grpc-status {status}, HTTP status {(int)response.StatusCode}.");
        }
    }
}
