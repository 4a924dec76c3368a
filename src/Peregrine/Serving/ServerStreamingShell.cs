// SPDX-License-Identifier: Apache-2.0
using System.Threading.Tasks;

namespace Peregrine.Serving;

/// <summary>A server-streaming method: one request, a stream of responses.</summary>
internal sealed class ServerStreamingShell<TRequest, TResponse>(
    Method<TRequest, TResponse> method, MethodSettings settings, ServerStreamingServerMethod<TRequest, TResponse> handler) : ServerMethod(method, settings)
    where TRequest : class
    where TResponse : class
{
    /// <inheritdoc/>
    public override async ValueTask InvokeAsync(ServerCall call)
    {
        var request = await call.ReadSingleAsync(method.RequestMarshaller).ConfigureAwait(false);
        var responses = new ResponseStream<TResponse>(call, method.ResponseMarshaller);
        await handler(request, responses, call.Context).ConfigureAwait(false);
    }
}
