// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Peregrine.Protobuf.Compiler;
using Peregrine.Protobuf.Compiler.CSharp;
using Peregrine.Protobuf.Compiler.Output;
using Peregrine.Protobuf.Compiler.Plugin;

namespace Peregrine.Cli;

/// <summary>
/// Runs the generators of one command line, in their order, and writes what they made. Those with the same location share a tree, so that
/// one can insert into the files of another.
/// </summary>
internal sealed class GeneratorRun(CompileSettings settings)
{
    private readonly List<(OutputDirective Output, ICodeGenerator Generator, string Parameter, string Name)> _generators = [];
    private readonly SortedDictionary<string, OutputTree> _trees = new(StringComparer.Ordinal);
    private readonly List<string> _written = [];

    /// <summary>The files that <see cref="Write"/> wrote.</summary>
    public IReadOnlyList<string> Written => _written;

    /// <summary>The forms of descriptors that the generators are given.</summary>
    public DescriptorForms Forms => _generators.Aggregate(DescriptorForms.None, (forms, each) => forms | DescriptorForms.WithSourceInfo
        | (each.Generator is PluginProcess ? DescriptorForms.RetainedWithSourceInfo : DescriptorForms.None));

    /// <summary>Finds the generators.</summary>
    /// <param name="problem">What is wrong; null on success.</param>
    /// <param name="code">The exit code that this means.</param>
    public bool TryPrepare(out string? problem, out int code)
    {
        code = ExitCode.Failure;
        problem = null;
        foreach (var output in settings.Outputs)
        {
            var plugin = "protoc-gen-" + output.Name;
            var parameter = string.Join(',', settings.Parameters.GetValueOrDefault(output.Name, []).Prepend(output.Parameter).Where(text => text.Length != 0));
            if (output.Location.Length == 0)
            {
                problem = $"{output.Flag} names no folder. The current one is \".\".";
                code = ExitCode.Usage;
                return false;
            }

            if (settings.Plugins.TryGetValue(plugin, out var path))
            {
                _generators.Add((output, new PluginProcess(plugin, PluginPath.Resolve(path)), parameter, plugin));
            }
            else if (BuiltIn(output.Name) is { } options)
            {
                if (!options.TryParse(parameter, out _, out problem))
                {
                    problem = $"--{output.Name}_opt: {problem}";
                    code = ExitCode.Usage;
                    return false;
                }

                _generators.Add((output, new CSharpCodeGenerator(options), parameter, output.Flag));
            }
            else if (PluginPath.Find(plugin) is { } found)
            {
                _generators.Add((output, new PluginProcess(plugin, found), parameter, plugin));
            }
            else
            {
                problem = $"{output.Flag}: The plugin {plugin} was not found in PATH. Install it, or name it by --plugin={plugin}=FILE. "
                    + "Built in are csharp and grpc.";
                return false;
            }
        }

        return true;
    }

    /// <summary>Runs the generators.</summary>
    /// <param name="result">What was compiled.</param>
    /// <param name="problem">What is wrong; null on success.</param>
    public bool TryGenerate(CompilationResult result, out string? problem)
    {
        var request = CodeGeneratorRequest.Create(result, "");
        foreach (var (output, generator, parameter, name) in _generators)
        {
            var location = Location(output.Location);
            if (!_trees.TryGetValue(location, out var tree))
            {
                _trees.Add(location, tree = new OutputTree());
            }

            if (CodeGeneratorCall.Run(generator, name, request.WithParameter(parameter), result, tree) is { } wrong)
            {
                problem = $"{output.Flag}: {wrong}";
                return false;
            }
        }

        problem = null;
        return true;
    }

    /// <summary>Writes the files.</summary>
    /// <exception cref="ArgumentException">A name leads out of its folder.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be written.</exception>
    public void Write()
    {
        foreach (var (location, tree) in _trees)
        {
            if (OutputArchive.IsArchive(location))
            {
                if (location.EndsWith(".jar", StringComparison.Ordinal))
                {
                    OutputArchive.AddManifest(tree);
                }

                WholeFile.Write(location, file => OutputArchive.Write(file, tree));
                _written.AddRange(tree.Files.Keys.Select(name => location + name));
                continue;
            }

            // make compares times: with a rule for it, every output is newer than its inputs.
            var directory = new OutputDirectory(location, touchUnchanged: settings.DependencyOut is not null);
            foreach (var (name, content) in tree.Files)
            {
                directory.Write(name, content);
                _written.Add(location.StartsWith("./", StringComparison.Ordinal) ? location[2..] + name : location + name);
            }
        }
    }

    private CSharpGeneratorOptions? BuiltIn(string name) => name switch
    {
        "csharp" => new CSharpGeneratorOptions
        {
            Services = settings.Outputs.Exists(output => output.Name == "grpc") ? GrpcServices.None : GrpcServices.Both,
        },
        "grpc" => new CSharpGeneratorOptions { Messages = false },
        _ => null,
    };

    private static string Location(string location) =>
        OutputArchive.IsArchive(location) || location.EndsWith('/') || Path.EndsInDirectorySeparator(location) ? location : location + "/";
}
