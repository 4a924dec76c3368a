// SPDX-License-Identifier: Apache-2.0
using Peregrine;
using Peregrine.Interceptors;

/// <summary>An interceptor that does what those of applications do: looks at the metadata, waits for the handler, counts.</summary>
internal sealed class CountingInterceptor : Interceptor
{
    private long _calls;
    private long _withRequestId;

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        if (context.RequestHeaders.GetValue("x-request-id") is not null)
        {
            Interlocked.Increment(ref _withRequestId);
        }

        TResponse response = await continuation(request, context);
        Interlocked.Increment(ref _calls);
        return response;
    }
}
