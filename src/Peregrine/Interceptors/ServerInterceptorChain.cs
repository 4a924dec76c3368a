// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;

namespace Peregrine.Interceptors;

/// <summary>
/// Folds interceptors around a server handler, once per method when it is registered: a call then runs one delegate.
/// The first interceptor of the list sees a call first.
/// </summary>
internal static class ServerInterceptorChain
{
    public static UnaryServerMethod<TRequest, TResponse> Compose<TRequest, TResponse>(
        IReadOnlyList<Interceptor> interceptors, UnaryServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class
    {
        for (int i = interceptors.Count - 1; i >= 0; i--)
        {
            Interceptor interceptor = interceptors[i];
            UnaryServerMethod<TRequest, TResponse> next = handler;
            handler = (request, context) => interceptor.UnaryServerHandler(request, context, next);
        }

        return handler;
    }

    public static ClientStreamingServerMethod<TRequest, TResponse> Compose<TRequest, TResponse>(
        IReadOnlyList<Interceptor> interceptors, ClientStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class
    {
        for (int i = interceptors.Count - 1; i >= 0; i--)
        {
            Interceptor interceptor = interceptors[i];
            ClientStreamingServerMethod<TRequest, TResponse> next = handler;
            handler = (requests, context) => interceptor.ClientStreamingServerHandler(requests, context, next);
        }

        return handler;
    }

    public static ServerStreamingServerMethod<TRequest, TResponse> Compose<TRequest, TResponse>(
        IReadOnlyList<Interceptor> interceptors, ServerStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class
    {
        for (int i = interceptors.Count - 1; i >= 0; i--)
        {
            Interceptor interceptor = interceptors[i];
            ServerStreamingServerMethod<TRequest, TResponse> next = handler;
            handler = (request, responses, context) =>
                interceptor.ServerStreamingServerHandler(request, responses, context, next);
        }

        return handler;
    }

    public static DuplexStreamingServerMethod<TRequest, TResponse> Compose<TRequest, TResponse>(
        IReadOnlyList<Interceptor> interceptors, DuplexStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class
    {
        for (int i = interceptors.Count - 1; i >= 0; i--)
        {
            Interceptor interceptor = interceptors[i];
            DuplexStreamingServerMethod<TRequest, TResponse> next = handler;
            handler = (requests, responses, context) =>
                interceptor.DuplexStreamingServerHandler(requests, responses, context, next);
        }

        return handler;
    }
}
