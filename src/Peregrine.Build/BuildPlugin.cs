// SPDX-License-Identifier: Apache-2.0

using System;
using System.IO;
using Peregrine.Protobuf.Compiler;
using Peregrine.Protobuf.Compiler.Output;
using Peregrine.Protobuf.Compiler.Plugin;

namespace Peregrine.Build;

/// <summary>One ProtoPlugin item of a project: a program that generates further files over the plugin protocol.</summary>
/// <param name="Item">What the item names: <c>protoc-gen-x</c>, or a path.</param>
/// <param name="Parameter">What the plugin is told.</param>
/// <param name="OutputDirectory">Where its files go.</param>
/// <param name="CompileOutputs">Whether its C# files are compiled with the project.</param>
internal sealed record BuildPlugin(string Item, string Parameter, string OutputDirectory, bool CompileOutputs)
{
    /// <summary>Reads a line of the request.</summary>
    /// <param name="fields">The line.</param>
    /// <param name="project">The project's directory.</param>
    /// <param name="output">The project's output directory.</param>
    public static BuildPlugin Read(RequestFields fields, string project, string output)
    {
        var item = fields.Required("protoplugin");

        // A name without a folder is looked up as every shell does it; anything else is a file of the project.
        var isPath = item.AsSpan().IndexOfAny('/', '\\') >= 0;
        var name = Path.GetFileNameWithoutExtension(item);
        return new BuildPlugin(
            isPath ? RequestFields.Absolute(item, project) : item,
            string.Join(',', fields.List("parameter")),
            fields.Directory("outputdir", project) ?? Path.Combine(output, name),
            !fields.Text("compile").Equals("false", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The program, or null if there is none.</summary>
    public string? Program => !Path.IsPathRooted(Item) ? PluginPath.Find(Item)
        : PluginPath.Resolve(Item) is var path && File.Exists(path) ? path : null;

    /// <summary>Runs the plugin over what was compiled.</summary>
    /// <param name="result">What was compiled; the plugin generates from the files that were asked for.</param>
    /// <param name="log">Where errors are told.</param>
    /// <returns>The files; none if there was an error.</returns>
    public OutputTree Run(CompilationResult result, BuildLog log)
    {
        var tree = new OutputTree();
        if (Program is not { } program)
        {
            log.Error(Item, "PRG9016", Path.IsPathRooted(Item)
                ? "There is no such program. Correct the path of this ProtoPlugin item."
                : "The program of this ProtoPlugin item is in no directory of PATH. Install it, or give its path.");
            return tree;
        }

        if (CodeGeneratorCall.Run(new PluginProcess(Item, program), Item, CodeGeneratorRequest.Create(result, Parameter), result, tree) is { } problem)
        {
            log.Error(Item, "PRG9015", problem);
        }

        return tree;
    }
}
