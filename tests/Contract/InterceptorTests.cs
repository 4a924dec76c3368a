// SPDX-License-Identifier: Apache-2.0
using Greet;
using Peregrine;
using Peregrine.Client;
using Peregrine.Interceptors;
using Xunit;

namespace Contract;

/// <summary>The interceptor example on a running server.</summary>
public class InterceptorTests
{
    [Fact]
    public async Task Interceptors_see_calls_of_all_four_kinds_at_both_ends()
    {
        var serverInterceptor = new ServerLoggingInterceptor();
        await using var server = new RunningServer(Greeter.BindService(new GreeterService()).Intercept(serverInterceptor));
        using var channel = GrpcChannel.ForAddress(server.Address);
        var clientInterceptor = new ClientLoggingInterceptor();
        var client = new Greeter.GreeterClient(channel.Intercept(clientInterceptor));

        Assert.Equal("Hello a", client.SayHello(new HelloRequest { Name = "a" }).Message);
        Assert.Equal("Hello b", (await client.SayHelloAsync(new HelloRequest { Name = "b" })).Message);

        using (var stream = client.SayHellos(new HelloRequest()))
        {
            Assert.True(await stream.ResponseStream.MoveNext());
        }

        using (var upload = client.SayHelloToAll())
        {
            await upload.RequestStream.CompleteAsync();
            Assert.Equal("Hello ", (await upload).Message);
        }

        using (var chat = client.SayHelloToEach())
        {
            await chat.RequestStream.WriteAsync(new HelloRequest { Name = "c" });
            Assert.True(await chat.ResponseStream.MoveNext());
            await chat.RequestStream.CompleteAsync();
            Assert.False(await chat.ResponseStream.MoveNext());
        }

        Assert.Equal(6, clientInterceptor.Log.Count);
        Assert.Equal(
            new[] { "Unary", "Unary", "ServerStreaming", "ClientStreaming", "DuplexStreaming" },
            serverInterceptor.Log.Select(line => line.Split(' ')[0]));
        Assert.All(serverInterceptor.Log, line => Assert.EndsWith(Environment.UserName, line));
    }

    [Fact]
    public async Task Several_interceptors_run_in_order_and_a_function_changes_metadata()
    {
        await using var server = new RunningServer(Greeter.BindService(new GreeterService()));
        using var channel = GrpcChannel.ForAddress(server.Address);
        var order = new List<string>();
        CallInvoker invoker = channel
            .Intercept(new NamedInterceptor("first", order), new NamedInterceptor("second", order))
            .Intercept(metadata =>
            {
                metadata.Add("ask", "function");
                return metadata;
            });
        var client = new Greeter.GreeterClient(invoker);
        using var call = client.SayHelloAsync(new HelloRequest());
        await call;
        Assert.Equal("function", call.GetTrailers().GetValue("answer"));
        Assert.Equal(new[] { "first", "second" }, order);
    }

    private class NamedInterceptor : Interceptor
    {
        private readonly string _name;
        private readonly List<string> _order;

        public NamedInterceptor(string name, List<string> order)
        {
            _name = name;
            _order = order;
        }

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            _order.Add(_name);
            return continuation(request, context);
        }
    }

    [Fact]
    public async Task An_error_handling_interceptor_wraps_the_response()
    {
        await using var server = new RunningServer(Greeter.BindService(new ThrowingGreeter()).Intercept(new ExceptionInterceptor()));
        using var channel = GrpcChannel.ForAddress(server.Address);
        var client = new Greeter.GreeterClient(channel.Intercept(new ErrorHandlerInterceptor()));
        var ex = await Assert.ThrowsAsync<InvalidOperationException>(async () => await client.SayHelloAsync(new HelloRequest()));
        Assert.Equal("Custom error", ex.Message);
        var inner = Assert.IsType<RpcException>(ex.InnerException);
        Assert.Equal(StatusCode.Internal, inner.StatusCode);
        Assert.Equal("correlation-1", inner.Trailers.GetValue("CorrelationId"));
    }

    private class ThrowingGreeter : Greeter.GreeterBase
    {
        public override Task<HelloReply> SayHello(HelloRequest request, ServerCallContext context)
        {
            throw new ArgumentException("boom");
        }
    }

    private class ExceptionInterceptor : Interceptor
    {
        public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request,
            ServerCallContext context,
            UnaryServerMethod<TRequest, TResponse> continuation)
        {
            try
            {
                return await continuation(request, context);
            }
            catch (Exception ex)
            {
                var trailers = new Metadata { { "CorrelationId", "correlation-1" } };
                throw new RpcException(new Status(StatusCode.Internal, ex.Message), trailers, "Error in interceptor");
            }
        }
    }

    private class ErrorHandlerInterceptor : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            var call = continuation(request, context);

            return new AsyncUnaryCall<TResponse>(
                HandleResponse(call.ResponseAsync),
                call.ResponseHeadersAsync,
                call.GetStatus,
                call.GetTrailers,
                call.Dispose);
        }

        private async Task<TResponse> HandleResponse<TResponse>(Task<TResponse> inner)
        {
            try
            {
                return await inner;
            }
            catch (Exception ex)
            {
                throw new InvalidOperationException("Custom error", ex);
            }
        }
    }
}
