// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using System.Globalization;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>Checks numbers, ranges and reserved names: what can be seen before types are known. Part of <see cref="DeclareSymbols"/>.</summary>
internal sealed class CheckNumbers(FileSymbol file)
{
    private const int FirstOwnNumber = 19000;
    private const int LastOwnNumber = 19999;

    private static readonly HashSet<string> NoNames = [];

    /// <summary>The smallest number that no field, extension range or reserved range of a message has.</summary>
    public static int? NextFreeNumber(MessageSymbol message)
    {
        List<(long Start, long End)> taken = [(FirstOwnNumber, LastOwnNumber + 1)];
        message.Fields.ForEach(field => taken.Add((field.Number, (long)field.Number + 1)));
        message.ReservedRanges.ForEach(range => taken.Add((range.Start, message.ExclusiveEnd(range))));
        message.ExtensionRanges.ForEach(range => taken.Add((range.Start, range.End)));
        taken.Sort();
        long next = 1;
        foreach ((long start, long end) in taken)
        {
            if (start > next)
            {
                break;
            }

            next = end > next ? end : next;
        }

        return next <= FieldSymbol.MaxNumber ? (int)next : null;
    }

    public void CheckField(FieldSymbol field)
    {
        if (field is { IsExtension: true, Label: FieldLabel.Required })
        {
            ConstraintMessages.RequiredExtension(file.Diagnostics, file.SpanOf(field.TypeSyntax!.First));
        }

        if (field is { IsRepeated: true, Default: { } value })
        {
            LoweringMessages.RepeatedDefault(file.Diagnostics, file.SpanOf(value.ValueToken), field);
        }

        if (field.Syntax is not { HasNumber: true })
        {
            return;
        }

        SourceSpan? at = file.SpanOf(field.Syntax.NumberToken);
        if (field.Number <= 0)
        {
            LoweringMessages.NumberNotPositive(file.Diagnostics, at, "A field number");
        }
        else if (field.Number > FieldSymbol.MaxNumber && !field.IsExtension)
        {
            LoweringMessages.NumberTooLarge(file.Diagnostics, at, field.Number);
        }
        else if (field.Number is >= FirstOwnNumber and <= LastOwnNumber && file.IsRoot)
        {
            LoweringMessages.NumberReservedByProtobuf(file.Diagnostics, at, field.Number);
        }
    }

    public void CheckExtensionRanges(MessageSymbol message) =>
        message.ExtensionRanges.ForEach(range => CheckRange(range.Syntax, message, "extension range"));

    public void CheckReservedRanges(MessageSymbol message) =>
        message.ReservedRanges.ForEach(range => CheckRange(range, message, "reserved range"));

    /// <summary>Checks that an enum has values.</summary>
    public void CheckValues(EnumSymbol symbol)
    {
        if (symbol.Values.Count == 0 && !file.Tree.HasErrors)
        {
            LoweringMessages.EmptyEnum(file.Diagnostics, symbol);
        }
    }

    public void CheckReservedRanges(EnumSymbol symbol)
    {
        foreach (RangeSyntax range in symbol.ReservedRanges)
        {
            if (range.Start > range.End)
            {
                LoweringMessages.RangeBackwards(file.Diagnostics, file.SpanOf(range), "reserved range");
            }
        }
    }

    private void CheckRange(RangeSyntax range, MessageSymbol message, string what)
    {
        SourceSpan? at = file.SpanOf(range);
        if (range.Start <= 0)
        {
            LoweringMessages.NumberNotPositive(file.Diagnostics, at, what == "extension range" ? "An extension number" : "A reserved number");
        }

        if (range.Start >= message.ExclusiveEnd(range))
        {
            LoweringMessages.RangeBackwards(file.Diagnostics, at, what);
        }
    }

    /// <summary>Checks that what is set aside does not overlap, and is not used.</summary>
    public void CheckReserved(MessageSymbol message)
    {
        NumberRanges reserved = message.ReservedRanges.Count == 0 ? NumberRanges.None
            : new(message.ReservedRanges.ConvertAll(range => ((long)range.Start, (long)message.ExclusiveEnd(range))));
        NumberRanges extensions = message.ExtensionNumbers;
        foreach ((int first, int second) in reserved.Overlaps())
        {
            ReportOverlap(message, message.ReservedRanges[first], message.ReservedRanges[second], "reserved range", "reserved range");
        }

        HashSet<string> names = CheckReservedNames(message, message.ReservedNames);
        foreach (FieldSymbol field in message.Fields)
        {
            if (field.Syntax is not { HasNumber: false })
            {
                CheckFieldAgainstRanges(message, field, extensions, reserved);
            }

            if (names.Contains(field.Name))
            {
                LoweringMessages.ReservedNameUsed(file.Diagnostics, field.NameSpan, "field", field.Name);
            }
        }

        Dictionary<int, int> overlaps = [];
        foreach ((int first, int second) in extensions.Overlaps())
        {
            overlaps.TryAdd(first, second);
        }

        for (int i = 0; i < message.ExtensionRanges.Count; i++)
        {
            ExtensionRangeSymbol range = message.ExtensionRanges[i];
            if (range.Start < range.End && reserved.Find(range.Start, range.End) is >= 0 and int found)
            {
                ReportOverlap(message, range.Syntax, message.ReservedRanges[found], "extension range", "reserved range");
            }

            if (overlaps.TryGetValue(i, out int other))
            {
                ReportOverlap(message, range.Syntax, message.ExtensionRanges[other].Syntax, "extension range", "extension range");
            }
        }
    }

    private void CheckFieldAgainstRanges(MessageSymbol message, FieldSymbol field, NumberRanges extensions, NumberRanges reserved)
    {
        if (extensions.Find(field.Number) is >= 0 and int extension)
        {
            RangeSyntax range = message.ExtensionRanges[extension].Syntax;
            LoweringMessages.FieldInRange(file.Diagnostics, file.SpanOf(range), field, Text(message, range));
        }

        if (reserved.Find(field.Number) is >= 0 and int taken)
        {
            LoweringMessages.ReservedNumberUsed(file.Diagnostics, file.SpanOf(message.ReservedRanges[taken]), "field", field.Name, field.Number);
        }
    }

    private void ReportOverlap(MessageSymbol message, RangeSyntax range, RangeSyntax other, string what, string otherWhat) =>
        LoweringMessages.RangesOverlap(file.Diagnostics, file.SpanOf(range), what, Text(message, range), otherWhat, Text(message, other));

    private HashSet<string> CheckReservedNames(Symbol owner, List<ReservedNameSyntax> reserved)
    {
        if (reserved.Count == 0)
        {
            return NoNames;
        }

        HashSet<string> names = [];
        foreach (ReservedNameSyntax name in reserved)
        {
            if (!names.Add(name.Name))
            {
                LoweringMessages.ReservedNameTwice(file.Diagnostics, owner.NameSpan, name.Name);
            }
        }

        return names;
    }

    /// <inheritdoc cref="CheckReserved(MessageSymbol)"/>
    public void CheckReserved(EnumSymbol symbol)
    {
        NumberRanges reserved = symbol.ReservedRanges.Count == 0 ? NumberRanges.None
            : new(symbol.ReservedRanges.ConvertAll(range => ((long)range.Start, (long)range.End + 1)));
        foreach ((int first, int second) in reserved.Overlaps())
        {
            (RangeSyntax range, RangeSyntax other) = (symbol.ReservedRanges[first], symbol.ReservedRanges[second]);
            LoweringMessages.RangesOverlap(file.Diagnostics, file.SpanOf(range), "reserved range", Text(range), "reserved range", Text(other));
        }

        HashSet<string> names = CheckReservedNames(symbol, symbol.ReservedNames);
        foreach (EnumValueSymbol value in symbol.Values)
        {
            if (value.Syntax is { HasNumber: true } && reserved.Find(value.Number) is >= 0 and int found)
            {
                LoweringMessages.ReservedNumberUsed(file.Diagnostics, file.SpanOf(symbol.ReservedRanges[found]), "enum value", value.Name, value.Number);
            }

            if (names.Contains(value.Name))
            {
                LoweringMessages.ReservedNameUsed(file.Diagnostics, value.NameSpan, "enum value", value.Name);
            }
        }
    }

    private static string Text(MessageSymbol message, RangeSyntax range) =>
        string.Create(CultureInfo.InvariantCulture, $"{range.Start} to {(long)message.ExclusiveEnd(range) - 1}");

    private static string Text(RangeSyntax range) => string.Create(CultureInfo.InvariantCulture, $"{range.Start} to {range.End}");
}
