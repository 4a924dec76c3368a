// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Unicode;
using Peregrine.Protobuf.Compiler;
using Peregrine.Protobuf.Compiler.CSharp;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Formatting;
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

    /// <summary>Formats a text twice, and compiles it and what came of it. Ends the process if that takes longer than the limit.</summary>
    /// <param name="seed">The seed that the text takes the place of.</param>
    /// <param name="text">The text.</param>
    /// <param name="describe">Says what is formatted, for the report of an endless run.</param>
    /// <param name="misformed">What is wrong with the formatted text; null if nothing is, or if there is none.</param>
    /// <returns>What the compiler says of the text itself.</returns>
    public Outcome Format(Seed seed, byte[] text, Func<string> describe, out Disagreement? misformed)
    {
        Outcome? outcome = null;
        Disagreement? found = null;
        Run(() => outcome = FormatHere(seed, text, out found), describe);
        misformed = found;
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

    private Outcome FormatHere(Seed seed, byte[] text, out Disagreement? misformed)
    {
        misformed = null;
        Outcome plain = CompileHere(seed, text, withBytes: false);
        FormatResult formatted = ProtoFormatter.Format(text);
        if (formatted.Text is not { } once)
        {
            // A file that no other imports may be wrong.
            bool isExplained = formatted.Diagnostics.Count > 0 && (!plain.IsAccepted || !seed.Files.Contains(seed.Path) || !Utf8.IsValid(text));
            misformed = isExplained ? null : new Disagreement(DisagreementKind.Format, "a valid file is refused");
            return plain;
        }

        Outcome pretty = CompileHere(seed, Encoding.UTF8.GetBytes(once), withBytes: false);
        misformed = ProtoFormatter.Format(once).Text != once ? new Disagreement(DisagreementKind.Format, "the text changes when it is formatted again")
            : plain.IsAccepted && !pretty.IsAccepted ? new Disagreement(DisagreementKind.Format, $"the formatted text is invalid: {pretty.Message}")
            : !plain.DescriptorSet.AsSpan().SequenceEqual(pretty.DescriptorSet) ? new Disagreement(DisagreementKind.Format, "the descriptors differ")
            : null;
        return plain;
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
