// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.CommandLine;
using Peregrine.Cli.Calls;
using Peregrine.Cli.Schema;

namespace Peregrine.Cli.Commands;

/// <summary>The options that say where services and messages are described; without any, the server is asked.</summary>
internal sealed class SchemaFlags
{
    private readonly Option<string[]> _protos = new("--proto") { Description = "Take the schema from this .proto file, or from all of a folder; may be given several times.", HelpName = "PATH" };
    private readonly Option<string[]> _importPaths = new("--import-path", "-I", "--proto_path") { Description = "Look up imports of --proto files below DIR; inferred when not given.", HelpName = "DIR" };
    private readonly Option<string[]> _sets = new("--descriptor-set") { Description = "Take the schema from a descriptor set, as \"compile --include_imports -o\" writes it.", HelpName = "FILE" };

    /// <summary>Makes them.</summary>
    /// <param name="title">Their title in the help.</param>
    public SchemaFlags(string title = "Schema (without these, the server's reflection)") => Group = new OptionGroup(title, [_protos, _importPaths, _sets]);

    /// <summary>All of them.</summary>
    public OptionGroup Group { get; }

    /// <summary>Whether the schema comes from files.</summary>
    public bool IsLocal(ParseResult result) => result.GetValue(_protos) is { Length: > 0 } || result.GetValue(_sets) is { Length: > 0 };

    /// <summary>The files and folders that the user named.</summary>
    public IReadOnlyList<string> Paths(ParseResult result) => [.. result.GetValue(_protos) ?? [], .. result.GetValue(_sets) ?? []];

    /// <summary>The folders where imports of .proto files are looked up: those that the user named, or those that the files imply.</summary>
    /// <exception cref="ToolException">A folder holds no .proto file.</exception>
    public IReadOnlyList<string> ImportFolders(ParseResult result) =>
        result.GetValue(_protos) is { Length: > 0 } protos ? ProtoCompilation.Roots(protos, result.GetValue(_importPaths) ?? [], []) : [];

    /// <summary>The schema of files.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="terminal">Where errors of .proto files go.</param>
    /// <exception cref="ToolException">There is none.</exception>
    public LocalSchema OpenLocal(ParseResult result, Terminal terminal) =>
        LocalSchema.Load(result.GetValue(_protos) ?? [], result.GetValue(_importPaths) ?? [], result.GetValue(_sets) ?? [], terminal);

    /// <summary>The schema.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="connection">The server whose reflection is asked if the schema does not come from files; null for none.</param>
    /// <param name="terminal">Where errors of .proto files go.</param>
    /// <exception cref="ToolException">There is none.</exception>
    public SchemaSource Open(ParseResult result, ServerConnection? connection, Terminal terminal)
    {
        if (IsLocal(result))
        {
            return OpenLocal(result, terminal);
        }

        return connection is null
            ? throw new ToolException("Say where the schema is: the ADDRESS of a server with reflection, --proto PATH, or --descriptor-set FILE.", ExitCode.Usage)
            : new ReflectionSchema(connection);
    }
}
