// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;

namespace Peregrine.Interceptors;

/// <summary>Hands the methods of a service on to another binder, each with its interceptors folded around the handler.</summary>
internal sealed class InterceptingServiceBinder(ServiceBinderBase binder, IReadOnlyList<Interceptor> interceptors)
    : ServiceBinderBase
{
    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
        binder.AddMethod(method, handler is null ? null : ServerInterceptorChain.Compose(interceptors, handler));

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
        binder.AddMethod(method, handler is null ? null : ServerInterceptorChain.Compose(interceptors, handler));

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
        binder.AddMethod(method, handler is null ? null : ServerInterceptorChain.Compose(interceptors, handler));

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
        binder.AddMethod(method, handler is null ? null : ServerInterceptorChain.Compose(interceptors, handler));
}
