// SPDX-License-Identifier: Apache-2.0
namespace Peregrine;

/// <summary>The part of a <see cref="Method{TRequest, TResponse}"/> that does not know the message types.</summary>
public interface IMethod
{
    /// <summary>Which sides are streams.</summary>
    MethodType Type { get; }

    /// <summary>The full name of the service, with its package: <c>helloworld.Greeter</c>.</summary>
    string ServiceName { get; }

    /// <summary>The name of the method: <c>SayHello</c>.</summary>
    string Name { get; }

    /// <summary>The path on the wire: <c>/helloworld.Greeter/SayHello</c>.</summary>
    string FullName { get; }

    /// <summary>
    /// The format of the messages that the marshallers have, sent as content-subtype: <c>application/grpc+json</c> for <c>json</c>. Null, the
    /// default, for protobuf's binary one, <c>application/grpc</c>.
    /// </summary>
    string? ContentSubtype => null;
}
