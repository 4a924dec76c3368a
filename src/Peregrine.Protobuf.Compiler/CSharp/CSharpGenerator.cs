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
    /// <exception cref="ArgumentException">
    /// The files do not belong together: a type or a file is missing, or two outputs have the same name.
    /// </exception>
    public static IReadOnlyList<GeneratedFile> Generate(
        IReadOnlyList<FileDescriptorProto> files, IEnumerable<string> generate, CSharpGeneratorOptions options)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(generate);
        ArgumentNullException.ThrowIfNull(options);
        var models = ModelBuilder.Build(files);
        var result = new List<GeneratedFile>();
        var origins = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var path in generate.Distinct())
        {
            if (!models.TryGetValue(path, out var file))
            {
                throw new ArgumentException($"The file to generate, \"{path}\", is not among the file descriptors.", nameof(generate));
            }

            if (options.Messages)
            {
                Add(new GeneratedFile(OutputName(file, options.FileExtension, options), FileEmitter.Emit(file, options)));
            }

            if (options.Services != GrpcServices.None && file.Services.Count > 0)
            {
                Add(new GeneratedFile(OutputName(file, options.ServiceFileSuffix ?? "Grpc" + options.FileExtension, options), ServiceEmitter.Emit(file, options)));
            }

            void Add(GeneratedFile output)
            {
                if (!origins.TryAdd(output.Name, path))
                {
                    throw new ArgumentException(
                        $"Both \"{origins[output.Name]}\" and \"{path}\" would be written to \"{output.Name}\". "
                        + "Generate them into different folders, or use base_namespace.", nameof(generate));
                }

                result.Add(output);
            }
        }

        return result;
    }

    // What a descriptor says must not lead out of the output folder: the parts are identifiers, checked where they are not.
    private static string OutputName(FileModel file, string suffix, CSharpGeneratorOptions options)
    {
        var name = CSharpNames.FileStem(file.Path) + suffix;
        if (options.BaseNamespace is { } root)
        {
            var rest = file.Namespace;
            if (root.Length != 0)
            {
                if (rest != root && !rest.StartsWith(root + ".", StringComparison.Ordinal))
                {
                    throw new ArgumentException(
                        $"The namespace \"{file.Namespace}\" of \"{file.Path}\" does not begin with the base_namespace \"{root}\".",
                        nameof(options));
                }

                rest = rest.Length == root.Length ? "" : rest[(root.Length + 1)..];
            }

            name = rest.Length == 0 ? name : rest.Replace('.', '/') + "/" + name;
        }

        if (Path.IsPathRooted(name) || name.Split('/', '\\').Any(part => part is "" or "." or ".."))
        {
            throw new ArgumentException($"\"{file.Path}\" gives the output name \"{name}\", which leads out of the folder.", nameof(file));
        }

        return name;
    }
}
