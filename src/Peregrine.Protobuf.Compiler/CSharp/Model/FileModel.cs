// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Compiler.CSharp.Model;

/// <summary>A .proto file with its C# names, types linked.</summary>
internal sealed class FileModel
{
    /// <summary>The descriptor as compiled.</summary>
    public required FileDescriptorProto Proto { get; init; }

    /// <summary>The import path.</summary>
    public required string Path { get; init; }

    /// <summary>Whether the runtime has its types.</summary>
    public bool IsShipped => CSharpNames.IsBuiltIn(Path) || CSharpNames.IsGoogleApi(Path);

    /// <summary>The C# namespace, keywords not escaped; empty is the global one.</summary>
    public required string Namespace { get; init; }

    /// <summary>The class that holds the file's descriptor.</summary>
    public required string ReflectionClass { get; init; }

    /// <summary>The class that holds the file's top-level extensions.</summary>
    public required string ExtensionsClass { get; init; }

    /// <summary>The static classes of the services, in file order.</summary>
    public required IReadOnlyList<string> ServiceClasses { get; init; }

    /// <summary>The files imported, in order; an import that is not in the set is left out.</summary>
    public required IReadOnlyList<FileModel> Dependencies { get; init; }

    /// <summary>The comments.</summary>
    public required CommentTable Comments { get; init; }

    /// <summary>The features of the file.</summary>
    public required Features Features { get; init; }

    /// <summary>Top-level messages in file order.</summary>
    public List<MessageModel> Messages { get; } = [];

    /// <summary>Top-level enums in file order.</summary>
    public List<EnumModel> Enums { get; } = [];

    /// <summary>Top-level extensions in file order.</summary>
    public List<FieldModel> Extensions { get; } = [];

    /// <summary>Services in file order.</summary>
    public List<ServiceModel> Services { get; } = [];

    /// <summary>Whether the file is marked deprecated.</summary>
    public bool IsDeprecated => Proto.Options?.Deprecated ?? false;

    /// <summary>A top-level C# name of this file, from the global namespace on.</summary>
    public string Qualify(string name) => Namespace.Length == 0
        ? "global::" + CSharpNames.Escape(name)
        : "global::" + CSharpNames.EscapeQualified(Namespace) + "." + CSharpNames.Escape(name);
}
