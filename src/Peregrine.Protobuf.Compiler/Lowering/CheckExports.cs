// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>Checks what is marked <c>export</c> in files that say by a feature that only symbols at the top level are seen.</summary>
internal static class CheckExports
{
    public static void Run(FileSymbol file)
    {
        file.Visit(symbol =>
        {
            if (symbol is MessageSymbol { Visibility: SymbolVisibility.Export, Parent: MessageSymbol } && IsStrict(symbol))
            {
                ConstraintMessages.StrictExport(file.Diagnostics, symbol);
            }
        });
        file.Visit(symbol =>
        {
            if (symbol is EnumSymbol { Visibility: SymbolVisibility.Export, Parent: MessageSymbol outer } && IsStrict(symbol) && !IsNamespace(outer, file))
            {
                ConstraintMessages.StrictExport(file.Diagnostics, symbol);
            }
        });
    }

    private static bool IsStrict(Symbol symbol) => symbol.Features.DefaultSymbolVisibility == FeatureValues.Strict;

    // A local message at the top level that can have no fields is but a namespace for enums.
    private static bool IsNamespace(MessageSymbol message, FileSymbol file)
    {
        bool isLocalByDefault = file.Features.DefaultSymbolVisibility is FeatureValues.Strict or FeatureValues.LocalAll;
        bool isLocal = message.Visibility == SymbolVisibility.Local || (message.Visibility == SymbolVisibility.Unset && isLocalByDefault);
        return message.Parent is FileSymbol && isLocal && message.ReservedRanges is [{ Start: 1, EndIsMax: true }];
    }
}
