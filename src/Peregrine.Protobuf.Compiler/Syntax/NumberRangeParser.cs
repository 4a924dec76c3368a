// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Syntax;

/// <summary>Parses what sets numbers aside: <c>extensions</c> and <c>reserved</c>. A false answer has been reported.</summary>
internal sealed class NumberRangeParser(TokenCursor cursor)
{
    private enum RangeKind
    {
        Extensions,
        ReservedFields,
        ReservedValues,
    }

    private readonly OptionParser _options = new(cursor);

    public bool ParseExtensions(List<SyntaxNode> members)
    {
        ExtensionsSyntax extensions = new() { First = cursor.Position };
        members.Add(extensions);
        cursor.Next();
        bool ok;
        do
        {
            ok = ParseRange(extensions.Ranges, RangeKind.Extensions, "the number at which the range starts");
        }
        while (ok && cursor.TryTake(","u8));

        if (ok)
        {
            ok = _options.ParseCompact(fieldType: null, out CompactOptionsSyntax? options);
            extensions.Options = options;
        }

        ok = ok && cursor.Take(";"u8);
        extensions.Last = cursor.Previous;
        return ok;
    }

    public bool ParseReserved(List<SyntaxNode> members, bool ofEnum)
    {
        ReservedSyntax reserved = new() { First = cursor.Position };
        members.Add(reserved);
        cursor.Next();
        bool ok;
        if (cursor.Kind is TokenKind.String or TokenKind.Identifier)
        {
            bool strings = cursor.Kind == TokenKind.String;
            do
            {
                ReservedNameSyntax name = new() { IsString = strings, First = cursor.Position };
                if (strings)
                {
                    ok = cursor.TakeString("a name in quotes", out byte[] bytes);
                    name.Name = ByteText.Decode(bytes);
                }
                else
                {
                    ok = cursor.TakeIdentifier("a name", out string text);
                    name.Name = text;
                }

                name.Last = cursor.Previous;
                reserved.Names.Add(name);
            }
            while (ok && cursor.TryTake(","u8));
        }
        else
        {
            do
            {
                ok = ParseRange(reserved.Ranges, ofEnum ? RangeKind.ReservedValues : RangeKind.ReservedFields, reserved.Ranges.Count == 0 ? "a name or a number" : "a number");
            }
            while (ok && cursor.TryTake(","u8));
        }

        ok = ok && cursor.Take(";"u8);
        reserved.Last = cursor.Previous;
        return ok;
    }

    private bool ParseRange(List<RangeSyntax> ranges, RangeKind kind, string what)
    {
        RangeSyntax range = new() { First = cursor.Position, EndToken = cursor.Position };
        ranges.Add(range);
        bool ok = TakeRangeNumber(kind, what, out int start);
        range.Start = start;
        range.End = start;
        range.StartLast = cursor.Previous;
        bool startIsBad = cursor.HasBadInteger;
        if (ok && cursor.TryTake("to"u8))
        {
            range.EndToken = cursor.Position;
            if (cursor.TryTake("max"u8))
            {
                range.EndIsMax = true;
                range.End = int.MaxValue;
            }
            else
            {
                ok = TakeRangeNumber(kind, "a number or \"max\"", out int end);
                range.End = end;
            }
        }

        range.Last = cursor.Previous;
        if (!ok || startIsBad || cursor.HasBadInteger)
        {
            // What is not known is not checked.
            ranges.Remove(range);
        }

        return ok;
    }

    private bool TakeRangeNumber(RangeKind kind, string what, out int number)
    {
        if (kind == RangeKind.ReservedValues)
        {
            return cursor.TakeSignedInteger(what, out number);
        }

        bool ok = cursor.TakeInteger(int.MaxValue, what, out ulong value);
        number = (int)value;
        if (ok && number == int.MaxValue && kind == RangeKind.Extensions)
        {
            // Ends are exclusive in descriptors, and this one has no successor. Of reserved numbers that is found out later.
            SyntaxMessages.NumberOutOfBounds(cursor.Diagnostics, cursor.Here);
            return false;
        }

        return ok;
    }
}
