// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Compiler.Syntax;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Symbols;

/// <summary>An import and the file that it names.</summary>
internal sealed record ImportSymbol(ImportSyntax Syntax, FileSymbol? Target);

internal sealed class FileSymbol(SourceFile source, SyntaxTree tree, DiagnosticBag diagnostics, string package) : Symbol(source.Path, "", null, null)
{
    private static readonly HashSet<FileSymbol> NoFiles = [];

    private SourceFile? _source = source;
    private SyntaxTree? _tree = tree;
    private DiagnosticBag? _diagnostics = diagnostics;
    private HashSet<string>? _packages;
    private HashSet<string>? _optionPackages;
    private bool? _hasPublicImports;

    public SourceFile Source => _source ?? throw TextIsGone();

    public SyntaxTree Tree => _tree ?? throw TextIsGone();

    public DiagnosticBag Diagnostics => _diagnostics ?? throw TextIsGone();

    public string? DiskPath { get; } = source.DiskPath;

    /// <summary>Whether the file came with the compiler.</summary>
    public bool IsBuiltIn { get; } = source.IsBuiltIn;

    public string Package => package;

    public SourceEdition Edition { get; } = SourceEditions.Of(tree.Root.Declaration);

    public bool IsEditions => SourceEditions.IsEditions(Edition);

    public List<ImportSymbol> Imports { get; } = [];

    public List<MessageSymbol> Messages { get; } = [];

    public List<EnumSymbol> Enums { get; } = [];

    public List<ServiceSymbol> Services { get; } = [];

    public List<FieldSymbol> Extensions { get; } = [];

    /// <summary>Files whose symbols can be named here: itself, its imports, and what they import publicly.</summary>
    public HashSet<FileSymbol> Visible { get; private set; } = [];

    /// <summary>Files whose symbols can be named in options only.</summary>
    public HashSet<FileSymbol> VisibleToOptions { get; private set; } = [];

    /// <summary>Whether the compilation names the file, so that more is checked than for what is only imported.</summary>
    public bool IsRoot { get; set; }

    /// <summary>Imports of which something was used.</summary>
    public HashSet<FileSymbol> Used { get; private set; } = [];

    /// <summary>Whether names can be missing because this file or an import could not be read: they are not reported then.</summary>
    public bool MayLackNames => Tree.HasErrors || Imports.Exists(static import => import.Target is null);

    /// <summary>Whether what imports this file sees other files, too.</summary>
    public bool HasPublicImports => _hasPublicImports ??= Imports.Exists(static import => import.Syntax.Kind == ImportKind.Public);

    public override string KindName => "file";

    /// <summary>Whether a package can be named here; asked only when <see cref="Visible"/> is complete.</summary>
    public bool SeesPackage(string name, bool forOptions) =>
        (_packages ??= PackagesOf(Visible)).Contains(name) || (forOptions && (_optionPackages ??= PackagesOf(VisibleToOptions)).Contains(name));

    private static HashSet<string> PackagesOf(HashSet<FileSymbol> files)
    {
        HashSet<string> packages = new(StringComparer.Ordinal);
        foreach (FileSymbol file in files)
        {
            string name = file.Package;
            while (name.Length > 0 && packages.Add(name))
            {
                name = name[..Math.Max(0, name.LastIndexOf('.'))];
            }
        }

        return packages;
    }

    /// <summary>Every message, nested ones behind their parent.</summary>
    public IEnumerable<MessageSymbol> AllMessages()
    {
        Stack<MessageSymbol> open = new();
        for (int i = Messages.Count - 1; i >= 0; i--)
        {
            open.Push(Messages[i]);
        }

        while (open.TryPop(out MessageSymbol? message))
        {
            yield return message;
            for (int i = message.Messages.Count - 1; i >= 0; i--)
            {
                open.Push(message.Messages[i]);
            }
        }
    }

    /// <summary>Calls back for every symbol with options, each before what is inside it.</summary>
    public void Visit(Action<Symbol> visit)
    {
        visit(this);
        foreach (MessageSymbol message in Messages)
        {
            VisitMessage(message, visit);
        }

        foreach (EnumSymbol symbol in Enums)
        {
            VisitEnum(symbol, visit);
        }

        Extensions.ForEach(visit);
        foreach (ServiceSymbol service in Services)
        {
            visit(service);
            service.Methods.ForEach(visit);
        }
    }

    /// <summary>Calls back for every symbol with options, most of them behind what is inside: the order in which options are read.</summary>
    public void VisitInnerFirst(Action<Symbol> visit)
    {
        Messages.ForEach(message => VisitMessageInnerFirst(message, visit));
        Enums.ForEach(symbol => VisitEnumInnerFirst(symbol, visit));
        foreach (ServiceSymbol service in Services)
        {
            service.Methods.ForEach(visit);
            visit(service);
        }

        Extensions.ForEach(visit);
        visit(this);
    }

    /// <summary>
    /// Drops the text, the tokens and the tree, once the file is lowered and its descriptor made. Files that import this one need its
    /// symbols, but nothing else.
    /// </summary>
    public void ReleaseTree()
    {
        SyntaxTree tree = Tree;
        Visit(static symbol => symbol.ReleaseText());
        _tree = null;
        _source = null;
        _diagnostics = null;
        _packages = null;
        _optionPackages = null;
        Visible = NoFiles;
        VisibleToOptions = NoFiles;
        Used = NoFiles;
        tree.Tokens.Release();
    }

    public override void ReleaseText() => Options = Options.WithoutText(OptionNumbers.OptimizeFor);

    private InvalidOperationException TextIsGone() => new($"The text of \"{Name}\" was asked for after it had been released.");

    // Depth is bounded by the parser.
    private static void VisitMessage(MessageSymbol message, Action<Symbol> visit)
    {
        visit(message);
        foreach (EnumSymbol nested in message.Enums)
        {
            VisitEnum(nested, visit);
        }

        message.Oneofs.ForEach(visit);
        message.Fields.ForEach(visit);
        foreach (MessageSymbol nested in message.Messages)
        {
            VisitMessage(nested, visit);
        }

        message.Extensions.ForEach(visit);
        message.ExtensionRanges.ForEach(visit);
    }

    private static void VisitEnum(EnumSymbol symbol, Action<Symbol> visit)
    {
        visit(symbol);
        symbol.Values.ForEach(visit);
    }

    private static void VisitMessageInnerFirst(MessageSymbol message, Action<Symbol> visit)
    {
        message.Oneofs.ForEach(visit);
        message.Fields.ForEach(visit);
        message.Enums.ForEach(nested => VisitEnumInnerFirst(nested, visit));
        message.ExtensionRanges.ForEach(visit);
        message.Extensions.ForEach(visit);
        visit(message);
        message.Messages.ForEach(nested => VisitMessageInnerFirst(nested, visit));
    }

    private static void VisitEnumInnerFirst(EnumSymbol symbol, Action<Symbol> visit)
    {
        symbol.Values.ForEach(visit);
        visit(symbol);
    }
}
