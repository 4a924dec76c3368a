// SPDX-License-Identifier: Apache-2.0
using System.Threading.Tasks;

namespace Peregrine.Serving;

/// <summary>A client-streaming method: a stream of requests, one response.</summary>
internal sealed class ClientStreamingShell<TRequest, TResponse>(
    Method<TRequest, TResponse> method, MethodSettings settings, ClientStreamingServerMethod<TRequest, TResponse> handler) : ServerMethod(method, settings)
    where TRequest : class
    where TResponse : class
{
    /// <inheritdoc/>
    public override async ValueTask InvokeAsync(ServerCall call)
    {
        var requests = new RequestStream<TRequest>(call, method.RequestMarshaller);
        var response = await handler(requests, call.Context).ConfigureAwait(false);
        call.SendSingle(method.ResponseMarshaller, response);
    }
}
