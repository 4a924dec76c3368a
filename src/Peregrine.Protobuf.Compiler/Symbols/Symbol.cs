// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Symbols;

/// <summary>Something with a name in a file. Symbols are made from the syntax tree; each pass fills in what it finds out.</summary>
internal abstract class Symbol(string name, string scope, FileSymbol? file, Symbol? parent)
{
    /// <summary>The name without its scope.</summary>
    public string Name { get; } = name;

    /// <summary>The full name of what the name lives in; empty for what has none.</summary>
    public string Scope { get; } = scope;

    /// <summary>The name with package and scopes, without a leading dot. Most symbols are never asked for it and do not keep it.</summary>
    public virtual string FullName => Join(Scope, Name);

    /// <summary>The file; itself for a file, the first file that declares it for a package.</summary>
    public FileSymbol File => file ?? (FileSymbol)this;

    /// <summary>The symbol that encloses this one: the file at the top.</summary>
    public Symbol? Parent { get; } = parent;

    /// <summary>The token of the name.</summary>
    public int NameToken { get; init; } = -1;

    /// <summary>The options; empty if none are written.</summary>
    public OptionSet Options { get; set; } = OptionSet.Empty(OptionTarget.Unknown);

    /// <summary>The features that hold here, once they are resolved.</summary>
    public FeatureValues Features { get; set; } = FeatureValues.Unknown;

    /// <summary>What this is, for messages.</summary>
    public abstract string KindName { get; }

    /// <summary>The place of the name.</summary>
    public SourceSpan? NameSpan => SpanOf(NameToken);

    public bool IsType => this is MessageSymbol or EnumSymbol;

    /// <summary>Whether names can be looked up in it.</summary>
    public bool IsScope => this is MessageSymbol or EnumSymbol or PackageSymbol or ServiceSymbol;

    public SourceSpan? SpanOf(int token) => token < 0 ? null : File.Tree.Span(token);

    public SourceSpan? SpanOf(SyntaxNode node) => File.Tree.Span(node);

    /// <summary>
    /// Drops what only the lowering and the descriptor of its own file need. The name, the type and what options say of an option's
    /// own definition stay: other files refer to them.
    /// </summary>
    public virtual void ReleaseText() => Options = Options.WithoutText();

    protected static string Join(string scope, string name) => scope.Length == 0 ? name : scope + "." + name;
}

/// <summary>A package, or a part of its name. Files share it.</summary>
internal sealed class PackageSymbol(string name, string scope, FileSymbol file) : Symbol(name, scope, file, null)
{
    public override string FullName { get; } = Join(scope, name);

    public override string KindName => "package";
}
