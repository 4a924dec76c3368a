// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Peregrine.Protobuf.Compiler;
using Peregrine.Protobuf.Compiler.CSharp;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Output;
using Peregrine.Protobuf.Compiler.Sources;

namespace Peregrine.Build;

/// <summary>Compiles the items of a request, writes the C#, and leaves the lists by which the targets know inputs and outputs.</summary>
/// <remarks>
/// The lists are <c>STATE.inputs</c> (every file that was read), <c>STATE.outputs</c> (what the project compiles) and <c>STATE.written</c>
/// (everything written, to be cleaned). They are written last and only when nothing failed, so that a failed run is run again.
/// </remarks>
internal sealed class ProtobufBuild(BuildRequest request, TextWriter log)
{
    private readonly SortedSet<string> _inputs = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _outputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _written = new(StringComparer.Ordinal);
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);

    /// <summary>Runs the request.</summary>
    /// <returns>Whether there was no error.</returns>
    public bool Run()
    {
        var success = true;
        foreach (var group in request.Items.GroupBy(item => (item.Root, Imports: string.Join('|', item.ImportDirectories))))
        {
            success &= Compile([.. group]);
        }

        if (!success)
        {
            return false;
        }

        RemoveStale();
        WriteList("inputs", _inputs);
        WriteList("written", _written.Keys);
        WriteList("outputs", _outputs);
        return true;
    }

    // Items with the same roots are compiled together: what they import is read once.
    private bool Compile(IReadOnlyList<BuildItem> items)
    {
        var resolver = new ImportResolver();
        resolver.AddSearchPath(items[0].Root);
        foreach (var directory in items[0].ImportDirectories)
        {
            resolver.AddSearchPath(directory);
        }

        var success = true;
        var importPaths = new Dictionary<BuildItem, string>();
        foreach (var item in items)
        {
            if (!File.Exists(item.Path))
            {
                success = Fail(item, "PRG9002", "The file does not exist.");
            }
            else if (resolver.TryGetImportPath(item.Path, out var importPath))
            {
                importPaths.Add(item, importPath);
            }
            else
            {
                success = Fail(
                    item, "PRG9003",
                    $"The file does not lie below its ProtoRoot \"{item.Root}\", or another file hides it there. Set ProtoRoot to a directory above it.");
            }
        }

        var result = new Compilation(resolver, new CompilationOptions()).Compile(importPaths.Values.Distinct());
        foreach (var diagnostic in result.Diagnostics)
        {
            Report(diagnostic);
        }

        if (!success || !result.Success)
        {
            return false;
        }

        foreach (var file in result.Files)
        {
            if (file.DiskPath is { } path)
            {
                _inputs.Add(Path.GetFullPath(path));
            }
        }

        var descriptors = result.Files.Select(file => file.Descriptor).ToList();
        foreach (var (item, importPath) in importPaths)
        {
            var options = new CSharpGeneratorOptions { Services = item.Services, InternalAccess = item.InternalAccess };
            var directory = new OutputDirectory(item.OutputDirectory);
            foreach (var file in CSharpGenerator.Generate(descriptors, [importPath], options))
            {
                success &= Write(item, directory, file);
            }
        }

        return success;
    }

    private bool Write(BuildItem item, OutputDirectory directory, GeneratedFile file)
    {
        var planned = Path.Combine(item.OutputDirectory, file.Name);
        if (_written.TryGetValue(planned, out var other) && other != item.Path)
        {
            return Fail(item, "PRG9004", $"Both this file and \"{other}\" are generated into \"{planned}\". Give one of them another OutputDir.");
        }

        var path = directory.Write(file);
        _written[path] = item.Path;
        if (item.CompileOutputs)
        {
            _outputs.Add(path);
        }

        return true;
    }

    // An error inside an import is found once per group of items; it is told once.
    private void Report(Diagnostic diagnostic)
    {
        using var text = new StringWriter();
        DiagnosticRenderer.Render(text, diagnostic, DiagnosticFormat.Msvs);
        if (_reported.Add(text.ToString()))
        {
            log.Write(text);
        }
    }

    private bool Fail(BuildItem item, string id, string message)
    {
        log.WriteLine($"{item.Path} : error {id}: {message}");
        return false;
    }

    // Files of the run before that this one does not write any more: a renamed .proto must not leave its old class behind.
    private void RemoveStale()
    {
        var list = request.State + ".written";
        if (!File.Exists(list))
        {
            return;
        }

        foreach (var path in File.ReadAllLines(list).Where(path => path.Length != 0 && !_written.ContainsKey(path)))
        {
            File.Delete(path);
        }
    }

    private void WriteList(string name, IEnumerable<string> lines)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(request.State)!);
        File.WriteAllLines($"{request.State}.{name}", lines);
    }
}
