// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Emit;
using Peregrine.Protobuf.Compiler.Legalize;
using Peregrine.Protobuf.Compiler.Lowering;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax;

namespace Peregrine.Protobuf.Compiler;

/// <summary>
/// Compiles .proto files to descriptors, in process: text in, descriptors and diagnostics out. No input makes it throw. Safe for
/// use by several threads as long as the resolver does not change.
/// </summary>
public sealed class Compilation
{
    private readonly ImportResolver _resolver;
    private readonly CompilationOptions _options;

    /// <summary>Prepares a compilation.</summary>
    /// <param name="resolver">Where files are found.</param>
    /// <param name="options">What to do, or null for the defaults.</param>
    public Compilation(ImportResolver resolver, CompilationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(resolver);
        _resolver = resolver;
        _options = options ?? new CompilationOptions();
    }

    /// <summary>Compiles files and everything they import.</summary>
    /// <param name="files">Import paths.</param>
    public CompilationResult Compile(params IEnumerable<string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        List<string> roots = [.. files];
        Dictionary<string, CompiledFile> compiled = new(StringComparer.Ordinal);
        List<CompiledFile> ordered = [];
        List<CompiledFile> incomplete = [];
        EmitBehind emitter = new(_options.Forms, _options.MaxDegreeOfParallelism);
        FileLoader loader = new(_resolver, _options.MaxDegreeOfParallelism - 1, Lower, file =>
        {
            if (file.Diagnostics.HasErrors && !_options.IncludeIncomplete)
            {
                return;
            }

            CompiledFile output = new(file);
            if (output.IsComplete)
            {
                compiled.Add(file.Name, output);
            }

            (output.IsComplete ? ordered : incomplete).Add(output);
            emitter.Add(output);
        });
        loader.Load(roots);
        emitter.Complete();

        List<CompiledFile> asked = [];
        foreach (string root in roots)
        {
            if (compiled.TryGetValue(root, out CompiledFile? file))
            {
                asked.Add(file);
            }
        }

        bool success = true;
        foreach (Diagnostic diagnostic in loader.Diagnostics)
        {
            success &= diagnostic.Severity != DiagnosticSeverity.Error;
        }

        return new CompilationResult(success, loader.Diagnostics, ordered, asked, incomplete);
    }

    /// <summary>Compiles one text, which may import the files that come with the compiler.</summary>
    /// <param name="text">The text of a .proto file.</param>
    /// <param name="path">What to call it in errors and in its descriptor.</param>
    /// <param name="options">What to do, or null for the defaults.</param>
    public static CompilationResult CompileText(string text, string path = "input.proto", CompilationOptions? options = null)
    {
        ImportResolver resolver = new();
        resolver.AddText(path, text);
        return new Compilation(resolver, options).Compile(path);
    }

    // The life of a file. As much as possible is said in one run; what would only follow from an error said before is left out: a pass
    // passes over what an earlier one could not make sense of, and names are not looked for in a file of which parts are missing.
    private static void Lower(FileSymbol file, SymbolTable table)
    {
        if (file.Source.Descriptor is not null)
        {
            LinkDescriptor.Run(file, table);
            return;
        }

        DiagnosticBag bag = file.Diagnostics;
        bag.Phase = DiagnosticPhase.Declarations;
        CheckEdition.Run(file);

        // Names first: everything else refers to them. Numbers need no types.
        DeclareSymbols.Run(file, table);

        // Types before options, because options are messages, and may be defined in this very file.
        bag.Phase = DiagnosticPhase.Types;
        ResolveTypes.Run(file, table);
        AssignJsonNames.Run(file);
        int errors = bag.ErrorCount;
        if (!file.Tree.HasErrors)
        {
            // Plain options hold the features, which decide how custom options are encoded and what is allowed.
            bag.Phase = DiagnosticPhase.Options;
            InterpretOptions.Run(file, table, custom: false);
            bag.Phase = DiagnosticPhase.Features;
            ResolveFeatures.Run(file);
            bag.Phase = DiagnosticPhase.CustomOptions;
            InterpretOptions.Run(file, table, custom: true);
        }

        // What only shows when all is known.
        bag.Phase = DiagnosticPhase.Constraints;
        if (file.Tree.HasErrors || bag.ErrorCount > errors)
        {
            CheckProto3.Run(file);
            return;
        }

        CheckConstraints.Run(file);
        if (!bag.HasErrors)
        {
            bag.Phase = DiagnosticPhase.Style;
            CheckNames.Run(file);
            CheckExports.Run(file);
        }

        bag.Phase = DiagnosticPhase.Lifetimes;
        CheckLifetimes.Run(file);
        if (file.IsRoot)
        {
            bag.Phase = DiagnosticPhase.Roots;
            CheckRoot.Run(file);
        }
    }

    // What can be said about a file before its imports are known.
    internal static FileSymbol Read(SourceFile source, DiagnosticBag diagnostics)
    {
        if (source.Descriptor is not null)
        {
            return ReadDescriptor.Run(source, diagnostics);
        }

        SyntaxTree tree = SyntaxTree.Parse(source, diagnostics);
        LegalizeFile.Run(tree, diagnostics);
        diagnostics.SortPhase();
        return BuildSymbols.Run(tree, diagnostics);
    }
}
