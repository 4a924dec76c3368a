// SPDX-License-Identifier: Apache-2.0
using System.Linq.Expressions;
using Greet;
using Peregrine;
using Peregrine.Client;
using Xunit;

namespace Contract;

/// <summary>Generated clients and services in all the ways that users call them, over a real connection.</summary>
public class GreeterTests : IAsyncDisposable
{
    private readonly RunningServer _server = new RunningServer(Greeter.BindService(new GreeterService()));
    private readonly GrpcChannel _channel;
    private readonly Greeter.GreeterClient _client;

    public GreeterTests()
    {
        _channel = GrpcChannel.ForAddress(_server.Address);
        _client = new Greeter.GreeterClient(_channel);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Unary_calls_take_headers_deadline_token_or_options()
    {
        var headers = new Metadata { { "ask", "me" } };
        using var cts = new CancellationTokenSource();
        Assert.Equal("Hello 1", _client.SayHello(new HelloRequest { Name = "1" }).Message);
        Assert.Equal("Hello 2", _client.SayHello(new HelloRequest { Name = "2" }, headers, DateTime.UtcNow.AddSeconds(20), cts.Token).Message);
        Assert.Equal("Hello 3", _client.SayHello(new HelloRequest { Name = "3" }, new CallOptions(headers)).Message);
        Assert.Equal("Hello 4", (await _client.SayHelloAsync(new HelloRequest { Name = "4" })).Message);
        Assert.Equal("Hello 5", (await _client.SayHelloAsync(new HelloRequest { Name = "5" }, deadline: DateTime.UtcNow.AddSeconds(20))).Message);
        Assert.Equal("Hello 6", await SayAsync("6", new CallOptions().WithCancellationToken(cts.Token)));

        using AsyncUnaryCall<HelloReply> call = _client.SayHelloAsync(new HelloRequest { Name = "7" }, headers: headers, cancellationToken: cts.Token);
        Metadata responseHeaders = await call.ResponseHeadersAsync;
        HelloReply reply = await call.ResponseAsync;
        Assert.NotNull(responseHeaders);
        Assert.Equal("Hello 7", reply.Message);
        Assert.Equal(Status.DefaultSuccess.StatusCode, call.GetStatus().StatusCode);
        Assert.Equal("me", call.GetTrailers().GetValue("answer"));
    }

    private async Task<string> SayAsync(string name, CallOptions options)
    {
        var reply = await _client.SayHelloAsync(new HelloRequest { Name = name }, options).ConfigureAwait(false);
        return reply.Message;
    }

    [Fact]
    public async Task A_server_stream_is_read_until_the_client_has_enough()
    {
        using var call = _client.SayHellos(new HelloRequest { Name = "you" });
        var messages = new List<string>();
        await foreach (var reply in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            messages.Add(reply.Message);
            if (messages.Count == 3)
            {
                break;
            }
        }

        Assert.Equal("How are you you? 3", messages[2]);

        using var cts = new CancellationTokenSource();
        using var cancelled = _client.SayHellos(new HelloRequest { Name = "you" }, cancellationToken: cts.Token);
        Assert.True(await cancelled.ResponseStream.MoveNext(cts.Token));
        cts.Cancel();
        try
        {
            while (await cancelled.ResponseStream.MoveNext())
            {
            }

            Assert.Fail("The stream was cancelled.");
        }
        catch (RpcException ex) when (ex.StatusCode == StatusCode.Cancelled)
        {
            Assert.Equal(StatusCode.Cancelled, ex.Status.StatusCode);
        }
    }

    [Fact]
    public async Task A_client_stream_is_written_completed_and_awaited()
    {
        using var call = _client.SayHelloToAll();
        for (var i = 0; i < 3; i++)
        {
            await call.RequestStream.WriteAsync(new HelloRequest { Name = $"#{i}" });
        }

        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.BufferHint);
        await call.RequestStream.WriteAsync(new HelloRequest { Name = "last" }, TestContext.Current.CancellationToken);
        await call.RequestStream.CompleteAsync();
        var response = await call;
        Assert.Equal("Hello #0, #1, #2, last", response.Message);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);

        using var second = _client.SayHelloToAll(new Metadata(), DateTime.UtcNow.AddSeconds(20), CancellationToken.None);
        await second.RequestStream.CompleteAsync();
        Assert.Equal("Hello ", (await second.ResponseAsync).Message);
    }

    [Fact]
    public async Task A_duplex_stream_is_read_in_the_background_while_it_is_written()
    {
        using var call = _client.SayHelloToEach(new CallOptions(deadline: DateTime.UtcNow.AddSeconds(20)));
        var received = new List<string>();
        var readTask = Task.Run(async () =>
        {
            await foreach (var message in call.ResponseStream.ReadAllAsync())
            {
                received.Add(message.Message);
            }
        });

        foreach (var name in new[] { "a", "b", "c" })
        {
            await call.RequestStream.WriteAsync(new HelloRequest { Name = name });
        }

        await call.RequestStream.CompleteAsync();
        await readTask;
        Assert.Equal(new[] { "Hello a", "Hello b", "Hello c" }, received);
        Assert.NotNull(await call.ResponseHeadersAsync);
        Assert.Empty(call.GetTrailers());
    }

    [Fact]
    public async Task A_deadline_that_passed_fails_the_call_and_a_local_time_is_refused()
    {
        var ex = await Assert.ThrowsAsync<RpcException>(async () => await _client.SayHelloAsync(new HelloRequest(), deadline: DateTime.UtcNow.AddSeconds(-1)));
        Assert.Equal(StatusCode.DeadlineExceeded, ex.StatusCode);
        Assert.Throws<InvalidOperationException>(() => _client.SayHello(new HelloRequest(), deadline: DateTime.Now.AddSeconds(5)));
    }

    [Fact]
    public async Task A_method_that_the_service_does_not_override_is_unimplemented()
    {
        await using var server = new RunningServer(Greeter.BindService(new PartialGreeter()));
        using var channel = GrpcChannel.ForAddress(server.Address);
        var client = new Greeter.GreeterClient(channel);
        var ex = Assert.Throws<RpcException>(() => client.SayHello(new HelloRequest()));
        Assert.Equal(StatusCode.Unimplemented, ex.StatusCode);
    }

    private class PartialGreeter : Greeter.GreeterBase
    {
    }

    [Fact]
    public void The_service_binds_both_ways_and_describes_itself()
    {
        var binder = new RecordingBinder();
        Greeter.BindService(binder, new GreeterService());
        Assert.Equal(new[] { "/greet.Greeter/SayHello", "/greet.Greeter/SayHellos", "/greet.Greeter/SayHelloToAll", "/greet.Greeter/SayHelloToEach" }, binder.Methods);

        // Reflection-based hosts bind with no service at all, to learn the methods.
        binder = new RecordingBinder();
        Greeter.BindService(binder, null);
        Assert.Equal(4, binder.Methods.Count);

        Assert.Equal("greet.Greeter", Greeter.Descriptor.FullName);
        Assert.Equal("SayHellos", Greeter.Descriptor.Methods[1].Name);
        Assert.True(Greeter.Descriptor.Methods[1].IsServerStreaming);
        Assert.Same(HelloRequest.Descriptor, Greeter.Descriptor.FindMethodByName("SayHello").InputType);
        var attribute = (BindServiceMethodAttribute)Attribute.GetCustomAttribute(typeof(Greeter.GreeterBase), typeof(BindServiceMethodAttribute))!;
        Assert.Equal(typeof(Greeter), attribute.BindType);
        Assert.Equal("BindService", attribute.BindMethodName);
    }

    private class RecordingBinder : ServiceBinderBase
    {
        public List<string> Methods { get; } = new List<string>();

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) => Methods.Add(method.FullName);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) => Methods.Add(method.FullName);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) => Methods.Add(method.FullName);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) => Methods.Add(method.FullName);
    }

    [Fact]
    public void A_generated_client_is_mocked_constructed_and_rehosted()
    {
        Expression<Func<Greeter.GreeterClient, AsyncUnaryCall<HelloReply>>> setup =
            m => m.SayHelloAsync(It.IsAny<HelloRequest>(), null, null, CancellationToken.None);
        Assert.True(((MethodCallExpression)setup.Body).Method.IsVirtual);

        var mock = new MockGreeterClient();
        Assert.Equal("mocked", mock.SayHello(new HelloRequest()).Message);

        CallInvoker invoker = _channel.CreateCallInvoker();
        Greeter.GreeterClient client = new Greeter.GreeterClient(invoker).WithHost("other.example");
        Assert.Equal("Hello x", client.SayHello(new HelloRequest { Name = "x" }).Message);
        ClientBase clientBase = client;
        Assert.NotNull(clientBase);
    }

    private class MockGreeterClient : Greeter.GreeterClient
    {
        public override HelloReply SayHello(HelloRequest request, Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default)
        {
            return new HelloReply { Message = "mocked" };
        }

        protected override Greeter.GreeterClient NewInstance(ClientBaseConfiguration configuration)
        {
            return new Derived(configuration);
        }

        private class Derived : Greeter.GreeterClient
        {
            public Derived(ClientBaseConfiguration configuration) : base(configuration)
            {
                Assert.NotNull(CallInvoker);
            }
        }
    }

    private static class It
    {
        public static T IsAny<T>() => default!;
    }

    [Fact]
    public void Only_the_server_half_of_an_internal_file_is_generated_and_it_is_internal()
    {
        Assert.False(typeof(Hidden.Secret).IsPublic);
        Assert.False(typeof(Hidden.Vault).IsPublic);
        Assert.Null(typeof(Hidden.Vault).GetNestedType("VaultClient"));
        Assert.NotNull(typeof(Hidden.Vault.VaultBase));
    }
}
