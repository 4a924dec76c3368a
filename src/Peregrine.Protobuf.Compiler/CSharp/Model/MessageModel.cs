// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.Linq;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Compiler.CSharp.Model;

/// <summary>A message with its C# names, types linked.</summary>
internal sealed class MessageModel
{
    /// <summary>The descriptor as compiled.</summary>
    public required DescriptorProto Proto { get; init; }

    /// <summary>The file that declares it.</summary>
    public required FileModel File { get; init; }

    /// <summary>The message that it is nested in.</summary>
    public required MessageModel? Parent { get; init; }

    /// <summary>The position in the parent's (or the file's) list.</summary>
    public required int Index { get; init; }

    /// <summary>The full .proto name, without a leading period.</summary>
    public required string FullName { get; init; }

    /// <summary>The C# class, not qualified, keywords not escaped.</summary>
    public required string ClassName { get; init; }

    /// <summary>The class, from the global namespace on.</summary>
    public required string QualifiedName { get; init; }

    /// <summary>The nested class that holds nested types: <c>Types</c>.</summary>
    public required string ContainerName { get; init; }

    /// <summary>The nested class that holds extensions declared inside: <c>Extensions</c>.</summary>
    public string ExtensionsClass { get; set; } = "Extensions";

    /// <summary>The features of the message.</summary>
    public required Features Features { get; init; }

    /// <summary>The documentation comment; empty if none.</summary>
    public required string Comment { get; init; }

    /// <summary>Fields in declaration order.</summary>
    public List<FieldModel> Fields { get; } = [];

    /// <summary>Oneofs that the .proto declares (those that proto3 <c>optional</c> implies are not among them).</summary>
    public List<OneofModel> Oneofs { get; } = [];

    /// <summary>Nested messages in declaration order, map entries included.</summary>
    public List<MessageModel> Messages { get; } = [];

    /// <summary>Nested enums in declaration order.</summary>
    public List<EnumModel> Enums { get; } = [];

    /// <summary>Extensions declared inside the message.</summary>
    public List<FieldModel> Extensions { get; } = [];

    /// <summary>Whether it is the entry of a map field: no class is generated for it.</summary>
    public bool IsMapEntry => Proto.Options?.MapEntry ?? false;

    /// <summary>Whether it has the historic message set encoding.</summary>
    public bool IsMessageSet => IsExtendable && Proto.Options is { MessageSetWireFormat: true };

    /// <summary>Whether it accepts extensions.</summary>
    public bool IsExtendable => Proto.ExtensionRange.Count > 0;

    /// <summary>Whether the option <c>required_members</c> makes one of its properties <c>required</c>.</summary>
    public bool MayHaveRequiredMembers { get; set; }

    /// <summary>Whether a required field or an extension range is reachable from it.</summary>
    public bool NeedsInitialization { get; set; }

    /// <summary>Whether it can contain itself, if through others.</summary>
    public bool IsRecursive { get; set; }

    /// <summary>Whether it is marked deprecated.</summary>
    public bool IsDeprecated => Proto.Options?.Deprecated ?? false;

    /// <summary>Whether a class for nested types is needed.</summary>
    public bool HasContainer => Enums.Count > 0 || Messages.Any(nested => !nested.IsMapEntry);
}
