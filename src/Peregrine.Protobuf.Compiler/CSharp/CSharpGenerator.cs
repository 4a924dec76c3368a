// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Peregrine.Protobuf.Compiler.CSharp.Model;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>Turns file descriptors into C#: one file for messages and enums, one for services, per .proto file.</summary>
/// <remarks>The same input gives the same bytes on every machine. Thread-safe: it has no state.</remarks>
public static class CSharpGenerator
{
    /// <summary>Generates the C# of some files.</summary>
    /// <param name="files">The files with everything they import, imports first, with source information for comments.</param>
    /// <param name="generate">The import paths of the files to generate.</param>
    /// <param name="options">The options.</param>
    /// <returns>The files to write; a .proto file without services gives no second file.</returns>
    /// <exception cref="ArgumentException">The files do not belong together: a type or a file is missing.</exception>
    /// <exception cref="CSharpGeneratorException">What would be generated would not compile, or not fit one folder.</exception>
    public static IReadOnlyList<GeneratedFile> Generate(
        IReadOnlyList<FileDescriptorProto> files, IEnumerable<string> generate, CSharpGeneratorOptions options) =>
        Generate(new LinkedFiles(files), generate, options);

    /// <summary>Generates the C# of some files that are linked already.</summary>
    /// <param name="files">The files with everything they import.</param>
    /// <param name="generate">The import paths of the files to generate.</param>
    /// <param name="options">The options.</param>
    /// <returns>The files to write; a .proto file without services gives no second file.</returns>
    /// <exception cref="ArgumentException">A file to generate is not among the files.</exception>
    /// <exception cref="CSharpGeneratorException">What would be generated would not compile, or not fit one folder.</exception>
    public static IReadOnlyList<GeneratedFile> Generate(
        LinkedFiles files, IEnumerable<string> generate, CSharpGeneratorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var models = Find(files, generate);
        TypeClashes.Check(models);
        var result = new List<GeneratedFile>();
        var origins = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in models)
        {
            if (options.Messages)
            {
                Add(OutputName(file, CSharpNames.FileStem(file.Path) + options.FileExtension, options), FileEmitter.Emit(file, options));
            }

            if (options.Services != GrpcServices.None && file.Services.Count > 0)
            {
                var suffix = options.ServiceFileSuffix ?? "Grpc" + options.FileExtension;
                Add(OutputName(file, CSharpNames.ServiceFileStem(file.Path) + suffix, options), ServiceEmitter.Emit(file, options));
            }

            void Add(string name, string text)
            {
                if (!origins.TryAdd(name, file.Path))
                {
                    throw new CSharpGeneratorException(
                        $"Both \"{origins[name]}\" and \"{file.Path}\" would be written to \"{name}\". "
                        + "Generate them into different folders, or use base_namespace.");
                }

                result.Add(new GeneratedFile(name, text));
            }
        }

        return result;
    }

    /// <summary>
    /// Checks that the C# of some files can be one assembly, whatever calls of <see cref="Generate(LinkedFiles, IEnumerable{string},
    /// CSharpGeneratorOptions)"/> it comes from: each of these checks only its own files and what they import.
    /// </summary>
    /// <param name="files">The files with everything they import.</param>
    /// <param name="generate">The import paths of the files that go into the assembly.</param>
    /// <exception cref="ArgumentException">A file to generate is not among the files.</exception>
    /// <exception cref="CSharpGeneratorException">Two of the files declare the same C# name.</exception>
    public static void CheckNames(LinkedFiles files, IEnumerable<string> generate) => TypeClashes.Check(Find(files, generate));

    /// <summary>Whether the runtime already has the types of a file, by its import path: a project does not generate it again.</summary>
    /// <param name="path">The import path.</param>
    public static bool IsShipped(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return CSharpNames.IsBuiltIn(path) || CSharpNames.IsGoogleApi(path);
    }

    private static List<FileModel> Find(LinkedFiles files, IEnumerable<string> generate)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(generate);
        return
        [
            .. generate.Distinct().Select(path => files.Models.TryGetValue(path, out var file)
                ? file
                : throw new ArgumentException($"The file to generate, \"{path}\", is not among the file descriptors.")),
        ];
    }

    // What a descriptor says must not lead out of the output folder: the parts are identifiers, checked where they are not.
    private static string OutputName(FileModel file, string name, CSharpGeneratorOptions options)
    {
        if (options.BaseNamespace is { } root)
        {
            var rest = file.Namespace;
            if (root.Length != 0)
            {
                if (rest != root && !rest.StartsWith(root + ".", StringComparison.Ordinal))
                {
                    throw new CSharpGeneratorException(
                        $"The namespace \"{file.Namespace}\" of \"{file.Path}\" does not begin with the base_namespace \"{root}\".");
                }

                rest = rest.Length == root.Length ? "" : rest[(root.Length + 1)..];
            }

            name = rest.Length == 0 ? name : rest.Replace('.', '/') + "/" + name;
        }

        if (Path.IsPathRooted(name) || name.Split('/', '\\').Any(part => part is "" or "." or ".."))
        {
            throw new CSharpGeneratorException($"\"{file.Path}\" gives the output name \"{name}\", which leads out of the folder.");
        }

        return name;
    }
}
