// SPDX-License-Identifier: Apache-2.0
using System.Threading.Tasks;

namespace Peregrine.Serving;

/// <summary>A bidirectional-streaming method: a stream of requests, a stream of responses.</summary>
internal sealed class DuplexStreamingShell<TRequest, TResponse>(
    Method<TRequest, TResponse> method, MethodSettings settings, DuplexStreamingServerMethod<TRequest, TResponse> handler) : ServerMethod(method, settings)
    where TRequest : class
    where TResponse : class
{
    /// <inheritdoc/>
    public override async ValueTask InvokeAsync(ServerCall call)
    {
        var requests = new RequestStream<TRequest>(call, method.RequestMarshaller);
        var responses = new ResponseStream<TResponse>(call, method.ResponseMarshaller);
        await handler(requests, responses, call.Context).ConfigureAwait(false);
    }
}
