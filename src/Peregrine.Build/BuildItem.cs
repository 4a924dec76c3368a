// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.CSharp;

namespace Peregrine.Build;

/// <summary>One Protobuf item of a project, its paths made absolute.</summary>
internal sealed record BuildItem
{
    /// <summary>The .proto file.</summary>
    public required string Path { get; init; }

    /// <summary>The directory that the item declares its import path to be relative to, or null if that is to be found out.</summary>
    public required string? Root { get; init; }

    /// <summary>Further directories that imports are looked up in.</summary>
    public required IReadOnlyList<string> ImportDirectories { get; init; }

    /// <summary>How the C# is generated.</summary>
    public required CSharpGeneratorOptions Options { get; init; }

    /// <summary>The directory below which messages are generated, or null for the project's intermediate directory.</summary>
    public required string? OutputDirectory { get; init; }

    /// <summary>The directory below which services are generated, or null for that of messages.</summary>
    public required string? ServiceOutputDirectory { get; init; }

    /// <summary>Whether C# is generated; otherwise the file is there to be imported.</summary>
    public required bool Generate { get; init; }

    /// <summary>Whether the output is compiled with the project.</summary>
    public required bool CompileOutputs { get; init; }

    /// <summary>Whether C# is generated even if a referenced assembly holds the types already.</summary>
    public required bool GenerateReferenced { get; init; }

    /// <summary>Whether the file goes into the project's package.</summary>
    public required bool Pack { get; init; }

    /// <summary>Whether a program of another kind was named to generate services; it has no effect.</summary>
    public required bool NamesServicePlugin { get; init; }

    /// <summary>Whether warnings about this file are errors, whatever the project says.</summary>
    public required bool FatalWarnings { get; init; }
}
