// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading.Tasks;

namespace Peregrine.Client;

/// <summary>The four kinds of call, and the blocking one, as thin shells over <see cref="ClientCall{TRequest, TResponse}"/>. Thread-safe.</summary>
internal sealed class ChannelCallInvoker(ChannelSettings channel) : CallInvoker
{
    // What the call types ask of their call; made once, so that a call makes no delegates.
    private static readonly Func<object, Task<Metadata>> GetResponseHeaders = static call => ((ClientCall)call).GetResponseHeadersAsync();
    private static readonly Func<object, Status> GetStatus = static call => ((ClientCall)call).GetStatus();
    private static readonly Func<object, Metadata> GetTrailers = static call => ((ClientCall)call).GetTrailers();
    private static readonly Action<object> Dispose = static call => ((ClientCall)call).Dispose();

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var response = StartUnary(method, host, options, request, out _);
        BlockedPoolThreads.Wait(response);
        return response.GetAwaiter().GetResult();
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var response = StartUnary(method, host, options, request, out var call);
        return new AsyncUnaryCall<TResponse>(response, GetResponseHeaders, GetStatus, GetTrailers, Dispose, call);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        call.SendSingleRequest(request);
        call.Start();
        return new AsyncServerStreamingCall<TResponse>(
            new ResponseStreamReader<TRequest, TResponse>(call), GetResponseHeaders, GetStatus, GetTrailers, Dispose, call);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        var response = call.GetResponseAsync();
        call.ObserveResponse(response);
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            new RequestStreamWriter<TRequest, TResponse>(call), response, GetResponseHeaders, GetStatus, GetTrailers, Dispose, call);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        call.Start();
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            new RequestStreamWriter<TRequest, TResponse>(call),
            new ResponseStreamReader<TRequest, TResponse>(call),
            GetResponseHeaders,
            GetStatus,
            GetTrailers,
            Dispose,
            call);
    }

    private Task<TResponse> StartUnary<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, in CallOptions options, TRequest request, out ClientCall<TRequest, TResponse> call)
        where TRequest : class
        where TResponse : class
    {
        ArgumentNullException.ThrowIfNull(request);
        call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        call.SendSingleRequest(request);
        var response = call.GetResponseAsync();
        call.ObserveResponse(response);
        return response;
    }
}
