// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Bench.Calls;
using CallBench.Measuring;
using Peregrine;
using Peregrine.Client;
using Peregrine.Interceptors;

namespace CallBench.Clients;

/// <summary>Ours: a channel with default settings, and the generated client.</summary>
internal sealed class PeregrineEchoClient : IEchoClient
{
    private readonly GrpcChannel _channel;
    private readonly Echo.EchoClient _client;
    private readonly ProductionMetadata? _metadata;
    private readonly KeyValuePair<string, string>[] _headers;

    public PeregrineEchoClient(ClientSettings settings)
    {
        GrpcChannelOptions options = new();
        if (settings.Tls is { } tls)
        {
            options.Credentials = new SslCredentials(File.ReadAllText(TlsFiles.Certificate(tls)));
            options.SslTargetNameOverride = TlsFiles.ServerName;
        }

        if (settings.Gzip)
        {
            options.RequestCompressionAlgorithm = "gzip";
        }

        if (settings.Unlimited)
        {
            options.MaxReceiveMessageSize = null;
        }

        _channel = GrpcChannel.ForAddress($"{settings.Scheme}://127.0.0.1:{settings.Port}", options);
        _metadata = settings.Production ? new ProductionMetadata() : null;
        _headers = [.. PlainHeaders.Create(settings.Headers)];
        _client = new Echo.EchoClient(
            settings.Production ? _channel.CreateCallInvoker().Intercept(new CountingClientInterceptor()) : _channel.CreateCallInvoker());
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask UnaryAsync(Blob request)
    {
        CallOptions options = default;
        if (_metadata is not null)
        {
            Metadata headers = [];
            foreach (KeyValuePair<string, string> entry in _metadata.Next())
            {
                headers.Add(entry.Key, entry.Value);
            }

            options = new CallOptions(headers, DateTime.UtcNow + ProductionMetadata.Deadline);
        }
        else if (_headers.Length > 0)
        {
            Metadata headers = [];
            foreach (KeyValuePair<string, string> entry in _headers)
            {
                headers.Add(entry.Key, entry.Value);
            }

            options = new CallOptions(headers);
        }

        Blob reply = await _client.UnaryAsync(request, options);
        Reply.Check(request, reply);
    }

    public async Task DownloadAsync(int messages, int octetsEach)
    {
        using AsyncServerStreamingCall<Blob> call = _client.Download(new Transfer { Messages = messages, OctetsEach = octetsEach });
        int received = 0;
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            received++;
        }

        Reply.CheckCount(messages, received);
    }

    public async Task UploadAsync(int messages, Blob message)
    {
        using AsyncClientStreamingCall<Blob, Transfer> call = _client.Upload();
        for (int i = 0; i < messages; i++)
        {
            await call.RequestStream.WriteAsync(message);
        }

        await call.RequestStream.CompleteAsync();
        Reply.CheckCount(messages, (await call).Messages);
    }

    public async Task FlowAsync(int messages, Blob message)
    {
        using AsyncDuplexStreamingCall<Blob, Blob> call = _client.PingPong();
        Task sending = SendAsync(call.RequestStream);
        int received = 0;
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            received++;
        }

        await sending;
        Reply.CheckCount(messages, received);

        async Task SendAsync(IClientStreamWriter<Blob> requests)
        {
            for (int i = 0; i < messages; i++)
            {
                await requests.WriteAsync(message);
            }

            await requests.CompleteAsync();
        }
    }

    public async Task PingPongAsync(int messages, Blob message, LatencyHistogram latencies)
    {
        using AsyncDuplexStreamingCall<Blob, Blob> call = _client.PingPong();
        for (int i = 0; i < messages; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await call.RequestStream.WriteAsync(message);
            await call.ResponseStream.MoveNext(CancellationToken.None);
            latencies.RecordSince(start);
            Reply.Check(message, call.ResponseStream.Current);
        }

        await call.RequestStream.CompleteAsync();
        Reply.CheckCount(0, await call.ResponseStream.MoveNext(CancellationToken.None) ? 1 : 0);
    }

    public ValueTask DisposeAsync()
    {
        _channel.Dispose();
        return ValueTask.CompletedTask;
    }
}
