// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Legalize;
using Peregrine.Protobuf.Compiler.Lowering;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax;

namespace Peregrine.Protobuf.Compiler;

/// <summary>
/// Compiles .proto files to descriptors, in process: text in, descriptors and diagnostics out. No input makes it throw. An object
/// serves one call of <see cref="Compile"/> and one thread.
/// </summary>
public sealed class Compilation
{
    private readonly FileLoader _loader;
    private readonly CompilationOptions _options;

    /// <summary>Prepares a compilation.</summary>
    /// <param name="resolver">Where files are found.</param>
    /// <param name="options">What to do, or null for the defaults.</param>
    public Compilation(ImportResolver resolver, CompilationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(resolver);
        _options = options ?? new CompilationOptions();
        _loader = new FileLoader(resolver, Lower);
    }

    /// <summary>Compiles files and everything they import.</summary>
    /// <param name="files">Import paths.</param>
    public CompilationResult Compile(params IEnumerable<string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        List<string> roots = [.. files];
        _loader.Load(roots);
        Dictionary<string, CompiledFile> compiled = [];
        List<CompiledFile> ordered = [];
        foreach (FileSymbol file in _loader.Ordered)
        {
            CompiledFile output = new(file, _options.Forms);
            compiled.Add(file.Name, output);
            ordered.Add(output);
        }

        List<CompiledFile> asked = [];
        foreach (string root in roots)
        {
            if (compiled.TryGetValue(root, out CompiledFile? file))
            {
                asked.Add(file);
            }
        }

        bool success = true;
        foreach (Diagnostic diagnostic in _loader.Diagnostics)
        {
            success &= diagnostic.Severity != DiagnosticSeverity.Error;
        }

        return new CompilationResult(success, _loader.Diagnostics, ordered, asked);
    }

    // The life of a file. As much as possible is said in one run; what would only follow from an error said before is left out: a pass
    // passes over what an earlier one could not make sense of, and names are not looked for in a file of which parts are missing.
    private static void Lower(FileSymbol file, SymbolTable table, SymbolTable optionTypes)
    {
        if (file.Source.Descriptor is not null)
        {
            LinkDescriptor.Run(file, table, optionTypes);
            return;
        }

        // Names first: everything else refers to them. Numbers need no types.
        DeclareSymbols.Run(file, table);
        CheckNumbers.Run(file);

        // Types before options, because options are messages, and may be defined in this very file.
        ResolveTypes.Run(file, table);
        AssignJsonNames.Run(file);
        if (file.Tree.HasErrors)
        {
            return;
        }

        // Plain options hold the features, which decide how custom options are encoded and what is allowed.
        int errors = file.Diagnostics.ErrorCount;
        InterpretOptions.Run(file, table, optionTypes, custom: false);
        ResolveFeatures.Run(file);
        InterpretOptions.Run(file, table, optionTypes, custom: true);
        if (file.Diagnostics.ErrorCount > errors)
        {
            return;
        }

        // What only shows when all is known.
        CheckConstraints.Run(file);
        CheckLifetimes.Run(file);
        if (!file.Diagnostics.HasErrors)
        {
            CheckNames.Run(file);
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
        LegalizeFile.RunProto3(tree, diagnostics);
        diagnostics.SortPhase();
        return BuildSymbols.Run(tree, diagnostics);
    }
}
