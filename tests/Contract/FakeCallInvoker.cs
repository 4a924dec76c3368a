// SPDX-License-Identifier: Apache-2.0
using Peregrine;

namespace Contract;

/// <summary>A call invoker that answers without a network.</summary>
public class FakeCallInvoker : CallInvoker
{
    public CallOptions Options { get; private set; }

    public string? Host { get; private set; }

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        Options = options;
        Host = host;
        return (TResponse)(object)request;
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        Options = options;
        Host = host;
        return new AsyncUnaryCall<TResponse>(
            Task.FromResult((TResponse)(object)request),
            Task.FromResult(new Metadata()),
            () => Status.DefaultSuccess,
            () => new Metadata { { "trailer", "1" } },
            () => { });
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        throw new NotSupportedException();
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        throw new NotSupportedException();
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        throw new NotSupportedException();
    }
}
