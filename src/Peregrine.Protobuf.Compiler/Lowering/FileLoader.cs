// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>Reads files and what they import, each once, and has each lowered behind its imports.</summary>
internal sealed class FileLoader(ImportResolver resolver, Action<FileSymbol, SymbolTable, SymbolTable> lower)
{
    /// <summary>The file that defines the messages of options.</summary>
    public const string DescriptorPath = "google/protobuf/descriptor.proto";


    // Files import each other in a chain only as deep as somebody wrote; this bounds the stack against hostile ones.
    private const int MaxImportDepth = 500;

    private readonly SymbolTable _table = new();
    private readonly Dictionary<string, FileSymbol?> _files = new(StringComparer.Ordinal);
    private readonly List<FileSymbol> _chain = [];
    private readonly List<Diagnostic> _diagnostics = [];
    private readonly HashSet<string> _roots = new(StringComparer.Ordinal);
    private SymbolTable? _optionTypes;

    /// <summary>What was found wrong.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics => _diagnostics;

    /// <summary>The files without errors; each stands behind its imports.</summary>
    public List<FileSymbol> Ordered { get; } = [];

    public void Load(List<string> roots)
    {
        _roots.UnionWith(roots);
        foreach (string root in roots)
        {
            if (_files.ContainsKey(root))
            {
                continue;
            }

            List<string> tried = [];
            if (resolver.Find(root, tried, out string? problem) is { } source)
            {
                LoadFile(source);
            }
            else
            {
                DiagnosticBag bag = new(null, root);
                LoweringMessages.FileNotFound(bag, root, tried, problem);
                _diagnostics.AddRange(bag.Diagnostics);
                _files[root] = null;
            }
        }
    }

    private FileSymbol? LoadFile(SourceFile source)
    {
        DiagnosticBag bag = new(source, source.Path);
        FileSymbol file = Compilation.Read(source, bag);
        bag.MoveTo(_diagnostics);
        if (file.Tree.HasLostStructure)
        {
            return _files[source.Path] = null;
        }

        _chain.Add(file);
        LoadImports(file);
        _chain.RemoveAt(_chain.Count - 1);
        if (source.Path == DescriptorPath)
        {
            _optionTypes = _table;
        }

        lower(file, _table, OptionTypes());
        if (bag.HasErrors)
        {
            DeclareSymbols.Undo(file, _table);
        }
        else
        {
            ReportUnusedImports(file);
            Ordered.Add(file);
        }

        bag.MoveTo(_diagnostics);
        return _files[source.Path] = bag.HasErrors ? null : file;
    }

    private void LoadImports(FileSymbol file)
    {
        file.Visible.Add(file);
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (SyntaxNode member in file.Tree.Root.Members)
        {
            if (member is not ImportSyntax import)
            {
                continue;
            }

            if (!seen.Add(import.Path))
            {
                LoweringMessages.ImportedTwice(file.Diagnostics, PlaceOf(file, import), import.Path);
            }

            FileSymbol? target = LoadImport(file, import);
            file.Imports.Add(new ImportSymbol(import, target));
            if (target is not null)
            {
                AddVisible(import.Kind == ImportKind.Option ? file.VisibleToOptions : file.Visible, target);
            }
        }
    }

    private FileSymbol? LoadImport(FileSymbol file, ImportSyntax import)
    {
        SourceSpan? at = PlaceOf(file, import);
        int start = _chain.FindIndex(open => open.Name == import.Path);
        if (start >= 0)
        {
            ReportCycle(start, import, file);
            return null;
        }

        if (_chain.Count >= MaxImportDepth)
        {
            LoweringMessages.ImportsTooDeep(file.Diagnostics, at, MaxImportDepth);
            return null;
        }

        if (!_files.TryGetValue(import.Path, out FileSymbol? target))
        {
            List<string> tried = [];
            if (resolver.Find(import.Path, tried, out string? problem) is not { } source)
            {
                _files[import.Path] = null;
                string? root = file.Source.DiskPath is { } disk && !file.Diagnostics.IsFull ? ImportRoots.Suggest(import.Path, disk) : null;
                LoweringMessages.ImportNotFound(file.Diagnostics, at, import.Path, tried, problem, root);
                return null;
            }

            target = LoadFile(source);
        }

        if (target is null)
        {
            LoweringMessages.ImportHasErrors(file.Diagnostics, at, import.Path);
        }

        return target;
    }

    // The cycle is reported where it starts: at the file that is needed to compile itself.
    private void ReportCycle(int start, ImportSyntax import, FileSymbol file)
    {
        FileSymbol first = _chain[start];
        List<FileSymbol> cycle = _chain[start..];
        string next = cycle.Count > 1 ? cycle[1].Name : import.Path;
        SyntaxNode? place = first.Tree.Root.Members.Find(member => member is ImportSyntax other && other.Path == next);
        LoweringMessages.ImportCycle(first.Diagnostics, place is null ? null : first.SpanOf(place), [.. cycle.ConvertAll(open => open.Name), import.Path]);
        first.Diagnostics.MoveTo(_diagnostics);
        if (!ReferenceEquals(first, file))
        {
            LoweringMessages.ImportHasErrors(file.Diagnostics, PlaceOf(file, import), import.Path);
        }
    }

    private static SourceSpan? PlaceOf(FileSymbol file, ImportSyntax import) => file.SpanOf(import);

    private static void AddVisible(HashSet<FileSymbol> visible, FileSymbol target)
    {
        Stack<FileSymbol> open = new([target]);
        while (open.TryPop(out FileSymbol? file))
        {
            if (!visible.Add(file))
            {
                continue;
            }

            foreach (ImportSymbol import in file.Imports)
            {
                if (import is { Syntax.Kind: ImportKind.Public, Target: { } next })
                {
                    open.Push(next);
                }
            }
        }
    }

    // The messages of options: of the descriptor.proto that takes part in this compilation, else of the built-in one.
    private SymbolTable OptionTypes()
    {
        if (_optionTypes is not null)
        {
            return _optionTypes;
        }

        if (ImportResolver.FindBuiltIn(DescriptorPath) is not { } source)
        {
            return _table;
        }

        SymbolTable table = new();
        DiagnosticBag bag = new(source, source.Path);
        FileSymbol file = Compilation.Read(source, bag);
        file.Visible.Add(file);
        lower(file, table, table);
        return _optionTypes = table;
    }

    private void ReportUnusedImports(FileSymbol file)
    {
        // Whoever wrote a descriptor was told about its imports then.
        if (!_roots.Contains(file.Name) || file.Source.Descriptor is not null)
        {
            return;
        }

        foreach (ImportSymbol import in file.Imports)
        {
            bool forwards = import.Target is { HasPublicImports: true };
            if (import.Syntax.Kind != ImportKind.Public && import.Target is { } target && !forwards && !file.Used.Contains(target))
            {
                LoweringMessages.UnusedImport(file.Diagnostics, PlaceOf(file, import.Syntax), import.Syntax.Path);
            }
        }
    }
}
