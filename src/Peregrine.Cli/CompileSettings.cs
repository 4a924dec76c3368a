// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Diagnostics;

namespace Peregrine.Cli;

/// <summary>What the command line of <c>peregrine compile</c> says.</summary>
internal sealed class CompileSettings
{
    /// <summary>Directories of imports, <c>PREFIX=DIR</c> or <c>DIR</c>.</summary>
    public IReadOnlyList<string> ProtoPaths { get; init; } = [];

    /// <summary>The .proto files.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Where C# goes.</summary>
    public string? CSharpOut { get; init; }

    /// <summary>The options of the C# generator.</summary>
    public IReadOnlyList<string> CSharpOptions { get; init; } = [];

    /// <summary>Where the C# of services goes, if apart from the rest.</summary>
    public string? GrpcOut { get; init; }

    /// <summary>The options for services.</summary>
    public IReadOnlyList<string> GrpcOptions { get; init; } = [];

    /// <summary>Where the descriptor set goes.</summary>
    public string? DescriptorSetOut { get; init; }

    /// <summary>Whether the set holds imports.</summary>
    public bool IncludeImports { get; init; }

    /// <summary>Whether the set holds positions and comments.</summary>
    public bool IncludeSourceInfo { get; init; }

    /// <summary>Whether the set keeps options of source retention.</summary>
    public bool RetainOptions { get; init; }

    /// <summary>Where the make rule goes.</summary>
    public string? DependencyOut { get; init; }

    /// <summary>How errors are printed.</summary>
    public DiagnosticFormat ErrorFormat { get; init; }

    /// <summary>Whether warnings are failures.</summary>
    public bool FatalWarnings { get; init; }
}
