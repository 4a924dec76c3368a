// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;

namespace Peregrine.Services.Reflection;

/// <summary>Collects the names of services from their methods, which services without a descriptor have, too.</summary>
internal sealed class ServiceNames : ServiceBinderBase
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public IEnumerable<string> All => _names;

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) => _names.Add(method.ServiceName);

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) => _names.Add(method.ServiceName);

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) => _names.Add(method.ServiceName);

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) => _names.Add(method.ServiceName);
}
