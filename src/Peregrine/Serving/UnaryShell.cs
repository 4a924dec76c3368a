// SPDX-License-Identifier: Apache-2.0
using System.Threading.Tasks;

namespace Peregrine.Serving;

/// <summary>A unary method: one request, one response.</summary>
internal sealed class UnaryShell<TRequest, TResponse>(
    Method<TRequest, TResponse> method, MethodSettings settings, UnaryServerMethod<TRequest, TResponse> handler) : ServerMethod(method, settings)
    where TRequest : class
    where TResponse : class
{
    /// <inheritdoc/>
    public override async ValueTask InvokeAsync(ServerCall call)
    {
        var request = await call.ReadSingleAsync(method.RequestMarshaller).ConfigureAwait(false);
        var response = await handler(request, call.Context).ConfigureAwait(false);
        call.SendSingle(method.ResponseMarshaller, response);
    }
}
