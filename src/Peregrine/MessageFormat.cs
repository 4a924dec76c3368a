// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protocol;

namespace Peregrine;

/// <summary>
/// A format of messages besides protobuf's binary one, named on the wire by a content-subtype: <c>application/grpc+json</c> (gRPC over HTTP/2,
/// "Content-Type"). Given to servers (<see cref="GrpcServerOptions.MessageFormats"/>), which then take it for all their methods and answer in it,
/// and to channels (<see cref="Client.GrpcChannelOptions.MessageFormats"/>), whose calls choose it by <see cref="CallOptions.WithContentSubtype"/>.
/// Used from many threads at once.
/// </summary>
public abstract class MessageFormat
{
    /// <summary>Makes a format.</summary>
    /// <param name="contentSubtype">Its content-subtype, such as <c>json</c>; not <c>proto</c>.</param>
    /// <exception cref="System.ArgumentException">The name is not one of letters, digits and <c>.</c>, <c>-</c>, <c>_</c>, or it is <c>proto</c>.</exception>
    protected MessageFormat(string contentSubtype) => ContentSubtype = ContentType.CheckSubtype(contentSubtype, nameof(contentSubtype))
        ?? throw new System.ArgumentException("'proto' is the format that every method has; choose another content-subtype.", nameof(contentSubtype));

    /// <summary>The content-subtype, in lower case.</summary>
    public string ContentSubtype { get; }

    /// <summary>Makes the marshaller of a message type in this format. Called once for each method of a server, and each method of a channel.</summary>
    /// <typeparam name="T">The message type.</typeparam>
    /// <param name="standard">The marshaller that the method has.</param>
    /// <returns>The marshaller; null when the format cannot have this type: calls in the format then end with UNIMPLEMENTED.</returns>
    public abstract Marshaller<T>? CreateMarshaller<T>(Marshaller<T> standard)
        where T : class;

    /// <summary>A method with its messages in this format; null when the format cannot have one of its types.</summary>
    internal Method<TRequest, TResponse>? Apply<TRequest, TResponse>(Method<TRequest, TResponse> method)
        where TRequest : class
        where TResponse : class =>
        CreateMarshaller(method.RequestMarshaller) is { } requests && CreateMarshaller(method.ResponseMarshaller) is { } responses
            ? new Method<TRequest, TResponse>(method.Type, method.ServiceName, method.Name, requests, responses) { ContentSubtype = ContentSubtype }
            : null;
}
