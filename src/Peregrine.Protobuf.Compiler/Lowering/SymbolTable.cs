// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>All symbols of a compilation by full name, and the scoping rules.</summary>
internal sealed class SymbolTable
{
    private readonly Func<SymbolTable>? _builtIn;
    private readonly HashSet<Symbol> _symbols = new(new SymbolNameComparer());
    private readonly HashSet<Symbol>.AlternateLookup<QualifiedName> _byName;
    private DescriptorPool? _descriptors;
    private char[] _candidate = new char[256];

    /// <summary>Makes an empty table.</summary>
    /// <param name="builtIn">Makes the table of the built-in descriptor.proto; null for that table itself.</param>
    public SymbolTable(Func<SymbolTable>? builtIn)
    {
        _builtIn = builtIn;
        _byName = _symbols.GetAlternateLookup<QualifiedName>();
    }

    public Symbol? Find(ReadOnlySpan<char> fullName) => _byName.TryGetValue(QualifiedName.Of(fullName), out Symbol? symbol) ? symbol : null;

    /// <summary>The files that came as descriptors, as do all files that they import.</summary>
    public DescriptorPool Descriptors => _descriptors ??= new DescriptorPool();

    /// <summary>The symbol that has the full name of another one: that itself, if it is in the table.</summary>
    public Symbol? Find(Symbol symbol) => _symbols.TryGetValue(symbol, out Symbol? present) ? present : null;

    /// <summary>
    /// A message of options: that of any file of this compilation, else that of the built-in descriptor.proto. So a descriptor.proto of
    /// the user's own counts, and one that is older than some options does not hide them.
    /// </summary>
    public MessageSymbol? FindOptionsMessage(string fullName) => (Find(fullName) ?? _builtIn?.Invoke().Find(fullName)) as MessageSymbol;

    /// <summary>The messages and enums that a file can name.</summary>
    public IEnumerable<Symbol> VisibleTypes(FileSymbol file)
    {
        foreach (Symbol symbol in _symbols)
        {
            if (symbol.IsType && symbol is not MessageSymbol { IsMapEntry: true } && file.Visible.Contains(symbol.File))
            {
                yield return symbol;
            }
        }
    }

    /// <summary>The full names of the extensions of a message that options of a file can name.</summary>
    public IEnumerable<string> VisibleExtensions(FileSymbol file, MessageSymbol extendee)
    {
        foreach (Symbol symbol in _symbols)
        {
            if (symbol is FieldSymbol { IsExtension: true } extension && extension.ContainingType?.FullName == extendee.FullName &&
                (file.Visible.Contains(symbol.File) || file.VisibleToOptions.Contains(symbol.File)))
            {
                yield return symbol.FullName;
            }
        }
    }

    public bool TryAdd(Symbol symbol) => _symbols.Add(symbol);

    public void Remove(Symbol symbol)
    {
        if (ReferenceEquals(Find(symbol), symbol))
        {
            _symbols.Remove(symbol);
        }
    }

    /// <summary>Adds a package and those that enclose it; returns a symbol of another kind that has such a name already.</summary>
    public Symbol? AddPackage(string package, FileSymbol file)
    {
        for (int start = 0; start < package.Length;)
        {
            int dot = package.IndexOf('.', start);
            int end = dot < 0 ? package.Length : dot;
            Symbol? present = Find(package.AsSpan(0, end));
            if (present is null)
            {
                _symbols.Add(new PackageSymbol(package[start..end], package[..Math.Max(0, start - 1)], file));
            }
            else if (present is not PackageSymbol)
            {
                return present;
            }

            start = end + 1;
        }

        return null;
    }

    /// <summary>Looks up a name as it is written.</summary>
    /// <param name="name">The name; a leading dot makes it absolute.</param>
    /// <param name="scope">The full name of what the name is written in; its innermost part is not searched.</param>
    /// <param name="file">The file that the name is written in.</param>
    /// <param name="typesOnly">Whether to pass over what is no type.</param>
    /// <param name="forOptions">Whether files imported with <c>import option</c> count.</param>
    public Lookup Resolve(string name, string scope, FileSymbol file, bool typesOnly, bool forOptions = false)
    {
        FileSymbol? hidden = null;
        if (name.StartsWith('.'))
        {
            Symbol? absolute = FindVisible(name.AsSpan(1), file, forOptions, ref hidden);
            return new Lookup(absolute, absolute is null ? hidden : null, null);
        }

        int firstDot = name.IndexOf('.', StringComparison.Ordinal);
        ReadOnlySpan<char> first = firstDot < 0 ? name : name.AsSpan(0, firstDot);
        ReadOnlySpan<char> outer = scope;
        while (true)
        {
            int dot = outer.LastIndexOf('.');
            if (dot < 0)
            {
                Symbol? global = FindVisible(name, file, forOptions, ref hidden);
                return new Lookup(global, global is null ? hidden : null, null);
            }

            outer = outer[..dot];
            Symbol? found = FindVisible(Join(outer, first), file, forOptions, ref hidden);
            if (found is null)
            {
                continue;
            }

            if (firstDot < 0)
            {
                if (!typesOnly || found.IsType)
                {
                    return new Lookup(found, null, null);
                }
            }
            else if (found.IsScope)
            {
                // The innermost scope that has the first part decides, even if the rest is not there.
                Symbol? inner = FindVisible(Join(outer, name), file, forOptions, ref hidden);
                return new Lookup(inner, inner is null ? hidden : null, inner is null ? $"{outer}.{name}" : null);
            }
        }
    }

    // Most candidates are no names of anything: they are put together in one place, and never become strings.
    private ReadOnlySpan<char> Join(ReadOnlySpan<char> scope, ReadOnlySpan<char> name)
    {
        int length = scope.Length + 1 + name.Length;
        if (_candidate.Length < length)
        {
            _candidate = new char[length * 2];
        }

        scope.CopyTo(_candidate);
        _candidate[scope.Length] = '.';
        name.CopyTo(_candidate.AsSpan(scope.Length + 1));
        return _candidate.AsSpan(0, length);
    }

    private Symbol? FindVisible(ReadOnlySpan<char> fullName, FileSymbol file, bool forOptions, ref FileSymbol? hidden)
    {
        if (Find(fullName) is not { } symbol)
        {
            return null;
        }

        if (symbol is PackageSymbol)
        {
            if (file.SeesPackage(symbol.FullName, forOptions))
            {
                return symbol;
            }

            hidden = symbol.File;
            return null;
        }

        if (file.Visible.Contains(symbol.File) || (forOptions && file.VisibleToOptions.Contains(symbol.File)))
        {
            return symbol;
        }

        hidden = symbol.File;
        return null;
    }
}
