// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler;
using Peregrine.Protobuf.Compiler.CSharp;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;

namespace CompilerFuzz;

/// <summary>Compiles in process, on a thread with the stack that the smallest platform gives.</summary>
internal sealed class PeregrineRun(IReadOnlyList<string> includes, TimeSpan limit)
{
    private const int StackSize = 1 << 20;

    /// <summary>The bytes that the last compilation allocated.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>What the last compilation threw, or null.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Compiles a text in place of its seed's. Ends the process if that takes longer than the limit.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="text">The text.</param>
    /// <param name="withBytes">Whether the descriptor set is wanted.</param>
    /// <param name="describe">Says what is compiled, for the report of an endless run.</param>
    public Outcome Compile(Seed seed, byte[] text, bool withBytes, Func<string> describe)
    {
        Outcome? outcome = null;
        Run(() => outcome = CompileHere(seed, text, withBytes), describe);
        return outcome ?? new Outcome(false, null, Failure!.GetType().Name, [], []);
    }

    /// <summary>
    /// Compiles files and, if they are valid, generates their C#, as <c>peregrine compile --csharp_out</c> does. Ends the process if that
    /// takes longer than the limit.
    /// </summary>
    /// <param name="files">The files: their import paths and their bytes.</param>
    /// <param name="describe">Says what is compiled, for the report of an endless run.</param>
    /// <returns>Whether C# was generated.</returns>
    public bool Generate(IReadOnlyList<(string Path, byte[] Text)> files, Func<string> describe)
    {
        bool isGenerated = false;
        Run(() => isGenerated = GenerateHere(files), describe);
        return isGenerated;
    }

    private void Run(Action work, Func<string> describe)
    {
        Failure = null;
        Thread thread = new(() =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                work();
            }
            catch (Exception e)
            {
                // Any exception at all is a finding.
                Failure = e;
            }

            AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }, StackSize);
        thread.Start();
        if (!thread.Join(limit))
        {
            Console.WriteLine($"HANG: no end after {limit.TotalSeconds:0} s: {describe()}");
            Environment.Exit(ExitCode.Hang);
        }
    }

    private static bool GenerateHere(IReadOnlyList<(string Path, byte[] Text)> files)
    {
        ImportResolver resolver = new();
        foreach ((string path, byte[] text) in files)
        {
            resolver.AddBytes(path, text);
        }

        CompilationResult result = new Compilation(resolver).Compile([.. files.Select(file => file.Path)]);
        if (!result.Success)
        {
            return false;
        }

        LinkedFiles linked = new([.. result.Files.Select(file => file.Descriptor)]);
        CSharpGenerator.Generate(linked, files.Select(file => file.Path), new CSharpGeneratorOptions());
        return true;
    }

    private Outcome CompileHere(Seed seed, byte[] text, bool withBytes)
    {
        ImportResolver resolver = new();
        resolver.AddBytes(seed.Path, text);
        resolver.AddSearchPath(seed.Directory);
        foreach (string include in includes)
        {
            resolver.AddSearchPath(include);
        }

        CompilationResult result = new Compilation(resolver).Compile(seed.Files);
        List<string> warnings = [];
        Diagnostic? error = null;
        foreach (Diagnostic diagnostic in result.Diagnostics)
        {
            if (diagnostic.Severity == DiagnosticSeverity.Warning)
            {
                warnings.Add(Place(diagnostic));
            }
            else
            {
                error ??= diagnostic;
            }
        }

        MemoryStream set = new();
        if (result.Success)
        {
            foreach (CompiledFile file in result.Files)
            {
                DescriptorSets.Add(set, withBytes ? file.Serialized.Span : file.SerializedWithoutSourceInfo.Span);
            }
        }

        return new Outcome(result.Success, error is null || error.Line == 0 ? null : Place(error), error is null ? "" : $"{error.Id} {error.Message}", warnings, set.ToArray());
    }

    private static string Place(Diagnostic diagnostic) => $"{diagnostic.Path}:{diagnostic.Line}:{diagnostic.Column}";
}
