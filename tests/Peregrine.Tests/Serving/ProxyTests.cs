// SPDX-License-Identifier: Apache-2.0
using Peregrine.Client;

namespace Peregrine.Tests.Serving;

/// <summary>Calls of methods that no service has, and the proxy of the examples, which passes them on.</summary>
public sealed class ProxyTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = RawClient.Patience;

    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<IAsyncDisposable> _servers = [];
    private readonly List<GrpcChannel> _channels = [];

    [Fact]
    public async Task All_four_kinds_of_call_pass_through_a_proxy()
    {
        var invoker = await ConnectThroughProxyAsync();
        Assert.Equal("echo a", await invoker.AsyncUnaryCall(Method(MethodType.Unary), null, default, "a").ResponseAsync.WaitAsync(Patience));

        var upload = invoker.AsyncClientStreamingCall(Method(MethodType.ClientStreaming), null, default);
        await upload.RequestStream.WriteAsync("a");
        await upload.RequestStream.WriteAsync("b");
        await upload.RequestStream.CompleteAsync();
        Assert.Equal("a+b", await upload.ResponseAsync.WaitAsync(Patience));

        var download = invoker.AsyncServerStreamingCall(Method(MethodType.ServerStreaming), null, default, "a b c");
        Assert.Equal(["a", "b", "c"], await download.ResponseStream.ReadAllAsync().ToListAsync());

        var duplex = invoker.AsyncDuplexStreamingCall(Method(MethodType.DuplexStreaming), null, default);
        var large = new string('x', 300_000);
        foreach (var text in (string[])["", "ping", large])
        {
            await duplex.RequestStream.WriteAsync(text);
            Assert.True(await duplex.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience));
            Assert.Equal(text, duplex.ResponseStream.Current);
        }

        await duplex.RequestStream.CompleteAsync();
        Assert.False(await duplex.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience));
        Assert.Equal(StatusCode.OK, duplex.GetStatus().StatusCode);
    }

    [Fact]
    public async Task A_proxy_passes_metadata_headers_and_trailers_on()
    {
        var invoker = await ConnectThroughProxyAsync();
        var call = invoker.AsyncUnaryCall(Method(MethodType.Unary), null, new CallOptions(new Metadata { { "x-echo", "v" }, { "x-echo-bin", [1, 2] } }), "a");
        _ = await call.ResponseAsync.WaitAsync(Patience);
        Assert.Equal("v", (await call.ResponseHeadersAsync).GetValue("x-echo"));
        Assert.Equal([1, 2], call.GetTrailers().GetValueBytes("x-echo-bin"));
    }

    [Fact]
    public async Task A_proxy_passes_a_status_with_its_trailers_on()
    {
        var invoker = await ConnectThroughProxyAsync();
        var call = invoker.AsyncUnaryCall(Method(MethodType.Unary), null, default, "fail");
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(Patience));
        Assert.Equal((StatusCode.DataLoss, "lost: ä"), (failure.StatusCode, failure.Status.Detail));
        Assert.Equal("t", failure.Trailers.GetValue("x-trailer"));
    }

    [Fact]
    public async Task A_method_that_the_target_does_not_have_is_UNIMPLEMENTED_through_a_proxy()
    {
        var invoker = await ConnectThroughProxyAsync();
        var call = invoker.AsyncUnaryCall(ServerFixture.Method(MethodType.Unary, "Missing"), null, default, "a");
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(Patience));
        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
        Assert.Contains("/test.Svc/Missing", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled_at_the_target_of_a_proxy()
    {
        var invoker = await ConnectThroughProxyAsync();
        using var cancellation = new CancellationTokenSource();
        var call = invoker.AsyncUnaryCall(Method(MethodType.Unary), null, new CallOptions(cancellationToken: cancellation.Token), "wait");
        await _arrived.Task.WaitAsync(Patience);
        await cancellation.CancelAsync();
        await _cancelled.Task.WaitAsync(Patience);
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(Patience));
        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
    }

    [Fact]
    public async Task The_handler_of_unknown_methods_sees_their_path_and_the_bytes_of_their_messages()
    {
        var options = new GrpcServerOptions
        {
            UnknownMethodHandler = async (requests, responses, context) =>
            {
                await foreach (var request in requests.ReadAllAsync())
                {
                    await responses.WriteAsync([.. request, .. "@"u8, .. System.Text.Encoding.ASCII.GetBytes(context.Method)]);
                }
            },
        };
        var invoker = Connect(await StartAsync(options));
        var call = invoker.AsyncUnaryCall(ServerFixture.Method(MethodType.Unary, "Any"), null, default, "hi");
        Assert.Equal("hi@/test.Svc/Any", await call.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task The_handler_of_unknown_methods_takes_any_format_and_answers_in_it()
    {
        var options = new GrpcServerOptions
        {
            UnknownMethodHandler = async (requests, responses, context) =>
            {
                await foreach (var request in requests.ReadAllAsync())
                {
                    await responses.WriteAsync([.. request, .. "@"u8, .. System.Text.Encoding.ASCII.GetBytes(context.ContentSubtype ?? "binary")]);
                }
            },
        };
        using var client = new RawClient(await StartAsync(options));

        // More formats than the server remembers, and each of them twice.
        var formats = Enumerable.Range(0, 20).Select(i => $"format-{i}").ToArray();
        foreach (var format in (string[])[.. formats, .. formats])
        {
            var call = client.Unary("/test.Svc/Any", "hi", ("content-type", "application/grpc+" + format.ToUpperInvariant()));
            Assert.Equal($"hi@{format}", await call.NextTextAsync());
            Assert.Equal(StatusCode.OK, await call.StatusAsync());
            Assert.Equal("application/grpc+" + format, (await call.Headers)["content-type"]);
        }

        var binary = client.Unary("/test.Svc/Any", "hi");
        Assert.Equal("hi@binary", await binary.NextTextAsync());
        Assert.Equal(StatusCode.Unimplemented, await client.Unary("/test.Svc/Any", "hi", ("content-type", "application/grpc+a b")).StatusAsync());
    }

    [Fact]
    public async Task A_proxy_passes_the_format_of_messages_on()
    {
        var json = new Method<string, string>(MethodType.Unary, "test.Svc", "Json", Marshallers.StringMarshaller, Marshallers.StringMarshaller) { ContentSubtype = "json" };
        var service = ServerServiceDefinition.CreateBuilder()
            .AddMethod(json, (UnaryServerMethod<string, string>)((request, context) => Task.FromResult($"{request} {context.ContentSubtype}"))).Build();
        var target = Connect(await StartAsync(new GrpcServerOptions(), service));
        var invoker = Connect(await StartAsync(new GrpcServerOptions { UnknownMethodHandler = new GrpcProxy(target).HandleAsync }));
        Assert.Equal("a json", await invoker.AsyncUnaryCall(json, null, default, "a").ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_service_that_was_removed_is_UNIMPLEMENTED_and_can_be_added_again()
    {
        var service = Service();
        await using var server = new GrpcServer();
        var invoker = Connect(await server.AddService(service).ListenAsync("127.0.0.1:0", ServerCredentials.Insecure));

        // Twice, so that the server remembers the path from the client's header table.
        Assert.Equal("echo a", await invoker.AsyncUnaryCall(Method(MethodType.Unary), null, default, "a").ResponseAsync.WaitAsync(Patience));
        Assert.Equal("echo b", await invoker.AsyncUnaryCall(Method(MethodType.Unary), null, default, "b").ResponseAsync.WaitAsync(Patience));

        Assert.True(server.RemoveService(service));
        Assert.False(server.RemoveService(service));
        var failure = await Assert.ThrowsAsync<RpcException>(() =>
            invoker.AsyncUnaryCall(Method(MethodType.Unary), null, default, "c").ResponseAsync.WaitAsync(Patience));
        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);

        _ = server.AddService(service);
        Assert.Equal("echo d", await invoker.AsyncUnaryCall(Method(MethodType.Unary), null, default, "d").ResponseAsync.WaitAsync(Patience));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels)
        {
            channel.Dispose();
        }

        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private static Method<string, string> Method(MethodType type) =>
        ServerFixture.Method(type, type == MethodType.DuplexStreaming ? "Duplex" : type.ToString());

    private ServerServiceDefinition Service() => ServerServiceDefinition.CreateBuilder()
        .AddMethod(Method(MethodType.Unary), async (string request, ServerCallContext context) =>
        {
            switch (request)
            {
                case "fail":
                    throw new RpcException(new Status(StatusCode.DataLoss, "lost: ä"), new Metadata { { "x-trailer", "t" } });
                case "wait":
                    using (context.CancellationToken.Register(_cancelled.SetResult))
                    {
                        _arrived.SetResult();
                        await _cancelled.Task.WaitAsync(Patience);
                    }

                    break;
            }

            if (context.RequestHeaders.GetValue("x-echo") is { } value)
            {
                await context.WriteResponseHeadersAsync(new Metadata { { "x-echo", value } });
                context.ResponseTrailers.Add("x-echo-bin", context.RequestHeaders.GetValueBytes("x-echo-bin")!);
            }

            return $"echo {request}";
        })
        .AddMethod(Method(MethodType.ClientStreaming), async (IAsyncStreamReader<string> requests, ServerCallContext _) =>
            string.Join('+', await requests.ReadAllAsync().ToListAsync()))
        .AddMethod(Method(MethodType.ServerStreaming), async (string request, IServerStreamWriter<string> responses, ServerCallContext _) =>
        {
            foreach (var part in request.Split(' '))
            {
                await responses.WriteAsync(part);
            }
        })
        .AddMethod(Method(MethodType.DuplexStreaming), async (IAsyncStreamReader<string> requests, IServerStreamWriter<string> responses, ServerCallContext _) =>
        {
            await foreach (var request in requests.ReadAllAsync())
            {
                await responses.WriteAsync(request);
            }
        })
        .Build();

    private async Task<CallInvoker> ConnectThroughProxyAsync()
    {
        var target = Connect(await StartAsync(new GrpcServerOptions(), Service()));
        return Connect(await StartAsync(new GrpcServerOptions { UnknownMethodHandler = new GrpcProxy(target).HandleAsync }));
    }

    private async Task<int> StartAsync(GrpcServerOptions options, ServerServiceDefinition? service = null)
    {
        var server = new GrpcServer(options);
        _servers.Add(server);
        if (service is not null)
        {
            _ = server.AddService(service);
        }

        return await server.ListenAsync("127.0.0.1:0", ServerCredentials.Insecure);
    }

    private CallInvoker Connect(int port)
    {
        var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        _channels.Add(channel);
        return channel.CreateCallInvoker();
    }
}
