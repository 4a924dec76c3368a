// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Peregrine.Protobuf.Compiler;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;

namespace Peregrine.Cli.Schema;

/// <summary>Compiles .proto files for the commands that look at them, and tells their errors.</summary>
internal static class ProtoCompilation
{
    /// <summary>Where imports are looked up for files and folders: what the user says, or what the files imply.</summary>
    public static IReadOnlyList<string> Roots(IReadOnlyList<string> protos, IReadOnlyList<string> importPaths, IReadOnlyList<string> excludes) =>
        importPaths.Count > 0 ? importPaths : [.. ImportRoots.Infer([.. protos.SelectMany(path => Expand(path, excludes))], [], protos is [var only] && Directory.Exists(only) ? only : ".")];

    /// <summary>Compiles files of this machine.</summary>
    /// <param name="protos">.proto files, and folders of them.</param>
    /// <param name="importPaths">Where imports are looked up; none for what the files imply.</param>
    /// <param name="terminal">Where errors go.</param>
    /// <param name="excludes">Folders whose files are left out, and files; none if null.</param>
    /// <param name="filter">Which of the files are compiled; all if null.</param>
    /// <exception cref="ToolException">A file cannot be read, or does not compile.</exception>
    public static CompilationResult Compile(IReadOnlyList<string> protos, IReadOnlyList<string> importPaths, Terminal terminal, IReadOnlyList<string>? excludes = null, PathFilter? filter = null)
    {
        List<string> files = [.. protos.SelectMany(path => Expand(path, excludes ?? [])).Where((filter ?? PathFilter.All).Takes)];
        var resolver = new ImportResolver();
        var roots = Roots(protos, importPaths, excludes ?? []);
        foreach (var root in roots)
        {
            resolver.AddSearchPath(root);
        }

        List<string> names = [];
        foreach (var file in files)
        {
            names.Add(
                resolver.TryGetImportPath(file, out var importPath) ? importPath
                : !File.Exists(file) && resolver.Contains(file) ? file
                : throw new ToolException(File.Exists(file)
                    ? $"The file \"{file}\" does not lie below an --import-path directory, or another file of the same name hides it there. Tried: {string.Join(", ", roots)}."
                    : $"There is no file or folder \"{file}\". Tried: {string.Join(", ", roots.Select(root => Path.Combine(root, file)))}."));
        }

        return Compile(resolver, names, terminal);
    }

    /// <summary>Compiles files that a resolver knows.</summary>
    /// <exception cref="ToolException">They do not compile.</exception>
    public static CompilationResult Compile(ImportResolver resolver, IEnumerable<string> names, Terminal terminal)
    {
        var result = new Compilation(resolver, new CompilationOptions { Forms = DescriptorForms.WithSourceInfo }).Compile(names.Distinct());
        if (!result.Success)
        {
            foreach (var diagnostic in result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
            {
                DiagnosticRenderer.Render(terminal.Errors, diagnostic, DiagnosticFormat.Text, terminal.ErrorsUseColor);
            }

            throw new ToolException("The .proto files have errors; they are above.");
        }

        return result;
    }

    private static List<string> Expand(string path, IReadOnlyList<string> excludes)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }

        List<string> files =
        [
            .. ProtoFolder.Files(path).Where(file => !excludes.Any(exclude => PathFilter.IsWithin(file, exclude))).Order(StringComparer.Ordinal),
        ];
        return files.Count > 0 ? files : throw new ToolException($"The folder \"{path}\" holds no .proto file.");
    }
}
