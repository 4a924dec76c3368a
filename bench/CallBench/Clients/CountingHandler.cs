// SPDX-License-Identifier: Apache-2.0
namespace CallBench.Clients;

/// <summary>What <see cref="CountingClientInterceptor"/> does, around an HTTP request.</summary>
internal sealed class CountingHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private long _calls;
    private long _failed;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            Interlocked.Increment(ref _calls);
            return response;
        }
        catch (HttpRequestException)
        {
            Interlocked.Increment(ref _failed);
            throw;
        }
    }
}
