// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Symbols;

internal sealed class EnumSymbol : Symbol
{
    private Dictionary<string, EnumValueSymbol>? _valuesByName;
    private Dictionary<int, EnumValueSymbol>? _valuesByNumber;

    public EnumSymbol(string name, string scope, FileSymbol file, Symbol parent)
        : base(name, scope, file, parent) => FullName = base.FullName;

    public override string FullName { get; }

    public EnumSyntax? Syntax { get; set; }

    public SymbolVisibility Visibility { get; init; }

    public List<EnumValueSymbol> Values { get; } = [];

    public List<RangeSyntax> ReservedRanges { get; private set; } = [];

    public List<ReservedNameSyntax> ReservedNames { get; private set; } = [];

    public override string KindName => "enum";

    public bool IsClosed => Features.EnumType == FeatureValues.Closed;

    /// <summary>The first value of that name, or null; all values must have been added before.</summary>
    public EnumValueSymbol? FindValue(string name)
    {
        if (_valuesByName is null)
        {
            _valuesByName = new Dictionary<string, EnumValueSymbol>(Values.Count, StringComparer.Ordinal);
            Values.ForEach(value => _valuesByName.TryAdd(value.Name, value));
        }

        return _valuesByName.GetValueOrDefault(name);
    }

    /// <summary>The first value of that number, or null; all values must have been added before.</summary>
    public EnumValueSymbol? FindValue(int number)
    {
        if (_valuesByNumber is null)
        {
            _valuesByNumber = new Dictionary<int, EnumValueSymbol>(Values.Count);
            Values.ForEach(value => _valuesByNumber.TryAdd(value.Number, value));
        }

        return _valuesByNumber.GetValueOrDefault(number);
    }

    public override void ReleaseText()
    {
        Syntax = null;
        ReservedRanges = MessageSymbol.NoRanges;
        ReservedNames = MessageSymbol.NoNames;
        base.ReleaseText();
    }
}

/// <summary>A value of an enum. As in C++, its name lives in the scope that encloses the enum.</summary>
internal sealed class EnumValueSymbol : Symbol
{
    public EnumValueSymbol(string name, string scope, EnumSymbol parent)
        : base(name, scope, parent.File, parent)
    {
    }

    public EnumValueSyntax? Syntax { get; set; }

    public int Number { get; init; }

    public override string KindName => "enum value";

    public override void ReleaseText()
    {
        Syntax = null;
        Options = Options.WithoutText(OptionNumbers.EnumValueDebugRedact, OptionNumbers.EnumValueFeatureSupport);
    }
}
