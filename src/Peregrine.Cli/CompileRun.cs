// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Peregrine.Protobuf.Compiler;
using Peregrine.Protobuf.Compiler.CSharp;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;

namespace Peregrine.Cli;

/// <summary>One run of <c>peregrine compile</c>: resolve, compile, report, write.</summary>
internal sealed class CompileRun(CompileSettings settings, TextWriter errors)
{
    private readonly List<string> _written = [];

    /// <summary>Runs it.</summary>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    public int Run()
    {
        if (!TryParseOptions(out var messages, out var services))
        {
            return ExitCode.Usage;
        }

        var resolver = new ImportResolver();
        foreach (var path in settings.ProtoPaths.Count == 0 ? ["."] : settings.ProtoPaths)
        {
            AddSearchPath(resolver, path);
        }

        var result = new Compilation(resolver).Compile(settings.Files.Select(file => ImportPath(resolver, file)));
        foreach (var diagnostic in result.Diagnostics)
        {
            DiagnosticRenderer.Render(errors, diagnostic, settings.ErrorFormat, UseColor);
        }

        var warned = result.Diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Warning);
        if (!result.Success || (settings.FatalWarnings && warned))
        {
            return ExitCode.Failure;
        }

        try
        {
            Write(result, messages, services);
            return ExitCode.Success;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The file system, or two outputs of one name: the message says which file.
            errors.WriteLine("peregrine: " + exception.Message);
            return ExitCode.Failure;
        }
    }

    private bool UseColor => ReferenceEquals(errors, Console.Error) && !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null or "";

    private void Write(CompilationResult result, (string Directory, CSharpGeneratorOptions Options)? messages,
        (string Directory, CSharpGeneratorOptions Options)? services)
    {
        var roots = result.Roots.Select(file => file.Path).ToList();
        foreach (var output in new[] { messages, services })
        {
            if (output is not var (directory, options))
            {
                continue;
            }

            if (!Directory.Exists(directory))
            {
                Directory.CreateDirectory(directory);
            }

            var descriptors = result.Files.Select(file => file.Descriptor).ToList();
            foreach (var file in CSharpGenerator.Generate(descriptors, roots, options))
            {
                new OutputDirectory(directory).Write(file);
                _written.Add(Path.Combine(directory, file.Name));
            }
        }

        if (settings.DescriptorSetOut is { } path)
        {
            WriteDescriptorSet(result, path);
            _written.Add(path);
        }

        if (settings.DependencyOut is { } dependencies)
        {
            WriteDependencies(result, dependencies);
        }
    }

    private void WriteDescriptorSet(CompilationResult result, string path)
    {
        using var output = File.Create(path);
        DescriptorSet.Write(output, DescriptorSet.Order(result, settings.IncludeImports), (settings.RetainOptions, settings.IncludeSourceInfo) switch
        {
            (true, true) => DescriptorForms.RetainedWithSourceInfo,
            (true, false) => DescriptorForms.RetainedWithoutSourceInfo,
            (false, true) => DescriptorForms.WithSourceInfo,
            (false, false) => DescriptorForms.WithoutSourceInfo,
        });
    }

    // As protoc writes it: outputs, a colon, inputs, each continued line ending in a backslash.
    private void WriteDependencies(CompilationResult result, string path)
    {
        var inputs = result.Files.Where(file => file.DiskPath is not null).Select(file => Escape(file.DiskPath!));
        File.WriteAllText(path, string.Join(" \\\n", _written.Select(Escape)) + ": " + string.Join("\\\n ", inputs));

        static string Escape(string name) => name.Replace(" ", "\\ ", StringComparison.Ordinal);
    }

    private static string ImportPath(ImportResolver resolver, string file) =>
        File.Exists(file) && resolver.TryGetImportPath(file, out var importPath) ? importPath : file.Replace('\\', '/');

    private static void AddSearchPath(ImportResolver resolver, string text)
    {
        foreach (var path in text.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = path.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && !Directory.Exists(path))
            {
                resolver.AddSearchPath(path[(equals + 1)..], path[..equals]);
            }
            else
            {
                resolver.AddSearchPath(path);
            }
        }
    }

    private bool TryParseOptions(
        out (string Directory, CSharpGeneratorOptions Options)? messages,
        out (string Directory, CSharpGeneratorOptions Options)? services)
    {
        messages = null;
        services = null;
        if (settings.CSharpOut is { } csharp)
        {
            var (inline, directory) = SplitOutput(csharp);
            if (!TryParseOptions("--csharp_opt", new CSharpGeneratorOptions(), [inline, .. settings.CSharpOptions], out var options))
            {
                return false;
            }

            messages = (directory, settings.GrpcOut is null ? options : options with { Services = GrpcServices.None });
        }

        if (settings.GrpcOut is { } grpc)
        {
            var (inline, directory) = SplitOutput(grpc);
            var initial = new CSharpGeneratorOptions { Messages = false };
            if (!TryParseOptions("--grpc_opt", initial, [inline, .. settings.GrpcOptions], out var options))
            {
                return false;
            }

            services = (directory, options);
        }

        return true;
    }

    private bool TryParseOptions(string flag, CSharpGeneratorOptions initial, IEnumerable<string> texts, out CSharpGeneratorOptions options)
    {
        options = initial;
        foreach (var text in texts)
        {
            if (!options.TryParse(text, out options, out var error))
            {
                errors.WriteLine($"peregrine: {flag}: {error}");
                return false;
            }
        }

        return true;
    }

    // OPTIONS:DIR, as protoc has it; a single letter before the colon is a Windows drive.
    private static (string Options, string Directory) SplitOutput(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon is -1 or 1 ? ("", text) : (text[..colon], text[(colon + 1)..]);
    }
}
