// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Compiler;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Output;
using Peregrine.Protobuf.Compiler.Sources;

namespace Peregrine.Cli;

/// <summary>One run of <c>peregrine compile</c>: resolve, compile, report, write.</summary>
internal sealed class CompileRun(CompileSettings settings, TextWriter output, TextWriter errors, ByteStreams streams)
{
    /// <summary>Runs it.</summary>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    public int Run()
    {
        var generators = new GeneratorRun(settings);
        if (!generators.TryPrepare(out var problem, out var code) || !TryResolve(out var resolver, out var files, out problem))
        {
            Tell("peregrine: " + problem);
            return code;
        }

        var result = new Compilation(resolver!, new CompilationOptions { Forms = SetForm | generators.Forms | FormsRead }).Compile(files!);

        // Errors first: they are why nothing is written.
        foreach (var diagnostic in result.Diagnostics.OrderBy(diagnostic => diagnostic.Severity))
        {
            DiagnosticRenderer.Render(errors, diagnostic, settings.ErrorFormat, UseColor);
        }

        var warned = result.Diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Warning);
        if (!result.Success || (settings.FatalWarnings && warned) || !IsAllowed(result))
        {
            return ExitCode.Failure;
        }

        try
        {
            if (settings.PrintFreeFieldNumbers)
            {
                foreach (var root in result.Roots)
                {
                    FreeFieldNumbers.Print(output, root.Descriptor);
                }

                return ExitCode.Success;
            }

            if (settings.Codec != CodecMode.None)
            {
                return new MessageCodec(settings, errors, streams, UseColor).Run(result.Files.Select(file => file.Descriptor));
            }

            if (!generators.TryGenerate(result, out problem))
            {
                Tell("peregrine: " + problem);
                return ExitCode.Failure;
            }

            generators.Write();
            WriteDependencies(result, generators.Written);
            WriteDescriptorSet(result);
            WriteEditionDefaults(result);
            return ExitCode.Success;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException)
        {
            // The file system, or a name that leads out of its folder: the message says which file.
            Tell("peregrine: " + exception.Message);
            return ExitCode.Failure;
        }
    }

    private DescriptorForms SetForm => settings.DescriptorSetOut is null ? DescriptorForms.None : (settings.RetainOptions, settings.IncludeSourceInfo) switch
    {
        (true, true) => DescriptorForms.RetainedWithSourceInfo,
        (true, false) => DescriptorForms.RetainedWithoutSourceInfo,
        (false, true) => DescriptorForms.WithSourceInfo,
        (false, false) => DescriptorForms.WithoutSourceInfo,
    };

    // What this class itself looks into.
    private DescriptorForms FormsRead => settings.PrintFreeFieldNumbers || settings.DisallowServices || settings.EditionDefaultsOut is not null || settings.Codec != CodecMode.None
        ? DescriptorForms.WithSourceInfo : DescriptorForms.None;

    private bool UseColor => ReferenceEquals(errors, Console.Error) && !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null or "";

    private bool TryResolve(out ImportResolver? resolver, out List<string>? files, out string? problem)
    {
        resolver = new ImportResolver();
        files = [];
        problem = null;
        var paths = settings.ProtoPaths;
        if (paths.Count == 0 && settings.DescriptorSetsIn.Count == 0)
        {
            paths = [.. ImportRoots.Infer(settings.Files, [], ".").Select(root => ("", root))];
        }

        foreach (var (prefix, directory) in paths)
        {
            resolver.AddSearchPath(directory, prefix);
        }

        foreach (var set in settings.DescriptorSetsIn)
        {
            try
            {
                resolver.AddDescriptorSet(InputBytes.ReadFile(set, InputBytes.MaxMessages));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
            {
                problem = $"The descriptor set \"{set}\" cannot be read: {exception.Message}";
                return false;
            }
        }

        foreach (var file in settings.Files)
        {
            if (!File.Exists(file) || paths.Count == 0)
            {
                files.Add(file.Replace('\\', '/'));
            }
            else if (resolver.TryGetImportPath(file, out var importPath))
            {
                files.Add(importPath);
            }
            else if (resolver.Contains(file))
            {
                files.Add(file);
            }
            else
            {
                problem = $"The file \"{file}\" does not lie below a --proto_path directory, or another file of the same name hides it there. "
                    + $"Tried: {string.Join(", ", paths.Select(path => path.Directory))}.";
                return false;
            }
        }

        return true;
    }

    private bool IsAllowed(CompilationResult result)
    {
        var allowed = true;
        foreach (var root in result.Roots)
        {
            if (settings.DisallowServices && root.Descriptor.Service.Count > 0)
            {
                Tell($"{root.Path}: This file contains services, but --disallow_services was used.");
                allowed = false;
            }

            allowed &= AreDeclared(root, root.Imports, settings.DirectDependencies, settings.DirectDependenciesMessage);
            allowed &= AreDeclared(root, root.OptionImports, settings.OptionDependencies, settings.OptionDependenciesMessage);
        }

        return allowed;
    }

    private bool AreDeclared(CompiledFile file, IReadOnlyList<string> imports, HashSet<string>? declared, string message)
    {
        var others = declared is null ? [] : imports.Where(import => !declared.Contains(import)).ToList();
        foreach (var import in others)
        {
            Tell($"{file.Path}: {message.Replace("%s", import, StringComparison.Ordinal)}");
        }

        return others.Count == 0;
    }

    // What plugins say may have several lines.
    private void Tell(string text) => errors.WriteLine(DisplayText.Lines(text));

    private void WriteDescriptorSet(CompilationResult result)
    {
        if (settings.DescriptorSetOut is not { } path)
        {
            return;
        }

        WholeFile.Write(path, file => DescriptorSet.Write(file, DescriptorSet.Order(result, settings.IncludeImports), SetForm));
    }

    private void WriteEditionDefaults(CompilationResult result)
    {
        if (settings.EditionDefaultsOut is { } path)
        {
            var defaults = FeatureDefaults.Compile(result.Files.Select(file => file.Descriptor), settings.EditionDefaultsMinimum, settings.EditionDefaultsMaximum);
            WholeFile.Write(path, file => file.Write(defaults.ToByteArray()));
        }
    }

    // As protoc writes it: outputs, a colon, inputs, each continued line ending in a backslash. Files that come with the compiler are on
    // no disk. Unlike protoc's, the rule is good for names with blanks.
    private void WriteDependencies(CompilationResult result, IReadOnlyList<string> written)
    {
        if (settings.DependencyOut is not { } path)
        {
            return;
        }

        string[] outputs = [.. written, .. new[] { settings.DescriptorSetOut, settings.EditionDefaultsOut }.OfType<string>()];
        var inputs = DescriptorSet.Order(result, includeImports: true).Where(file => file.DiskPath is not null).Select(file => " " + Escape(file.DiskPath!));
        var rule = outputs.Length == 0 ? "" : string.Join(" \\\n", outputs.Select(Escape)) + ":" + string.Join("\\\n", inputs);
        WholeFile.Write(path, file => file.Write(Encoding.UTF8.GetBytes(rule)));

        static string Escape(string name) => name.Replace(" ", "\\ ", StringComparison.Ordinal);
    }
}
