// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text;
using Peregrine.Cli.Schema;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Formatting;
using Peregrine.Protobuf.Compiler.Output;
using Peregrine.Protobuf.Compiler.Sources;

namespace Peregrine.Cli.Commands;

/// <summary><c>peregrine format</c>: the standard form of .proto files.</summary>
internal sealed class FormatCommand : ToolCommand
{
    private readonly Argument<string[]> _paths = new("PATHS") { Description = "Files, and folders of .proto files; \"-\" for standard input.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<bool> _write = new("--write", "-w") { Description = "Write files that are not in this form anew, and list them." };
    private readonly Option<bool> _check = new("--check") { Description = "Only list files that are not in this form, and end with 1 if there are any." };
    private readonly Terminal _terminal;

    /// <summary>Makes it.</summary>
    public FormatCommand(Terminal terminal)
        : base("format", "Write .proto files in their standard form: indentation, blanks, line ends. Comments stay, and what the files mean.")
    {
        _terminal = terminal;
        Add(_paths);
        Add(new OptionGroup("Options", [_write, _check]));
        Examples = ["peregrine format greeter.proto", "peregrine format --write protos/", "peregrine format --check protos/", "peregrine format - < greeter.proto"];
        Validators.Add(result =>
        {
            if (result.GetValue(_write) && result.GetValue(_check))
            {
                result.AddError("--write and --check exclude each other.");
            }
        });
        SetAction(Run);
    }

    private int Run(ParseResult line)
    {
        bool hasErrors = false;
        bool hasOthers = false;
        foreach (var path in line.GetValue(_paths)!.SelectMany(Expand))
        {
            var text = Read(path);
            var result = ProtoFormatter.Format(text, path == "-" ? "standard input" : path);
            if (result.Text is not { } formatted)
            {
                hasErrors = true;
                foreach (var diagnostic in result.Diagnostics)
                {
                    DiagnosticRenderer.Render(_terminal.Errors, diagnostic, DiagnosticFormat.Text, _terminal.ErrorsUseColor);
                }

                continue;
            }

            var bytes = Encoding.UTF8.GetBytes(formatted);
            var isOther = !bytes.AsSpan().SequenceEqual(text);
            hasOthers |= isOther;
            if (!line.GetValue(_write) && !line.GetValue(_check))
            {
                _terminal.Output.Write(formatted);
            }
            else if (isOther)
            {
                _terminal.Output.WriteLine(Terminal.Escape(path));
                if (line.GetValue(_write) && path != "-")
                {
                    WholeFile.Write(path, file => file.Write(bytes));
                }
            }
        }

        return hasErrors || (hasOthers && line.GetValue(_check)) ? ExitCode.Failure : ExitCode.Success;
    }

    private byte[] Read(string path)
    {
        if (path != "-")
        {
            return InputBytes.ReadFile(path, InputBytes.MaxMessages);
        }

        using var input = _terminal.Streams.OpenInput();
        return InputBytes.Read(input, InputBytes.MaxMessages);
    }

    private static IEnumerable<string> Expand(string path) =>
        Directory.Exists(path) ? ProtoFolder.Files(path).Order(StringComparer.Ordinal) : [path];
}
