// SPDX-License-Identifier: Apache-2.0
using System;
using System.Text;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;
using Peregrine.Protobuf.Literals;

namespace Peregrine.Protobuf.Compiler.Syntax;

/// <summary>Parses options: statements, brackets, and the two properties of fields that look like options.</summary>
internal sealed class OptionParser(TokenCursor cursor)
{
    /// <summary>Parses <c>option name = value;</c>.</summary>
    public bool ParseStatement(out OptionSyntax option)
    {
        option = new OptionSyntax { IsStatement = true, First = cursor.Position };
        bool ok = cursor.Take("option"u8) && ParseAssignment(option) && cursor.Take(";"u8);
        option.Last = cursor.Previous;
        return ok;
    }

    /// <summary>Parses options in brackets, if there are any.</summary>
    /// <param name="fieldType">The type, if these are the options of a field: then they may hold its default and JSON name.</param>
    /// <param name="options">The options, or null.</param>
    public bool ParseCompact(TypeSyntax? fieldType, out CompactOptionsSyntax? options)
    {
        options = null;
        if (!cursor.At("["u8))
        {
            return true;
        }

        options = new CompactOptionsSyntax { First = cursor.Position };
        cursor.Next();
        do
        {
            bool ok;
            SyntaxNode entry;
            if (fieldType is not null && cursor.At("default"u8))
            {
                entry = new DefaultSyntax { First = cursor.Position };
                CheckRepeated<DefaultSyntax>(options, "default");
                ok = ParseDefault((DefaultSyntax)entry, fieldType);
            }
            else if (fieldType is not null && cursor.At("json_name"u8))
            {
                entry = new JsonNameSyntax { First = cursor.Position };
                CheckRepeated<JsonNameSyntax>(options, "json_name");
                ok = ParseJsonName((JsonNameSyntax)entry);
            }
            else
            {
                entry = new OptionSyntax { First = cursor.Position };
                ok = ParseAssignment((OptionSyntax)entry);
            }

            entry.Last = cursor.Previous;
            options.Entries.Add(entry);
            if (!ok)
            {
                options.Last = cursor.Previous;
                return false;
            }
        }
        while (cursor.TryTake(","u8));

        bool closed = cursor.Take("]"u8);
        options.Last = cursor.Previous;
        return closed;
    }

    private void CheckRepeated<T>(CompactOptionsSyntax options, string name)
        where T : SyntaxNode
    {
        foreach (SyntaxNode entry in options.Entries)
        {
            if (entry is T)
            {
                SyntaxMessages.OptionSetTwice(cursor.Diagnostics, cursor.Here, name);
                return;
            }
        }
    }

    private bool ParseAssignment(OptionSyntax option)
    {
        option.NameToken = cursor.Position;
        do
        {
            if (!ParseNamePart(option))
            {
                return false;
            }
        }
        while (cursor.TryTake("."u8));

        return cursor.Take("="u8) && ParseValue(option);
    }

    private bool ParseNamePart(OptionSyntax option)
    {
        int token = cursor.Position;
        if (!cursor.TryTake("("u8))
        {
            bool ok = cursor.TakeIdentifier("the name of an option", out string name);
            option.Name.Add(new OptionNamePart(name, false, token));
            return ok;
        }

        int first = cursor.Position;
        bool good = true;
        if (cursor.Kind == TokenKind.Identifier)
        {
            cursor.Next();
        }

        while (good && cursor.TryTake("."u8))
        {
            good = cursor.TakeIdentifier("the name of an extension");
        }

        option.Name.Add(new OptionNamePart(cursor.JoinedText(first), true, token));
        return good && cursor.Take(")"u8);
    }

    private bool ParseValue(OptionSyntax option)
    {
        option.ValueToken = cursor.Position;
        bool negative = cursor.TryTake("-"u8);
        bool ok = cursor.Kind switch
        {
            TokenKind.Identifier => ParseIdentifierValue(option, negative),
            TokenKind.Integer or TokenKind.Float => ParseNumberValue(option, negative),
            TokenKind.String => ParseStringValue(option, negative),
            _ => ParseAggregate(option),
        };
        option.ValueEnd = Math.Max(option.ValueToken, cursor.Previous);
        return ok;
    }

    private bool ParseIdentifierValue(OptionSyntax option, bool negative)
    {
        string text = cursor.Text;
        if (negative)
        {
            cursor.Next();
            if (text is not ("inf" or "nan"))
            {
                SyntaxMessages.NegativeName(cursor.Diagnostics, cursor.Here);
                return false;
            }

            option.Kind = OptionValueKind.Double;
            option.DoubleValue = text == "inf" ? double.NegativeInfinity : TextLiterals.NaN;
            return true;
        }

        cursor.Next();
        option.Kind = OptionValueKind.Identifier;
        option.Identifier = text;
        return true;
    }

    private bool ParseNumberValue(OptionSyntax option, bool negative)
    {
        ulong max = negative ? 1UL << 63 : ulong.MaxValue;
        if (cursor.Kind == TokenKind.Integer && TextLiterals.TryParseInteger(cursor.Bytes, max, out ulong value))
        {
            cursor.Next();
            option.Kind = negative ? OptionValueKind.NegativeInteger : OptionValueKind.PositiveInteger;
            option.NegativeValue = negative ? (long)(0 - value) : 0;
            option.PositiveValue = negative ? 0 : value;
            return true;
        }

        // An integer that is too large for 64 bits is a floating-point number.
        bool ok = TakeNumber("a number", out double number);
        option.Kind = OptionValueKind.Double;
        option.DoubleValue = negative ? -number : number;
        return ok;
    }

    private bool ParseStringValue(OptionSyntax option, bool negative)
    {
        if (negative)
        {
            SyntaxMessages.NegativeString(cursor.Diagnostics, cursor.Here);
            return false;
        }

        option.Kind = OptionValueKind.String;
        bool ok = cursor.TakeString("a string", out byte[] bytes);
        option.Bytes = bytes;
        return ok;
    }

    // Only the braces are matched here: what stands between them is read when the type of the option is known.
    private bool ParseAggregate(OptionSyntax option)
    {
        if (!cursor.At("{"u8))
        {
            cursor.Expected("the value of the option");
            return false;
        }

        // A minus sign before it means nothing, and is allowed.
        option.Kind = OptionValueKind.Aggregate;
        option.BraceToken = cursor.Position;
        int depth = 0;
        while (!cursor.AtEnd)
        {
            depth += cursor.At("{"u8) ? 1 : cursor.At("}"u8) ? -1 : 0;
            cursor.Next();
            if (depth == 0)
            {
                return true;
            }
        }

        SyntaxMessages.EndOfFileIn(cursor.Diagnostics, cursor.Here, "value of the option");
        return false;
    }

    private bool ParseJsonName(JsonNameSyntax json)
    {
        cursor.Next();
        if (!cursor.Take("="u8))
        {
            return false;
        }

        json.ValueToken = cursor.Position;
        bool ok = cursor.TakeString("a string with the JSON name", out byte[] bytes);
        json.Value = ByteText.Decode(bytes);
        return ok;
    }

    private bool ParseDefault(DefaultSyntax node, TypeSyntax type)
    {
        cursor.Next();
        if (!cursor.Take("="u8))
        {
            return false;
        }

        node.ValueToken = cursor.Position;
        switch (type.Scalar)
        {
            case FieldKind.Unresolved:
                // A map, a message or an enum: which of them is not known yet, and what is no value of the enum is found later.
                node.Value = cursor.Bytes.ToArray();
                if (!cursor.AtEnd)
                {
                    cursor.Next();
                }

                return true;
            case FieldKind.Int32 or FieldKind.SInt32 or FieldKind.SFixed32:
                return ParseIntegerDefault(node, int.MaxValue, signed: true);
            case FieldKind.Int64 or FieldKind.SInt64 or FieldKind.SFixed64:
                return ParseIntegerDefault(node, long.MaxValue, signed: true);
            case FieldKind.UInt32 or FieldKind.Fixed32:
                return ParseIntegerDefault(node, uint.MaxValue, signed: false);
            case FieldKind.UInt64 or FieldKind.Fixed64:
                return ParseIntegerDefault(node, ulong.MaxValue, signed: false);
            case FieldKind.Float or FieldKind.Double:
                {
                    bool negative = cursor.TryTake("-"u8);
                    bool ok = TakeNumber("a number", out double value);
                    value = negative ? -value : value;
                    node.Value = Encoding.ASCII.GetBytes(type.Scalar == FieldKind.Float ? TextLiterals.FormatFloat((float)value) : TextLiterals.FormatDouble(value));
                    return ok;
                }

            case FieldKind.Bool:
                if (!cursor.At("true"u8) && !cursor.At("false"u8))
                {
                    cursor.Expected("\"true\" or \"false\"");
                    return false;
                }

                node.Value = cursor.Bytes.ToArray();
                cursor.Next();
                return true;
            case FieldKind.String:
                {
                    bool ok = cursor.TakeString("a string", out byte[] bytes);
                    node.Value = bytes;
                    return ok;
                }

            case FieldKind.Bytes:
                {
                    bool ok = cursor.TakeString("a string", out byte[] bytes);
                    node.Value = Encoding.ASCII.GetBytes(TextLiterals.Escape(bytes));
                    return ok;
                }

            default:
                LegalizeMessages.MessageDefault(cursor.Diagnostics, cursor.Here);
                return false;
        }
    }

    private bool ParseIntegerDefault(DefaultSyntax node, ulong max, bool signed)
    {
        string sign = "";
        if (cursor.At("-"u8))
        {
            cursor.Next();
            if (!signed)
            {
                LegalizeMessages.NegativeDefaultOfUnsigned(cursor.Diagnostics, cursor.Here);
            }
            else
            {
                sign = "-";
                max++;
            }
        }

        bool ok = cursor.TakeInteger(max, "an integer", out ulong value);
        node.Value = Encoding.ASCII.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{sign}{value}"));
        return ok;
    }

    private bool TakeNumber(string what, out double value)
    {
        value = 0;
        if (cursor.At("inf"u8) || cursor.At("nan"u8))
        {
            value = cursor.At("inf"u8) ? double.PositiveInfinity : TextLiterals.NaN;
            cursor.Next();
            return true;
        }

        if (cursor.Kind is not (TokenKind.Integer or TokenKind.Float))
        {
            cursor.Expected(what);
            return false;
        }

        if (cursor.Kind == TokenKind.Integer && TextLiterals.TryParseInteger(cursor.Bytes, ulong.MaxValue, out ulong integer))
        {
            value = integer;
        }
        else if ((cursor.Kind == TokenKind.Integer && cursor.Bytes[0] == '0') || !TextLiterals.TryParseDouble(cursor.Bytes, out value))
        {
            // After a malformed number the lexer has reported already; saying it twice helps nobody.
            if (cursor.Kind == TokenKind.Integer)
            {
                SyntaxMessages.IntegerOutOfRange(cursor.Diagnostics, cursor.Here, cursor.Text, "octal and hexadecimal numbers have at most 64 bits");
            }
        }

        cursor.Next();
        return true;
    }
}
