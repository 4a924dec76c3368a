// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Peregrine.Protobuf.Compiler.Sources;

namespace Peregrine.Protobuf.Compiler.Diagnostics;

/// <summary>PRG1001 to PRG1099: what the lexer and the parser have to say, one method a message.</summary>
internal static class SyntaxMessages
{
    public static void BadByteOrderMark(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1001", at, "The file starts with the byte 0xEF, but not with a UTF-8 byte order mark.", "Save the file as UTF-8.");

    public static void NestedComment(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1002", at, "\"/*\" inside a block comment: block comments do not nest.", "End the comment before, or use \"//\" inside it.");

    public static void UnterminatedComment(DiagnosticBag bag, SourceSpan at, SourceSpan start)
    {
        (int line, int column) = bag.Source!.GetPosition(start.Start);
        bag.Error("PRG1003", at, string.Create(CultureInfo.InvariantCulture, $"The file ends inside the block comment that starts at {line}:{column}."), "Add \"*/\".");
    }

    public static void ControlCharacter(DiagnosticBag bag, SourceSpan at, byte c) =>
        bag.Error("PRG1004", at, string.Create(CultureInfo.InvariantCulture, $"The control character 0x{c:X2} is not allowed here."), "Remove it; inside a string write it as an escape sequence.");

    public static void NotAscii(DiagnosticBag bag, SourceSpan at, byte c) =>
        bag.Error("PRG1005", at, string.Create(CultureInfo.InvariantCulture, $"The byte {c} is not ASCII; outside of comments and strings only ASCII is allowed."), "Names consist of ASCII letters, digits and underscores.");

    public static void SpaceBeforeDecimalPoint(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1006", at, "A space is needed between a name and a decimal point.", "Write a space, or remove the point.");

    public static void HexDigitsExpected(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1007", at, "\"0x\" must be followed by hexadecimal digits.", "Write 0 for zero.");

    public static void NotOctal(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1008", at, "A number that starts with 0 is octal: its digits are 0 to 7.", "Remove the leading zero for a decimal number.");

    public static void ExponentExpected(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1009", at, "\"e\" must be followed by the digits of an exponent.", "Write the exponent, or remove the \"e\".");

    public static void SpaceAfterNumber(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1010", at, "A space is needed between a number and a name.", "Write a space; names cannot start with a digit.");

    public static void SecondDecimalPoint(DiagnosticBag bag, SourceSpan at, SourceSpan number, bool isFloat) =>
        bag.Error("PRG1011", at, isFloat
            ? $"The number {bag.Source!.GetText(number)} has a decimal point or an exponent already."
            : "Hexadecimal and octal numbers must be integers.");

    public static void UnterminatedString(DiagnosticBag bag, SourceSpan at, SourceSpan start)
    {
        (int line, int column) = bag.Source!.GetPosition(start.Start);
        bag.Error("PRG1012", at, string.Create(CultureInfo.InvariantCulture, $"The file ends inside the string that starts at {line}:{column}."), "Add the closing quote.");
    }

    public static void LineEndInString(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1013", at, "A string must end on the line it starts on.", "Add the closing quote; write a line end as \\n; adjacent strings are joined.");

    public static void BadHexEscape(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1014", at, "\\x must be followed by one or two hexadecimal digits.", "Write the digits, or \\\\ for a backslash.");

    public static void BadUnicodeEscape(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1015", at, "\\u must be followed by four hexadecimal digits.", "Write the digits, or \\\\ for a backslash.");

    public static void BadLongUnicodeEscape(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1016", at, "\\U must be followed by eight hexadecimal digits of at most 0010ffff.", "Write the digits, or use \\u with four.");

    public static void BadEscape(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1017", at, "Unknown escape sequence.", "Known are \\a \\b \\f \\n \\r \\t \\v \\\\ \\? \\' \\\", octal \\123, \\x1F, \\u0041 and \\U0001F600.");

    public static void Expected(DiagnosticBag bag, SourceSpan at, string what, string found, string? hint = null) =>
        bag.Error("PRG1018", at, $"Expected {what}, but found {found}.", hint);

    public static void EndOfFileIn(DiagnosticBag bag, SourceSpan at, string what) =>
        bag.Error("PRG1019", at, $"The file ends inside the {what}.", "Add the missing \"}\".");

    public static void UnmatchedBrace(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1020", at, "This \"}\" closes nothing.", "Remove it, or add the \"{\" that it should close.");

    public static void MissingFieldNumber(DiagnosticBag bag, SourceSpan at, string name) =>
        bag.Error("PRG1021", at, $"The field \"{name}\" has no number.", $"Write \"{name} = N\" with a number that no other field of the message has.");

    public static void MissingEnumNumber(DiagnosticBag bag, SourceSpan at, string name) =>
        bag.Error("PRG1022", at, $"The enum value \"{name}\" has no number.", $"Write \"{name} = N\".");

    public static void IntegerOutOfRange(DiagnosticBag bag, SourceSpan at, string text, string limit, string? hint = null) =>
        bag.Error("PRG1023", at, $"The integer {text} is out of range; {limit}.", hint);

    public static void UnknownSyntax(DiagnosticBag bag, SourceSpan at, string value) =>
        bag.Error("PRG1024", at, $"Unknown syntax \"{value}\".", "Known are \"proto2\" and \"proto3\"; newer files say edition = \"2023\" instead.");

    public static void UnknownEdition(DiagnosticBag bag, SourceSpan at, string value) =>
        bag.Error("PRG1025", at, $"Unknown edition \"{value}\".", "Known are \"2023\" and \"2024\".");

    public static void TooDeep(DiagnosticBag bag, SourceSpan? at, int limit) =>
        bag.Error("PRG1026", at, string.Create(CultureInfo.InvariantCulture, $"Messages are nested more than {limit} deep."), "Move inner messages to the top level.");

    public static void NumberOutOfBounds(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1027", at, "The number is out of bounds: 2147483647 cannot be part of a range.", "Write \"max\" for the largest number.");

    public static void NegativeName(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1028", at, "Behind \"-\" must stand a number, \"inf\" or \"nan\".", "Remove the minus sign.");

    public static void NegativeString(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1029", at, "A string cannot have a minus sign.", "Remove the minus sign.");

    public static void MissingGroupBody(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1030", at, "The group has no body.", "Write the group's fields in braces, or use a message type instead of \"group\".");

    public static void MultiplePackages(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1031", at, "The file declares its package twice.", "Keep one \"package\" statement.");

    public static void OptionSetTwice(DiagnosticBag bag, SourceSpan at, string name) =>
        bag.Error("PRG1032", at, $"\"{name}\" is set twice on this field.", "Keep one of them.");
}
