// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Symbols;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>Whether the option <c>feature_support</c> of a field or an enum value makes sense; the numbers are those of its message.</summary>
internal static class FeatureSupportRules
{
    public static void Check(Symbol symbol, DiagnosticBag bag)
    {
        if (symbol.Options.Get(symbol is FieldSymbol ? OptionNumbers.FieldFeatureSupport : OptionNumbers.EnumValueFeatureSupport) is not OptionMessage support)
        {
            return;
        }

        (int? introduced, int? deprecated, int? removed) = (support.Get(1) as int?, support.Get(2) as int?, support.Get(4) as int?);
        string? problem = (deprecated, HasWarning: support.Has(3), removed, HasError: support.Has(5)) switch
        {
            ({ } edition, _, _, _) when edition < introduced => "deprecates it before it was introduced",
            (_, _, { } edition, _) when edition < introduced => "removes it before it was introduced",
            ({ } edition, _, { } end, _) when end <= edition => "deprecates it after it was removed",
            ({ }, false, _, _) => "deprecates it without a deprecation_warning",
            (null, true, _, _) => "has a deprecation_warning, but no edition_deprecated",
            (_, _, { } edition, false) when edition != introduced => "removes it without a removal_error",
            (_, _, null, true) => "has a removal_error, but no edition_removed",
            _ => null,
        };
        if (problem is not null)
        {
            ConstraintMessages.FeatureSupport(bag, symbol.NameSpan, symbol.FullName, problem);
        }
    }
}
