// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using System.Globalization;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>Checks numbers, ranges and reserved names: what can be seen before types are known.</summary>
internal sealed class CheckNumbers(FileSymbol file)
{
    private const int FirstOwnNumber = 19000;
    private const int LastOwnNumber = 19999;

    private static readonly HashSet<string> NoNames = [];

    public static void Run(FileSymbol file)
    {
        CheckNumbers pass = new(file);
        file.Messages.ForEach(pass.CheckMessage);
        file.Enums.ForEach(pass.CheckEnum);
        file.Extensions.ForEach(pass.CheckField);
    }

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

    private void CheckMessage(MessageSymbol message)
    {
        foreach (OneofSymbol oneof in message.Oneofs)
        {
            if (oneof.Fields.Count == 0 && !file.Tree.HasErrors)
            {
                LoweringMessages.EmptyOneof(file.Diagnostics, oneof);
            }
        }

        message.Fields.ForEach(CheckField);
        message.Enums.ForEach(CheckEnum);
        message.Messages.ForEach(CheckMessage);
        foreach (ExtensionRangeSymbol range in message.ExtensionRanges)
        {
            CheckRange(range.Syntax, message, "extension range");
        }

        message.Extensions.ForEach(CheckField);
        foreach (RangeSyntax range in message.ReservedRanges)
        {
            CheckRange(range, message, "reserved range");
        }

        CheckReserved(message);
    }

    private void CheckField(FieldSymbol field)
    {
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
        else if (field.Number is >= FirstOwnNumber and <= LastOwnNumber)
        {
            LoweringMessages.NumberReservedByProtobuf(file.Diagnostics, at, field.Number);
        }
    }

    private void CheckRange(RangeSyntax range, MessageSymbol message, string what)
    {
        SourceSpan? at = file.SpanOf(range);
        if (range.Start <= 0)
        {
            LoweringMessages.NumberNotPositive(file.Diagnostics, at, what == "extension range" ? "An extension number" : "A reserved number");
        }

        int end = message.ExclusiveEnd(range);
        if (range.Start >= end)
        {
            LoweringMessages.RangeBackwards(file.Diagnostics, at, what);
        }
        else if (what == "extension range" && !message.IsMessageSet && end > FieldSymbol.MaxNumber + 1)
        {
            LoweringMessages.NumberTooLarge(file.Diagnostics, at, end - 1);
        }
    }

    private void CheckReserved(MessageSymbol message)
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

        foreach (ExtensionRangeSymbol range in message.ExtensionRanges)
        {
            if (range.Start < range.End && reserved.Find(range.Start, range.End) is >= 0 and int found)
            {
                ReportOverlap(message, range.Syntax, message.ReservedRanges[found], "extension range", "reserved range");
            }
        }

        foreach ((int first, int second) in extensions.Overlaps())
        {
            ReportOverlap(message, message.ExtensionRanges[first].Syntax, message.ExtensionRanges[second].Syntax, "extension range", "extension range");
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

    private void CheckEnum(EnumSymbol symbol)
    {
        if (symbol.Values.Count == 0 && !file.Tree.HasErrors)
        {
            LoweringMessages.EmptyEnum(file.Diagnostics, symbol);
        }

        foreach (RangeSyntax range in symbol.ReservedRanges)
        {
            if (range.Start > range.End)
            {
                LoweringMessages.RangeBackwards(file.Diagnostics, file.SpanOf(range), "reserved range");
            }
        }

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
