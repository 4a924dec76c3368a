// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Syntax;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Symbols;

/// <summary>Which symbols other files may use, since edition 2024: <c>export</c>, <c>local</c>, and the feature that sets the default.</summary>
internal static class VisibilityRules
{
    public static bool IsLocal(Symbol symbol)
    {
        SymbolVisibility visibility = Of(symbol);
        if (visibility != SymbolVisibility.Unset)
        {
            return visibility == SymbolVisibility.Local;
        }

        if (symbol.File.Edition < SourceEdition.Edition2024)
        {
            return false;
        }

        return symbol.Features.DefaultSymbolVisibility switch
        {
            FeatureValues.LocalAll or FeatureValues.Strict => true,
            FeatureValues.ExportTopLevel => symbol.Parent is not FileSymbol,
            _ => false,
        };
    }

    public static SymbolVisibility Of(Symbol symbol) => symbol switch
    {
        MessageSymbol message => message.Visibility,
        EnumSymbol node => node.Visibility,
        _ => SymbolVisibility.Unset,
    };
}
