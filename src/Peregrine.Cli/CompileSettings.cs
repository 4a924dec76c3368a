// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli;

/// <summary>What the command line of <c>peregrine compile</c> says.</summary>
internal sealed class CompileSettings
{
    /// <summary>Directories of imports, each with the virtual prefix that is mapped to it.</summary>
    public List<(string Prefix, string Directory)> ProtoPaths { get; } = [];

    /// <summary>What is odd about the command line, but no error.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>The .proto files.</summary>
    public List<string> Files { get; } = [];

    /// <summary>What is generated, in the order in which it is asked for.</summary>
    public List<OutputDirective> Outputs { get; } = [];

    /// <summary>The parameters given by <c>--NAME_opt</c>, by name, in their order.</summary>
    public Dictionary<string, List<string>> Parameters { get; } = [];

    /// <summary>The programs given by <c>--plugin</c>, by the plugin's name.</summary>
    public Dictionary<string, string> Plugins { get; } = [];

    /// <summary>Files with descriptor sets to take descriptors from.</summary>
    public List<string> DescriptorSetsIn { get; } = [];

    /// <summary>Where the descriptor set goes.</summary>
    public string? DescriptorSetOut { get; set; }

    /// <summary>Whether the set holds imports.</summary>
    public bool IncludeImports { get; set; }

    /// <summary>Whether the set holds positions and comments.</summary>
    public bool IncludeSourceInfo { get; set; }

    /// <summary>Whether the set keeps options of source retention, and options as they are written.</summary>
    public bool RetainOptions { get; set; }

    /// <summary>Whether a message is turned from standard input to standard output instead.</summary>
    public CodecMode Codec { get; set; }

    /// <summary>The full name of the type of that message.</summary>
    public string CodecType { get; set; } = "";

    /// <summary>Whether maps of the message are written in the order of their keys.</summary>
    public bool DeterministicOutput { get; set; }

    /// <summary>Where the make rule goes.</summary>
    public string? DependencyOut { get; set; }

    /// <summary>Where the defaults of features go.</summary>
    public string? EditionDefaultsOut { get; set; }

    /// <summary>The lowest edition that the defaults are for.</summary>
    public Edition EditionDefaultsMinimum { get; set; } = Edition.Proto2;

    /// <summary>The highest edition that the defaults are for.</summary>
    public Edition EditionDefaultsMaximum { get; set; } = Edition._2024;

    /// <summary>How errors are printed.</summary>
    public DiagnosticFormat ErrorFormat { get; set; }

    /// <summary>Whether warnings are failures.</summary>
    public bool FatalWarnings { get; set; }

    /// <summary>Whether the free field numbers are printed.</summary>
    public bool PrintFreeFieldNumbers { get; set; }

    /// <summary>Whether a file with services is an error.</summary>
    public bool DisallowServices { get; set; }

    /// <summary>The only files that may be imported; null for all.</summary>
    public HashSet<string>? DirectDependencies { get; set; }

    /// <summary>What is said about another one; <c>%s</c> stands for its name.</summary>
    public string DirectDependenciesMessage { get; set; } = "File is imported but not declared in --direct_dependencies: %s";

    /// <summary>The only files that <c>import option</c> may name; null for all.</summary>
    public HashSet<string>? OptionDependencies { get; set; }

    /// <summary>What is said about another one; <c>%s</c> stands for its name.</summary>
    public string OptionDependenciesMessage { get; set; } = "File is option imported but not declared in --option_dependencies: %s";
}
