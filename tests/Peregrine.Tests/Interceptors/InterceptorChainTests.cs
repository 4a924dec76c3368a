// SPDX-License-Identifier: Apache-2.0
using Peregrine.Interceptors;

namespace Peregrine.Tests.Interceptors;

public class InterceptorChainTests
{
    private static readonly Method<string, string> Echo = new(
        MethodType.Unary, "pkg.Echo", "Say", Marshallers.StringMarshaller, Marshallers.StringMarshaller);

    [Fact]
    public void The_first_interceptor_of_a_list_sees_a_client_call_first()
    {
        List<string> trace = [];
        CallInvoker invoker = new EchoInvoker(trace).Intercept(new Tracer("a", trace), new Tracer("b", trace));
        Assert.Equal("hi", invoker.BlockingUnaryCall(Echo, null, default, "hi"));
        Assert.Equal(["a", "b", "call"], trace);
    }

    [Fact]
    public void An_interceptor_added_later_sees_a_client_call_earlier()
    {
        List<string> trace = [];
        CallInvoker invoker = new EchoInvoker(trace).Intercept(new Tracer("a", trace)).Intercept(new Tracer("b", trace));
        invoker.BlockingUnaryCall(Echo, null, default, "hi");
        Assert.Equal(["b", "a", "call"], trace);
    }

    [Fact]
    public void A_metadata_function_changes_a_copy()
    {
        var own = new Metadata { { "k", "v" } };
        var inner = new EchoInvoker([]);
        inner.Intercept(headers =>
        {
            headers.Add("added", "x");
            return headers;
        }).BlockingUnaryCall(Echo, null, new CallOptions(own), "hi");
        Assert.Single(own);
        Assert.Equal("x", inner.LastOptions.Headers!.GetValue("added"));
        Assert.Equal("v", inner.LastOptions.Headers.GetValue("k"));
    }

    [Fact]
    public async Task Server_handlers_of_all_kinds_are_wrapped_outermost_first()
    {
        List<string> trace = [];
        Interceptor[] chain = [new Tracer("a", trace), new Tracer("b", trace)];
        UnaryServerMethod<string, string> unary = (request, _) => Task.FromResult(request);
        ClientStreamingServerMethod<string, string> clientStreaming = (_, _) => Task.FromResult("x");
        ServerStreamingServerMethod<string, string> serverStreaming = (_, _, _) => Task.CompletedTask;
        DuplexStreamingServerMethod<string, string> duplex = (_, _, _) => Task.CompletedTask;
        Assert.Equal("hi", await ServerInterceptorChain.Compose(chain, unary)("hi", null!));
        await ServerInterceptorChain.Compose(chain, clientStreaming)(null!, null!);
        await ServerInterceptorChain.Compose(chain, serverStreaming)("hi", null!, null!);
        await ServerInterceptorChain.Compose(chain, duplex)(null!, null!, null!);
        Assert.Equal(["a", "b", "a", "b", "a", "b", "a", "b"], trace);
    }

    [Fact]
    public async Task A_service_definition_is_intercepted_as_a_whole()
    {
        List<string> trace = [];
        UnaryServerMethod<string, string> handler = (request, _) => Task.FromResult(request + "!");
        ServerServiceDefinition service = ServerServiceDefinition.CreateBuilder().AddMethod(Echo, handler).Build()
            .Intercept(new Tracer("a", trace)).Intercept(new Tracer("b", trace));
        var binder = new CapturingBinder();
        service.BindService(binder);
        Assert.Equal("hi!", await binder.Unary!("hi"));
        Assert.Equal(["b", "a"], trace);
    }

    private sealed class CapturingBinder : ServiceBinderBase
    {
        public Func<string, Task<string>>? Unary { get; private set; }

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
            Unary = async request => (string)(object)await handler!((TRequest)(object)request, null!);
    }

    private sealed class EchoInvoker(List<string> trace) : CallInvoker
    {
        public CallOptions LastOptions { get; private set; }

        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        {
            trace.Add("call");
            LastOptions = options;
            return (TResponse)(object)request;
        }

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();
    }

    private sealed class Tracer(string name, List<string> trace) : Interceptor
    {
        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            trace.Add(name);
            return continuation(request, context);
        }

        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            trace.Add(name);
            return continuation(request, context);
        }

        public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
        {
            trace.Add(name);
            return continuation(requestStream, context);
        }

        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            ServerStreamingServerMethod<TRequest, TResponse> continuation)
        {
            trace.Add(name);
            return continuation(request, responseStream, context);
        }

        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            trace.Add(name);
            return continuation(requestStream, responseStream, context);
        }
    }
}
