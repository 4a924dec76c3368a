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
            if (oneof.Fields.Count == 0)
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
        if (field.Syntax is null || field.Name.Length == 0)
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
        for (int i = 0; i < message.ReservedRanges.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                CheckOverlap(message, message.ReservedRanges[j], message.ReservedRanges[i], "reserved range", "reserved range");
            }
        }

        HashSet<string> names = CheckReservedNames(message, message.ReservedNames);
        foreach (FieldSymbol field in message.Fields)
        {
            CheckFieldAgainstRanges(message, field);
            if (names.Contains(field.Name))
            {
                LoweringMessages.ReservedNameUsed(file.Diagnostics, field.NameSpan, "field", field.Name);
            }
        }

        for (int i = 0; i < message.ExtensionRanges.Count; i++)
        {
            RangeSyntax range = message.ExtensionRanges[i].Syntax;
            message.ReservedRanges.ForEach(reserved => CheckOverlap(message, range, reserved, "extension range", "reserved range"));
            for (int j = i + 1; j < message.ExtensionRanges.Count; j++)
            {
                CheckOverlap(message, range, message.ExtensionRanges[j].Syntax, "extension range", "extension range");
            }
        }
    }

    private void CheckFieldAgainstRanges(MessageSymbol message, FieldSymbol field)
    {
        foreach (ExtensionRangeSymbol range in message.ExtensionRanges)
        {
            if (range.Start <= field.Number && field.Number < range.End)
            {
                LoweringMessages.FieldInRange(file.Diagnostics, file.SpanOf(range.Syntax), field, Text(message, range.Syntax));
            }
        }

        foreach (RangeSyntax range in message.ReservedRanges)
        {
            if (range.Start <= field.Number && field.Number < message.ExclusiveEnd(range))
            {
                LoweringMessages.ReservedNumberUsed(file.Diagnostics, file.SpanOf(range), "field", field.Name, field.Number);
            }
        }
    }

    private void CheckOverlap(MessageSymbol message, RangeSyntax range, RangeSyntax other, string what, string otherWhat)
    {
        if (range.Start < message.ExclusiveEnd(other) && other.Start < message.ExclusiveEnd(range))
        {
            LoweringMessages.RangesOverlap(file.Diagnostics, file.SpanOf(range), what, Text(message, range), otherWhat, Text(message, other));
        }
    }

    private HashSet<string> CheckReservedNames(Symbol owner, List<ReservedNameSyntax> reserved)
    {
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
        if (symbol.Values.Count == 0)
        {
            LoweringMessages.EmptyEnum(file.Diagnostics, symbol);
        }

        for (int i = 0; i < symbol.ReservedRanges.Count; i++)
        {
            RangeSyntax range = symbol.ReservedRanges[i];
            if (range.Start > range.End)
            {
                LoweringMessages.RangeBackwards(file.Diagnostics, file.SpanOf(range), "reserved range");
            }

            for (int j = 0; j < i; j++)
            {
                RangeSyntax other = symbol.ReservedRanges[j];
                if (range.Start <= other.End && other.Start <= range.End)
                {
                    LoweringMessages.RangesOverlap(file.Diagnostics, file.SpanOf(other), "reserved range", Text(other), "reserved range", Text(range));
                }
            }
        }

        HashSet<string> names = CheckReservedNames(symbol, symbol.ReservedNames);
        foreach (EnumValueSymbol value in symbol.Values)
        {
            foreach (RangeSyntax range in symbol.ReservedRanges)
            {
                if (range.Start <= value.Number && value.Number <= range.End)
                {
                    LoweringMessages.ReservedNumberUsed(file.Diagnostics, file.SpanOf(range), "enum value", value.Name, value.Number);
                }
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
