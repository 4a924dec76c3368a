// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Symbols;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>Whether the option <c>feature_support</c> of a field or an enum value makes sense.</summary>
internal static class FeatureSupportRules
{
    // What one such option says; null, or false, for what it does not say.
    private readonly record struct Support(int? Introduced, int? Deprecated, bool HasWarning, int? Removed, bool HasError)
    {
        public static Support? Of(Symbol symbol) =>
            symbol.Options.Get(symbol is FieldSymbol ? OptionNumbers.FieldFeatureSupport : OptionNumbers.EnumValueFeatureSupport) is OptionMessage message
                ? new Support(
                    message.Get(OptionNumbers.EditionIntroduced) as int?,
                    message.Get(OptionNumbers.EditionDeprecated) as int?,
                    message.Has(OptionNumbers.DeprecationWarning),
                    message.Get(OptionNumbers.EditionRemoved) as int?,
                    message.Has(OptionNumbers.RemovalError))
                : null;

        public Support Over(Support outer) => new(
            Introduced ?? outer.Introduced,
            Deprecated ?? outer.Deprecated,
            HasWarning || outer.HasWarning,
            Removed ?? outer.Removed,
            HasError || outer.HasError);
    }

    public static void Check(Symbol symbol, DiagnosticBag bag)
    {
        if (Support.Of(symbol) is not { } support)
        {
            return;
        }

        if (Problem(support) is { } problem)
        {
            ConstraintMessages.FeatureSupport(bag, symbol.NameSpan, symbol.FullName, problem);
        }
        else if (symbol is FieldSymbol { EnumType: { } type } field)
        {
            CheckValues(type, field, support, bag);
        }
    }

    // What a value does not say holds for it as the field says, and it cannot live longer than the field.
    private static void CheckValues(EnumSymbol type, FieldSymbol field, Support outer, DiagnosticBag bag)
    {
        foreach (EnumValueSymbol value in type.Values)
        {
            if (Support.Of(value) is not { } own)
            {
                continue;
            }

            Support support = own.Over(outer);
            string? problem = Problem(support);
            problem ??= support.Introduced < outer.Introduced ? $"introduces it before \"{field.FullName}\""
                : support.Removed > outer.Removed ? $"removes it after \"{field.FullName}\""
                : support.Deprecated > outer.Deprecated ? $"deprecates it after \"{field.FullName}\"" : null;
            if (problem is not null)
            {
                ConstraintMessages.FeatureSupport(bag, field.NameSpan, value.FullName, problem);
                return;
            }
        }
    }

    private static string? Problem(Support support) => support switch
    {
        { Deprecated: { } edition } when edition < (support.Introduced ?? 0) => "deprecates it before it was introduced",
        { Deprecated: not null, HasWarning: false } => "deprecates it without a deprecation_warning",
        { Deprecated: null, HasWarning: true } => "has a deprecation_warning, but no edition_deprecated",
        { Removed: { } end } when (support.Deprecated ?? 0) >= end => "deprecates it after it was removed",
        { Removed: { } end } when end < (support.Introduced ?? 0) => "removes it before it was introduced",
        { Removed: { } end, HasError: false } when end != (support.Introduced ?? 0) => "removes it without a removal_error",
        { Removed: null, HasError: true } => "has a removal_error, but no edition_removed",
        _ => null,
    };
}
