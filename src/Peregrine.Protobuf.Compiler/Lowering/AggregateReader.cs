// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Emit;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;
using Peregrine.Protobuf.Literals;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>Reads the value of an option in braces: protobuf's text format, over the tokens of the .proto file.</summary>
internal sealed class AggregateReader(FileSymbol file, SymbolTable table, int first, int end)
{
    private const int MaxDepth = 200;

    private readonly TokenList _tokens = file.Tree.Tokens;
    private int _at = first;

    /// <summary>What is wrong, after <see cref="Read"/> has returned null.</summary>
    public string? Error { get; private set; }

    /// <summary>Whether reading ended at a field whose type was reported as unknown: that is no error of the value.</summary>
    public bool MetUnresolved { get; private set; }

    /// <summary>Where it is wrong.</summary>
    public int ErrorToken { get; private set; }

    /// <summary>Reads all tokens as the fields of a message; null if they are none.</summary>
    public OptionMessage? Read(MessageSymbol type)
    {
        OptionMessage message = new(type);
        return ReadFields(message, closer: '\0', depth: 0) && HasRequired(message, "the message") ? message : null;
    }

    // In text format "#" starts a comment; protoc hands over the value as one line, so the comment goes to its end.
    private bool AtEnd => _at >= end || (_tokens[_at].Kind == TokenKind.Symbol && _tokens.Bytes(_at)[0] == '#');

    private bool At(char symbol) => !AtEnd && _tokens[_at].Kind == TokenKind.Symbol && _tokens.Bytes(_at)[0] == symbol;

    private bool TryTake(char symbol)
    {
        if (!At(symbol))
        {
            return false;
        }

        _at++;
        return true;
    }

    private bool Fail(string problem)
    {
        Error ??= problem;
        ErrorToken = Math.Min(_at, end);
        return false;
    }

    private bool HasRequired(OptionMessage message, string what)
    {
        List<string> missing = RequiredFields.FindMissing(message);
        return missing.Count == 0 || Fail($"{what} lacks required fields: {string.Join(", ", missing)}.");
    }

    private bool FailExpected(string what) => Fail($"expected {what}, found {(AtEnd ? "the end of the value" : $"\"{_tokens.Text(_at)}\"")}.");

    private bool ReadFields(OptionMessage message, char closer, int depth)
    {
        if (depth > MaxDepth)
        {
            return Fail("messages are nested too deep.");
        }

        while (closer == '\0' ? !AtEnd : !TryTake(closer))
        {
            if (AtEnd)
            {
                return FailExpected($"\"{closer}\"");
            }

            if (!ReadField(message, depth))
            {
                return false;
            }

            _ = TryTake(';') || TryTake(',');
        }

        return true;
    }

    private bool ReadField(OptionMessage message, int depth)
    {
        int start = _at;
        FieldSymbol? field;
        if (TryTake('['))
        {
            if (!ReadBracketName(out string name, out bool isUrl))
            {
                return false;
            }

            if (isUrl)
            {
                return ReadAny(message, name, depth);
            }

            field = FindExtension(message.Type, name);
            if (field is null)
            {
                _at = start;
                return Fail($"\"{name}\" is not a known extension of \"{message.Type.FullName}\".");
            }
        }
        else
        {
            if (AtEnd || _tokens[_at].Kind != TokenKind.Identifier)
            {
                return FailExpected("the name of a field");
            }

            string name = _tokens.Text(_at);
            field = FindField(message.Type, name);
            if (field is null)
            {
                return Fail($"\"{message.Type.FullName}\" has no field \"{name}\"{(Suggestions.Nearest(name, message.Type.Fields.ConvertAll(known => known.Name)) is { } near ? $"; did you mean \"{near}\"?" : ".")}");
            }

            _at++;
        }

        if (field.Kind == FieldKind.Unresolved)
        {
            MetUnresolved = true;
            return Fail("the type of the field is not known.");
        }

        return CheckField(message, field, start) && ReadFieldValue(message, field, depth);
    }

    private bool CheckField(OptionMessage message, FieldSymbol field, int start)
    {
        if (field.IsRepeated)
        {
            return true;
        }

        if (message.Has(field.Number))
        {
            _at = start;
            return Fail($"the field \"{field.Name}\" is set twice.");
        }

        if (field.Oneof is { IsSynthetic: false } oneof)
        {
            if (message.FindOneof(oneof) is { } other)
            {
                _at = start;
                return Fail($"\"{field.Name}\" and \"{other.Name}\" are both set, but belong to the oneof \"{oneof.Name}\".");
            }
        }

        return true;
    }

    private static FieldSymbol? FindField(MessageSymbol type, string name)
    {
        FieldSymbol? field = type.FindField(name);
        if (field is { Kind: FieldKind.Group })
        {
            return null;
        }

        // A group's field is called by the name of its type, which has the capital letter.
        return field ?? type.Fields.Find(f => f.Kind == FieldKind.Group && f.Type?.Name == name)
            ?? type.Fields.Find(f => f.IsDelimited && f.Type?.Name == name && f.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    private bool ReadBracketName(out string name, out bool isUrl)
    {
        StringBuilder text = new();
        isUrl = false;
        while (!AtEnd && !At(']'))
        {
            if (_tokens[_at].Kind is not (TokenKind.Identifier or TokenKind.Symbol or TokenKind.Integer or TokenKind.Float))
            {
                break;
            }

            isUrl |= At('/');
            text.Append(_tokens.Text(_at++));
        }

        name = text.ToString();
        return TryTake(']') || FailExpected("\"]\"");
    }

    private FieldSymbol? FindExtension(MessageSymbol type, string name)
    {
        Symbol? symbol = table.Resolve(name, type.FullName, file, typesOnly: false, forOptions: true).Symbol;
        if (symbol is not null)
        {
            file.Used.Add(symbol.File);
        }

        if (symbol is FieldSymbol { IsExtension: true } extension)
        {
            return extension.ContainingType?.FullName == type.FullName ? extension : null;
        }

        // An extension of a message set may be called by its type.
        return symbol is MessageSymbol message && type.IsMessageSet
            ? message.Extensions.Find(e => ReferenceEquals(e.ContainingType, type) && ReferenceEquals(e.Type, message))
            : null;
    }

    private bool ReadAny(OptionMessage message, string url, int depth)
    {
        if (message.Type.FullName != "google.protobuf.Any" || message.Type.FindField("type_url") is not { } urlField || message.Type.FindField("value") is not { } valueField)
        {
            return Fail($"\"{message.Type.FullName}\" is not google.protobuf.Any.");
        }

        if (message.Has(urlField.Number))
        {
            return Fail("the Any is set twice.");
        }

        string name = url[(url.LastIndexOf('/') + 1)..];
        if (url != "type.googleapis.com/" + name && url != "type.googleprod.com/" + name)
        {
            return Fail($"the type URL \"{url}\" does not start with type.googleapis.com.");
        }

        if (table.Resolve("." + name, "", file, typesOnly: true, forOptions: true).Symbol is not MessageSymbol type)
        {
            return Fail($"the type \"{name}\" of the Any is not defined, or not imported.");
        }

        file.Used.Add(type.File);
        TryTake(':');
        char closer = TryTake('<') ? '>' : '}';
        if (closer == '}' && !TryTake('{'))
        {
            return FailExpected("\"{\"");
        }

        OptionMessage content = new(type);
        if (!ReadFields(content, closer, depth + 1))
        {
            return false;
        }

        if (!HasRequired(content, $"the \"{name}\" in the Any"))
        {
            return false;
        }

        WireBuffer bytes = new();
        OptionWriter.Write(bytes, content);
        message.Add(urlField, Encoding.UTF8.GetBytes(url));
        message.Add(valueField, bytes.ToArray());
        return true;
    }

    private bool ReadFieldValue(OptionMessage message, FieldSymbol field, int depth)
    {
        bool colon = TryTake(':');
        if (!colon && !field.IsMessage)
        {
            return FailExpected("\":\"");
        }

        if (!At('[') || !field.IsRepeated)
        {
            return ReadValue(message, field, depth);
        }

        _at++;
        if (TryTake(']'))
        {
            return true;
        }

        do
        {
            if (!ReadValue(message, field, depth))
            {
                return false;
            }
        }
        while (TryTake(','));
        return TryTake(']') || FailExpected("\"]\"");
    }

    private bool ReadValue(OptionMessage message, FieldSymbol field, int depth)
    {
        if (field.MessageType is { } type)
        {
            char closer = TryTake('<') ? '>' : '}';
            if (closer == '}' && !TryTake('{'))
            {
                return FailExpected("\"{\"");
            }

            OptionMessage inner = new(type);
            if (!ReadFields(inner, closer, depth + 1))
            {
                return false;
            }

            message.Add(field, inner);
            return true;
        }

        object? value = ReadScalar(field);
        if (value is null)
        {
            return false;
        }

        message.Add(field, value);
        return true;
    }

    private object? ReadScalar(FieldSymbol field)
    {
        int start = _at;
        object? value = field.Kind switch
        {
            FieldKind.Int32 or FieldKind.SInt32 or FieldKind.SFixed32 => ReadSigned(1UL << 31, int.MaxValue) is { } i ? (int)i : null,
            FieldKind.Int64 or FieldKind.SInt64 or FieldKind.SFixed64 => ReadSigned(1UL << 63, long.MaxValue),
            FieldKind.UInt32 or FieldKind.Fixed32 => ReadUnsigned(uint.MaxValue) is { } u ? (uint)u : null,
            FieldKind.UInt64 or FieldKind.Fixed64 => ReadUnsigned(ulong.MaxValue),
            FieldKind.Float => ReadNumber() is { } f ? (float)f : null,
            FieldKind.Double => ReadNumber(),
            FieldKind.Bool => ReadBool(),
            FieldKind.Enum => ReadEnum(field.EnumType!),
            _ => ReadString(),
        };
        if (value is null && Error is null)
        {
            _at = start;
            FailExpected($"a value of type {field.Type?.FullName ?? FieldKinds.Keyword(field.Kind)}");
        }

        return value;
    }

    private ulong? ReadUnsigned(ulong max)
    {
        if (AtEnd || _tokens[_at].Kind != TokenKind.Integer || !TextLiterals.TryParseInteger(_tokens.Bytes(_at), max, out ulong value))
        {
            return null;
        }

        _at++;
        return value;
    }

    private long? ReadSigned(ulong maxNegative, ulong maxPositive)
    {
        bool negative = TryTake('-');
        return ReadUnsigned(negative ? maxNegative : maxPositive) is { } value ? (long)(negative ? 0 - value : value) : null;
    }

    private double? ReadNumber()
    {
        bool negative = TryTake('-');
        if (AtEnd)
        {
            return null;
        }

        double value;
        ReadOnlySpan<byte> text = _tokens.Bytes(_at);
        switch (_tokens[_at].Kind)
        {
            case TokenKind.Integer when text is [(byte)'0', _, ..]:
                Fail("a number of type float or double cannot be hexadecimal or octal.");
                return null;
            case TokenKind.Integer when TextLiterals.TryParseInteger(text, ulong.MaxValue, out ulong integer):
                value = integer;
                break;
            case TokenKind.Integer or TokenKind.Float when TextLiterals.TryParseDouble(text, out double number):
                value = number;
                break;
            case TokenKind.Identifier when IsWord("inf") || IsWord("infinity"):
                value = double.PositiveInfinity;
                break;
            case TokenKind.Identifier when IsWord("nan"):
                value = TextLiterals.NaN;
                break;
            default:
                return null;
        }

        _at++;
        return negative ? -value : value;
    }

    private bool IsWord(string word) => _tokens.Text(_at).Equals(word, StringComparison.OrdinalIgnoreCase);

    private bool? ReadBool()
    {
        bool? value = AtEnd ? null : _tokens.Text(_at) switch
        {
            "true" or "True" or "t" or "1" => true,
            "false" or "False" or "f" or "0" => false,
            _ => null,
        };
        _at += value is null ? 0 : 1;
        return value;
    }

    private object? ReadEnum(EnumSymbol type)
    {
        if (!AtEnd && _tokens[_at].Kind == TokenKind.Identifier)
        {
            string name = _tokens.Text(_at);
            if (type.FindValue(name) is not { } value)
            {
                Fail($"the enum \"{type.FullName}\" has no value \"{name}\".");
                return null;
            }

            _at++;
            return value.Number;
        }

        int? number = ReadSigned(1UL << 31, int.MaxValue) is { } n ? (int)n : null;
        return number is { } known && type.IsClosed && type.FindValue(known) is null ? null : number;
    }

    private byte[]? ReadString()
    {
        if (AtEnd || _tokens[_at].Kind != TokenKind.String)
        {
            return null;
        }

        ArrayBufferWriter<byte> output = new();
        while (!AtEnd && _tokens[_at].Kind == TokenKind.String)
        {
            TextLiterals.Unquote(_tokens.Bytes(_at++), output);
        }

        return output.WrittenSpan.ToArray();
    }
}
