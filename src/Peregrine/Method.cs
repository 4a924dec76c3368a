// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Protocol;

namespace Peregrine;

/// <summary>
/// A remote method: its name, its kind and how its messages become bytes. Immutable; usually one static instance per method,
/// made by generated code.
/// </summary>
/// <typeparam name="TRequest">The request message.</typeparam>
/// <typeparam name="TResponse">The response message.</typeparam>
public class Method<TRequest, TResponse> : IMethod
{
    /// <summary>Describes a method.</summary>
    /// <param name="type">Which sides are streams.</param>
    /// <param name="serviceName">The full name of the service.</param>
    /// <param name="name">The name of the method.</param>
    /// <param name="requestMarshaller">Turns requests into bytes and back.</param>
    /// <param name="responseMarshaller">Turns responses into bytes and back.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public Method(
        MethodType type,
        string serviceName,
        string name,
        Marshaller<TRequest> requestMarshaller,
        Marshaller<TResponse> responseMarshaller)
    {
        ArgumentNullException.ThrowIfNull(serviceName);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(requestMarshaller);
        ArgumentNullException.ThrowIfNull(responseMarshaller);
        Type = type;
        ServiceName = serviceName;
        Name = name;
        RequestMarshaller = requestMarshaller;
        ResponseMarshaller = responseMarshaller;
        FullName = $"/{serviceName}/{name}";
    }

    /// <inheritdoc/>
    public MethodType Type { get; }

    /// <inheritdoc/>
    public string ServiceName { get; }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Turns requests into bytes and back.</summary>
    public Marshaller<TRequest> RequestMarshaller { get; }

    /// <summary>Turns responses into bytes and back.</summary>
    public Marshaller<TResponse> ResponseMarshaller { get; }

    /// <inheritdoc/>
    public string FullName { get; }

    /// <summary>
    /// The format of the messages that the marshallers have, sent as content-subtype: <c>application/grpc+json</c> for <c>json</c>. Null, the
    /// default, for protobuf's binary one. A server takes calls of the method in this format, and in the formats of
    /// <see cref="GrpcServerOptions.MessageFormats"/>; others end with UNIMPLEMENTED.
    /// </summary>
    /// <exception cref="ArgumentException">It has other characters than letters, digits and <c>.</c>, <c>-</c>, <c>_</c>.</exception>
    public string? ContentSubtype
    {
        get;
        init => field = value is null ? null : ContentType.CheckSubtype(value, nameof(value));
    }
}
