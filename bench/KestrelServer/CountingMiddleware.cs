// SPDX-License-Identifier: Apache-2.0
namespace KestrelServer;

/// <summary>What <c>CountingInterceptor</c> of the other server does.</summary>
internal sealed class CountingMiddleware(RequestDelegate next)
{
    private long _calls;
    private long _withRequestId;

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Headers.ContainsKey("x-request-id"))
        {
            Interlocked.Increment(ref _withRequestId);
        }

        await next(context);
        Interlocked.Increment(ref _calls);
    }
}
