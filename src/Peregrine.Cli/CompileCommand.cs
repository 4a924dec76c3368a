// SPDX-License-Identifier: Apache-2.0

using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using System.Linq;
using Peregrine.Protobuf.Compiler.Diagnostics;

namespace Peregrine.Cli;

/// <summary>The command line of <c>peregrine compile</c>: protoc's flags by protoc's names, so that scripts move over.</summary>
internal static class CompileCommand
{
    /// <summary>Makes the command.</summary>
    /// <param name="errors">Where errors and warnings go.</param>
    public static Command Create(TextWriter errors)
    {
        var protoPath = new Option<string[]>("--proto_path", "-I")
        {
            Description = "Directory to look up imports in; may be given several times, the first match wins. PREFIX=DIR maps a virtual prefix. Default: the current directory.",
            HelpName = "DIR",
        };
        var csharpOut = new Option<string>("--csharp_out")
        {
            Description = "Write C# into this directory: messages, and services unless --grpc_out says where those go. OPTIONS:DIR sets options, too.",
            HelpName = "DIR",
        };
        var csharpOptions = new Option<string[]>("--csharp_opt")
        {
            Description = "services=both|client|server|none, internal_access, file_extension=.cs, base_namespace=NAME; commas between them.",
            HelpName = "OPTIONS",
        };
        var grpcOut = new Option<string>("--grpc_out") { Description = "Write the C# of services into this directory.", HelpName = "DIR" };
        var grpcOptions = new Option<string[]>("--grpc_opt")
        {
            Description = "no_client, no_server, internal_access; commas between them.",
            HelpName = "OPTIONS",
        };
        var descriptorSet = new Option<string>("--descriptor_set_out", "-o")
        {
            Description = "Write a FileDescriptorSet with the files.",
            HelpName = "FILE",
        };
        var includeImports = new Option<bool>("--include_imports") { Description = "The set holds everything imported, too." };
        var includeSourceInfo = new Option<bool>("--include_source_info") { Description = "The set keeps positions and comments." };
        var retainOptions = new Option<bool>("--retain_options") { Description = "The set keeps options that are for source files only." };
        var dependencyOut = new Option<string>("--dependency_out")
        {
            Description = "Write the files read, as a make rule for the files written.",
            HelpName = "FILE",
        };
        var errorFormat = new Option<string>("--error_format") { Description = "text (default), gcc, msvs or json.", HelpName = "FORMAT" };
        errorFormat.AcceptOnlyFromAmong("text", "gcc", "msvs", "json");
        var fatalWarnings = new Option<bool>("--fatal_warnings") { Description = "A warning fails the command." };
        var files = new Argument<string[]>("files")
        {
            Description = "The .proto files, as paths or as names below the --proto_path directories. @FILE stands for the lines of FILE.",
            Arity = ArgumentArity.ZeroOrMore, // none at all is told below, better than the parser does
        };
        var command = new Command(
            "compile",
            "Compiles .proto files to C# or to descriptors. Exit codes: 0 success, 1 the files have errors, 2 the command line is wrong.")
        {
            protoPath, csharpOut, csharpOptions, grpcOut, grpcOptions, descriptorSet, includeImports, includeSourceInfo, retainOptions,
            dependencyOut, errorFormat, fatalWarnings, files,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(files) is null or { Tokens.Count: 0 })
            {
                result.AddError("There is nothing to compile: name one or more .proto files.");
            }

            foreach (var token in result.GetResult(files)?.Tokens.Where(token => token.Value.StartsWith('-')) ?? [])
            {
                result.AddError($"\"{token.Value}\" is not an option of this command; a file of that name is \"./{token.Value}\".");
            }

            if (result.GetResult(csharpOut) is null && result.GetResult(grpcOut) is null && result.GetResult(descriptorSet) is null)
            {
                result.AddError("There is nothing to write: give --csharp_out, --grpc_out or --descriptor_set_out.");
            }

            Need(result, includeImports, descriptorSet);
            Need(result, includeSourceInfo, descriptorSet);
            Need(result, retainOptions, descriptorSet);
        });
        command.SetAction(parsed => new CompileRun(
            new CompileSettings
            {
                ProtoPaths = parsed.GetValue(protoPath) ?? [],
                CSharpOut = parsed.GetValue(csharpOut),
                CSharpOptions = parsed.GetValue(csharpOptions) ?? [],
                GrpcOut = parsed.GetValue(grpcOut),
                GrpcOptions = parsed.GetValue(grpcOptions) ?? [],
                DescriptorSetOut = parsed.GetValue(descriptorSet),
                IncludeImports = parsed.GetValue(includeImports),
                IncludeSourceInfo = parsed.GetValue(includeSourceInfo),
                RetainOptions = parsed.GetValue(retainOptions),
                DependencyOut = parsed.GetValue(dependencyOut),
                ErrorFormat = Enum.Parse<DiagnosticFormat>(parsed.GetValue(errorFormat) ?? "text", ignoreCase: true),
                FatalWarnings = parsed.GetValue(fatalWarnings),
                Files = parsed.GetValue(files) ?? [],
            },
            errors).Run());
        return command;
    }

    private static void Need(CommandResult result, Option option, Option needed)
    {
        if (result.GetResult(option) is { Implicit: false } && result.GetResult(needed) is null)
        {
            result.AddError($"{option.Name} says how the descriptor set is written: give {needed.Name}, too.");
        }
    }
}
