// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.Linq;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Compiler.CSharp.Model;

/// <summary>A service with its C# names, types linked.</summary>
internal sealed class ServiceModel
{
    /// <summary>The descriptor as compiled.</summary>
    public required ServiceDescriptorProto Proto { get; init; }

    /// <summary>The file that declares it.</summary>
    public required FileModel File { get; init; }

    /// <summary>The position in the file's list.</summary>
    public required int Index { get; init; }

    /// <summary>The full .proto name, without a leading period.</summary>
    public required string FullName { get; init; }

    /// <summary>The static class, keywords not escaped.</summary>
    public required string ClassName { get; init; }

    /// <summary>The documentation comment; empty if none.</summary>
    public required string Comment { get; init; }

    /// <summary>Whether it is marked deprecated.</summary>
    public bool IsDeprecated => Proto.Options?.Deprecated ?? false;

    /// <summary>The server's base class.</summary>
    public string BaseClass => ClassName + "Base";

    /// <summary>The client class.</summary>
    public string ClientClass => ClassName + "Client";

    /// <summary>The interface of clients; unlike the class it makes way for methods, since the name is ours.</summary>
    public string ClientInterface => Methods.Any(method => method.Name == $"I{ClientClass}" || method.AsyncName == $"I{ClientClass}")
        ? $"I{ClientClass}_"
        : $"I{ClientClass}";

    /// <summary>The methods in declaration order.</summary>
    public List<MethodModel> Methods { get; } = [];
}
