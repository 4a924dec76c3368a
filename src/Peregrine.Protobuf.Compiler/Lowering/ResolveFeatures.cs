// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>
/// Finds which features hold for every symbol: the defaults of the edition, overridden from the file inwards. proto2 and proto3
/// are editions with fixed features; their labels, groups and <c>packed</c> say the same in other words.
/// </summary>
internal static class ResolveFeatures
{
    public static void Run(FileSymbol file)
    {
        file.Features = Override(EditionDefaults.For(file.Edition), file);
        file.Messages.ForEach(message => ResolveMessage(message, file.Features));
        file.Enums.ForEach(symbol => ResolveEnum(symbol, file.Features));
        file.Extensions.ForEach(extension => ResolveField(extension, file.Features));
        foreach (ServiceSymbol service in file.Services)
        {
            service.Features = Override(file.Features, service);
            service.Methods.ForEach(method => method.Features = Override(service.Features, method));
        }

        file.Visit(symbol => CheckWritten(symbol, file));
    }

    private static void CheckWritten(Symbol symbol, FileSymbol file)
    {
        // The copies that a map's key and value have are reported at the map.
        if (Written(symbol) is not { } written || symbol.Parent is MessageSymbol { IsMapEntry: true })
        {
            return;
        }

        Sources.SourceSpan? at = symbol is not FileSymbol ? symbol.NameSpan : file.Tree.Root.Declaration is { } declaration ? file.SpanOf(declaration) : null;
        if (!file.IsEditions)
        {
            OptionMessages.FeaturesBeforeEditions(file.Diagnostics, at);
        }

        foreach (OptionField entry in written.Fields)
        {
            if (entry is { Field: { IsExtension: false, Kind: FieldKind.Enum }, Values: [.., 0] })
            {
                OptionMessages.UnknownFeatureValue(file.Diagnostics, at, entry.Field.Name);
            }
        }
    }

    /// <summary>What is written on a symbol itself, or null.</summary>
    public static OptionMessage? Written(Symbol symbol)
    {
        if (symbol.Options.Value is { } options)
        {
            foreach (OptionField entry in options.Fields)
            {
                if (entry.Field is { Name: "features", IsExtension: false })
                {
                    return entry.Values[^1] as OptionMessage;
                }
            }
        }

        return null;
    }

    private static void ResolveMessage(MessageSymbol message, FeatureValues outer)
    {
        message.Features = Override(outer, message);
        message.Oneofs.ForEach(oneof => oneof.Features = Override(message.Features, oneof));
        message.Fields.ForEach(field => ResolveField(field, field.Oneof is { IsSynthetic: false } oneof ? oneof.Features : message.Features));
        message.Messages.ForEach(nested => ResolveMessage(nested, message.Features));
        message.Enums.ForEach(nested => ResolveEnum(nested, message.Features));
        message.Extensions.ForEach(extension => ResolveField(extension, message.Features));
        message.ExtensionRanges.ForEach(range => range.Features = Override(message.Features, range));
    }

    private static void ResolveEnum(EnumSymbol symbol, FeatureValues outer)
    {
        symbol.Features = Override(outer, symbol);
        symbol.Values.ForEach(value => value.Features = Override(symbol.Features, value));
    }

    private static void ResolveField(FieldSymbol field, FeatureValues outer)
    {
        FeatureValues features = outer;
        if (!field.File.IsEditions)
        {
            if (field.Label == FieldLabel.Required)
            {
                features = features with { FieldPresence = FeatureValues.LegacyRequired };
            }

            if (field.Kind == FieldKind.Group)
            {
                features = features with { MessageEncoding = FeatureValues.Delimited };
            }

            if (field.Options.Get(OptionNumbers.Packed) is bool packed)
            {
                features = features with { RepeatedFieldEncoding = packed ? FeatureValues.Packed : FeatureValues.Expanded };
            }
        }

        field.Features = Override(features, field);
    }

    private static FeatureValues Override(FeatureValues outer, Symbol symbol) =>
        Written(symbol) is { } written ? outer.With(feature => written.Get(feature) as int?) : outer;
}
