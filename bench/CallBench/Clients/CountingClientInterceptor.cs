// SPDX-License-Identifier: Apache-2.0
using Peregrine;
using Peregrine.Interceptors;

namespace CallBench.Clients;

/// <summary>An interceptor as applications have them: it counts calls, and those that fail.</summary>
internal sealed class CountingClientInterceptor : Interceptor
{
    private long _calls;
    private long _failed;

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        AsyncUnaryCall<TResponse> call = continuation(request, context);
        return new AsyncUnaryCall<TResponse>(
            CountAsync(call.ResponseAsync), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    private async Task<TResponse> CountAsync<TResponse>(Task<TResponse> response)
    {
        try
        {
            TResponse message = await response;
            Interlocked.Increment(ref _calls);
            return message;
        }
        catch (RpcException)
        {
            Interlocked.Increment(ref _failed);
            throw;
        }
    }
}
