// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Symbols;

internal sealed class EnumSymbol : Symbol
{
    public EnumSymbol(string name, string scope, FileSymbol file, Symbol parent)
        : base(name, file, parent) => FullName = Join(scope, name);

    public EnumSyntax? Syntax { get; init; }

    public SymbolVisibility Visibility { get; init; }

    public List<EnumValueSymbol> Values { get; } = [];

    public List<RangeSyntax> ReservedRanges { get; } = [];

    public List<ReservedNameSyntax> ReservedNames { get; } = [];

    public override string KindName => "enum";

    public bool IsClosed => Features.EnumType == FeatureValues.Closed;

    public EnumValueSymbol? FindValue(string name) => Values.Find(value => value.Name == name);

    public EnumValueSymbol? FindValue(int number) => Values.Find(value => value.Number == number);
}

/// <summary>A value of an enum. As in C++, its name lives in the scope that encloses the enum.</summary>
internal sealed class EnumValueSymbol : Symbol
{
    public EnumValueSymbol(string name, string scope, EnumSymbol parent)
        : base(name, parent.File, parent) => FullName = Join(scope, name);

    public EnumValueSyntax? Syntax { get; init; }

    public int Number { get; init; }

    public override string KindName => "enum value";
}
