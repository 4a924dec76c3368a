// SPDX-License-Identifier: Apache-2.0

using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Compiler.CSharp.Model;

/// <summary>A method of a service with its C# names, types linked.</summary>
internal sealed class MethodModel
{
    /// <summary>The descriptor as compiled.</summary>
    public required MethodDescriptorProto Proto { get; init; }

    /// <summary>The C# method, keywords not escaped.</summary>
    public required string Name { get; init; }

    /// <summary>The C# method of the client that does not block (unary methods only).</summary>
    public required string AsyncName { get; init; }

    /// <summary>The static field of the service class that holds the method's description.</summary>
    public required string FieldName { get; init; }

    /// <summary>The request message.</summary>
    public required MessageModel Request { get; init; }

    /// <summary>The response message.</summary>
    public required MessageModel Response { get; init; }

    /// <summary>The documentation comment; empty if none.</summary>
    public required string Comment { get; init; }

    /// <summary>Whether the client sends a stream.</summary>
    public bool ClientStreaming => Proto.ClientStreaming;

    /// <summary>Whether the server sends a stream.</summary>
    public bool ServerStreaming => Proto.ServerStreaming;

    /// <summary>Whether it is marked deprecated.</summary>
    public bool IsDeprecated => Proto.Options?.Deprecated ?? false;
}
