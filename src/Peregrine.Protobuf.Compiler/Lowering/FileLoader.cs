// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>Reads files and what they import, each once, and has each lowered behind its imports.</summary>
internal sealed class FileLoader
{
    // Files import each other in a chain only as deep as somebody wrote; this bounds the stack against hostile ones.
    private const int MaxImportDepth = 500;

    private readonly ImportResolver _resolver;
    private readonly int _threads;
    private readonly Action<FileSymbol, SymbolTable> _lower;
    private readonly Action<FileSymbol> _completed;
    private readonly SymbolTable _table;
    private readonly Dictionary<string, FileSymbol?> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _missing = new(StringComparer.Ordinal);
    private readonly List<FileSymbol> _chain = [];
    private readonly List<Diagnostic> _diagnostics = [];
    private readonly HashSet<string> _roots = new(StringComparer.Ordinal);
    private SymbolTable? _builtIn;

    /// <summary>Prepares to load.</summary>
    /// <param name="resolver">Where files are found.</param>
    /// <param name="threads">How many threads may read beside this one.</param>
    /// <param name="lower">Gives a file its meaning.</param>
    /// <param name="completed">Called for each file, behind its imports; those with errors included, of which no other file knows.</param>
    public FileLoader(ImportResolver resolver, int threads, Action<FileSymbol, SymbolTable> lower, Action<FileSymbol> completed)
    {
        _resolver = resolver;
        _threads = threads;
        _lower = lower;
        _completed = completed;
        _table = new SymbolTable(BuiltIn);
    }

    /// <summary>What was found wrong.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics => _diagnostics;

    public void Load(List<string> roots)
    {
        using ReadAhead files = new(_resolver, _threads, roots);
        _roots.UnionWith(roots);
        foreach (string root in roots)
        {
            if (_files.ContainsKey(root))
            {
                continue;
            }

            if (files.Take(root) is { } file)
            {
                LoadFile(file, files);
            }
            else
            {
                List<string> tried = [];
                _resolver.Find(root, tried, out string? problem);
                DiagnosticBag bag = new(null, root);
                LoweringMessages.FileNotFound(bag, root, tried, problem);
                _diagnostics.AddRange(bag.Diagnostics);
                _files[root] = null;
            }
        }
    }

    private FileSymbol? LoadFile(FileSymbol file, ReadAhead files)
    {
        DiagnosticBag bag = file.Diagnostics;
        file.IsRoot = _roots.Contains(file.Name);
        bag.MoveTo(_diagnostics, DiagnosticPhase.Syntax);
        if (file.Tree.HasLostStructure)
        {
            bag.MoveTo(_diagnostics);
            foreach (SyntaxNode member in file.Tree.Root.Members)
            {
                if (member is ImportSyntax import)
                {
                    file.Imports.Add(new ImportSymbol(import, Target: null));
                }
            }

            AssignJsonNames.Run(file);
            _completed(file);
            return _files[file.Name] = null;
        }

        _chain.Add(file);
        LoadImports(file, files);
        _chain.RemoveAt(_chain.Count - 1);
        _lower(file, _table);
        if (bag.HasErrors)
        {
            DeclareSymbols.Undo(file, _table);
        }
        else
        {
            ReportUnusedImports(file);
        }

        bag.MoveTo(_diagnostics);
        FileSymbol? usable = bag.HasErrors ? null : file;
        _files[file.Name] = usable;
        _completed(file);
        return usable;
    }

    private void LoadImports(FileSymbol file, ReadAhead files)
    {
        file.Visible.Add(file);
        foreach (SyntaxNode member in file.Tree.Root.Members)
        {
            if (member is not ImportSyntax import)
            {
                continue;
            }

            FileSymbol? target = LoadImport(file, import, files);
            file.Imports.Add(new ImportSymbol(import, target));
            if (target is not null)
            {
                AddVisible(import.Kind == ImportKind.Option ? file.VisibleToOptions : file.Visible, target);
            }
        }
    }

    private FileSymbol? LoadImport(FileSymbol file, ImportSyntax import, ReadAhead files)
    {
        SourceSpan? at = file.SpanOf(import);
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
            if (files.Take(import.Path) is { } found)
            {
                target = LoadFile(found, files);
            }
            else
            {
                _missing.Add(import.Path);
                _files[import.Path] = null;
            }
        }

        if (_missing.Contains(import.Path))
        {
            ReportMissing(file, import.Path, at);
        }
        else if (target is null)
        {
            LoweringMessages.ImportHasErrors(file.Diagnostics, at, import.Path);
        }

        return target;
    }

    private void ReportMissing(FileSymbol file, string path, SourceSpan? at)
    {
        List<string> tried = [];
        string? problem = null;
        string? root = null;
        if (!file.Diagnostics.IsFull)
        {
            _resolver.Find(path, tried, out problem);
            root = file.DiskPath is { } disk ? ImportRoots.Suggest(path, disk) : null;
        }

        LoweringMessages.ImportNotFound(file.Diagnostics, at, path, tried, problem, root);
    }

    // The cycle is reported where it starts: at the file that is needed to compile itself.
    private void ReportCycle(int start, ImportSyntax import, FileSymbol file)
    {
        FileSymbol first = _chain[start];
        List<FileSymbol> cycle = _chain[start..];
        string next = cycle.Count > 1 ? cycle[1].Name : import.Path;
        SyntaxNode? place = first.Tree.Root.Members.FindLast(member => member is ImportSyntax other && other.Path == next);
        LoweringMessages.ImportCycle(first.Diagnostics, place is null ? null : first.SpanOf(place), [.. cycle.ConvertAll(open => open.Name), import.Path]);
        first.Diagnostics.MoveTo(_diagnostics);
        if (!ReferenceEquals(first, file))
        {
            LoweringMessages.ImportHasErrors(file.Diagnostics, file.SpanOf(import), import.Path);
        }
    }

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

    // The messages of options, for files that know no others.
    private SymbolTable BuiltIn()
    {
        if (_builtIn is null)
        {
            SourceFile source = ImportResolver.ReadBuiltInDescriptor();
            FileSymbol file = Compilation.Read(source, new DiagnosticBag(source, source.Path));
            file.Visible.Add(file);
            _builtIn = new SymbolTable(builtIn: null);
            _lower(file, _builtIn);
        }

        return _builtIn;
    }

    private static void ReportUnusedImports(FileSymbol file)
    {
        // Whoever wrote a descriptor was told about its imports then.
        if (!file.IsRoot || file.Source.Descriptor is not null)
        {
            return;
        }

        file.Diagnostics.Phase = DiagnosticPhase.UnusedImports;
        foreach (ImportSymbol import in file.Imports)
        {
            bool forwards = import.Target is { HasPublicImports: true };
            if (import.Syntax.Kind != ImportKind.Public && import.Target is { } target && !forwards && !file.Used.Contains(target))
            {
                LoweringMessages.UnusedImport(file.Diagnostics, file.SpanOf(import.Syntax), import.Syntax.Path);
            }
        }
    }
}
