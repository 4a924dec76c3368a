// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Peregrine.Protobuf.Compiler.CSharp.Model;
using FieldType = Peregrine.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace Peregrine.Protobuf.Compiler.CSharp.Fields;

/// <summary>How the values of one type look in C# and on the wire: the expressions that every field emitter is made of.</summary>
internal sealed class ValueKind
{
    private const int Varint = 0, Fixed64 = 1, LengthDelimited = 2, StartGroup = 3, Fixed32 = 5;

    private readonly FieldModel _field;
    private readonly CSharpGeneratorOptions _options;
    private readonly string _method;
    private readonly int _fixedSize;

    /// <summary>The kind of a field's values (for a repeated field: of one element).</summary>
    public ValueKind(FieldModel field, CSharpGeneratorOptions options)
    {
        _field = field;
        _options = options;
        (ClrType, _method, WireType, _fixedSize, Zero) = field.Type switch
        {
            FieldType.Double => ("double", "Double", Fixed64, 8, "0D"),
            FieldType.Float => ("float", "Float", Fixed32, 4, "0F"),
            FieldType.Int64 => ("long", "Int64", Varint, 0, "0L"),
            FieldType.Uint64 => ("ulong", "UInt64", Varint, 0, "0UL"),
            FieldType.Int32 => ("int", "Int32", Varint, 0, "0"),
            FieldType.Fixed64 => ("ulong", "Fixed64", Fixed64, 8, "0UL"),
            FieldType.Fixed32 => ("uint", "Fixed32", Fixed32, 4, "0U"),
            FieldType.Bool => ("bool", "Bool", Varint, 1, "false"),
            FieldType.String => ("string", "String", LengthDelimited, 0, "\"\""),
            FieldType.Bytes => (Clr.ByteString, "Bytes", LengthDelimited, 0, Clr.ByteString + ".Empty"),
            FieldType.Uint32 => ("uint", "UInt32", Varint, 0, "0U"),
            FieldType.Sfixed32 => ("int", "SFixed32", Fixed32, 4, "0"),
            FieldType.Sfixed64 => ("long", "SFixed64", Fixed64, 8, "0L"),
            FieldType.Sint32 => ("int", "SInt32", Varint, 0, "0"),
            FieldType.Sint64 => ("long", "SInt64", Varint, 0, "0L"),
            FieldType.Enum => (field.EnumType!.QualifiedName, "Enum", Varint, 0, "0"),
            FieldType.Message => (field.MessageType!.QualifiedName, "Message", LengthDelimited, 0, "null"),
            FieldType.Group => (field.MessageType!.QualifiedName, "Group", StartGroup, 0, "null"),
            _ => throw new ArgumentException($"The type {field.Type} of the field \"{field.Name}\" is not known.", nameof(field)),
        };
        if (field.IsWrapper)
        {
            Wrapped = new ValueKind(field.MessageType!.Fields[0], options);
            ClrType = Wrapped.ClrType + (Wrapped.IsReference ? options.NullMark : "?");
        }
    }

    /// <summary>The C# type: for a wrapper the nullable value, for a message the class without a question mark.</summary>
    public string ClrType { get; }

    /// <summary>
    /// Makes an empty message. A class that may have required members, as whoever generates it decides, has no constructor
    /// without arguments for others: its parser makes it.
    /// </summary>
    public string Create => _field.MessageType!.MayHaveRequiredMembers
        && !_field.MessageType.File.IsShipped && (_options.RequiredMembers || _field.MessageType.File != _field.File)
            ? $"{ClrType}.Parser.CreateTemplate()"
            : $"new {ClrType}()";

    /// <summary>The value inside a google.protobuf wrapper; null for everything else.</summary>
    public ValueKind? Wrapped { get; }

    /// <summary>The wire type of an unpacked value.</summary>
    public int WireType { get; }

    /// <summary>The zero of the type, as C#.</summary>
    public string Zero { get; }

    /// <summary>Whether it is a string, bytes, or a message: null can stand for "not set".</summary>
    public bool IsReference => _field.IsReference;

    /// <summary>Whether unknown numbers must be kept out of the field.</summary>
    public bool IsClosedEnum => _field.EnumType is { IsClosed: true };

    /// <summary>The tag of an unpacked value.</summary>
    public uint Tag => MakeTag(_field.Number, WireType);

    /// <summary>The tag of a packed run.</summary>
    public uint PackedTag => MakeTag(_field.Number, LengthDelimited);

    /// <summary>The size of the tag in bytes.</summary>
    public int TagSize => SizeOfTag(_field.Number);

    /// <summary>The value codec: a struct with static members that collections are given.</summary>
    public string Codec => Wrapped is not null
        ? $"{Clr.Wire}.{(Wrapped.IsReference ? "ReferenceWrapperCodec" : "WrapperCodec")}<{Wrapped.ClrType}, {Wrapped.Codec}>"
        : _field.Type switch
        {
            FieldType.Enum => $"{Clr.Wire}.EnumCodec<{ClrType}>",
            FieldType.Message => $"{Clr.Wire}.MessageCodec<{ClrType}>",
            FieldType.String when !_field.Features.ValidateUtf8 => $"{Clr.Wire}.StringLenientCodec",
            _ => $"{Clr.Wire}.{_method}Codec",
        };

    /// <summary>The method of <c>FieldCodec</c> that makes the codec of an extension.</summary>
    public string CodecFactory => "For" + _method;

    /// <summary>Reads a scalar, a string or bytes.</summary>
    public string Read => _field.Type switch
    {
        FieldType.Enum => $"({ClrType})reader.ReadEnum()",
        FieldType.String when !_field.Features.ValidateUtf8 => "reader.ReadStringLenient()",
        _ => $"reader.Read{_method}()",
    };

    /// <summary>Reads a message or group into an object: plain calls, which are direct because the class is sealed.</summary>
    public void EmitRead(CodeWriter writer, string message)
    {
        if (_field.Type == FieldType.Group)
        {
            writer.Line($"reader.ReadGroup({Tag}, {message});");
            return;
        }

        writer.Line("long outer = reader.EnterMessage();");
        writer.Line($"(({Clr.Protobuf}.IMessage){message}).MergeFrom(ref reader);");
        writer.Line("reader.LeaveMessage(outer);");
    }

    /// <summary>The size of a value with its tag.</summary>
    public string Size(string value)
    {
        var tags = _field.Type == FieldType.Group ? 2 * TagSize : TagSize;
        return Wrapped is not null ? $"{tags} + {Codec}.Size({value})"
            : _fixedSize != 0 ? $"{tags} + {_fixedSize}"
            : $"{tags} + {Clr.Wire}.WireSize.{_method}({AsNumber(value)})";
    }

    /// <summary>Writes a value with its tag.</summary>
    public void Write(CodeWriter writer, string value)
    {
        if (Wrapped is not null)
        {
            writer.Line($"writer.WriteTag({Tag});");
            writer.Line($"{Codec}.Write(ref writer, {value});");
        }
        else
        {
            writer.Line($"writer.Write{_method}({Tag}, {AsNumber(value)});");
        }
    }

    /// <summary>Whether a value differs from zero, floating-point numbers told by their bits so that -0 counts.</summary>
    public string IsNotZero(string value) => _field.Type switch
    {
        FieldType.Bool => value,
        FieldType.String or FieldType.Bytes => value + ".Length != 0",
        FieldType.Double or FieldType.Float => Bits(value) + " != 0",
        _ => value + " != 0",
    };

    /// <summary>Whether two values are equal, floating-point numbers by their bits so that NaN equals itself.</summary>
    public string AreEqual(string left, string right) => _field.Type switch
    {
        FieldType.Double or FieldType.Float => $"{Bits(left)} == {Bits(right)}",
        FieldType.String => $"{left} == {right}",
        FieldType.Message when Wrapped is not null && !Wrapped.IsReference => $"{left}.Equals({right})",
        FieldType.Bytes or FieldType.Message or FieldType.Group => $"Equals({left}, {right})",
        _ => $"{left} == {right}",
    };

    /// <summary>What goes into a hash code.</summary>
    public string Hashed(string value) => AsNumber(value);

    /// <summary>The bits of a number, bool or enum.</summary>
    public string ToBits(string value) => $"{Clr.Protobuf}.FieldAccess.ToBits({AsNumber(value)})";

    /// <summary>The number, bool or enum of bits.</summary>
    public string FromBits(string bits) => _field.Type == FieldType.Enum
        ? $"({ClrType}){Clr.Protobuf}.FieldAccess.ToInt32({bits})"
        : $"{Clr.Protobuf}.FieldAccess.To{ClrType switch
        {
            "int" => "Int32",
            "uint" => "UInt32",
            "long" => "Int64",
            "ulong" => "UInt64",
            "float" => "Single",
            "double" => "Double",
            _ => "Boolean",
        }}({bits})";

    /// <summary>Whether a number is a value of the closed enum.</summary>
    public string IsDefined(string value)
    {
        var numbers = _field.EnumType!.Values.Select(candidate => candidate.Number).Distinct().Order().ToList();
        var ranges = new List<string>();
        for (var i = 0; i < numbers.Count;)
        {
            var end = i + 1;
            while (end < numbers.Count && numbers[end] == numbers[end - 1] + 1)
            {
                end++;
            }

            ranges.Add((end - i) switch
            {
                1 => Text(numbers[i]),
                2 => $"{Text(numbers[i])} or {Text(numbers[i + 1])}",
                _ => $"(>= {Text(numbers[i])} and <= {Text(numbers[end - 1])})",
            });
            i = end;
        }

        return $"{value} is {string.Join(" or ", ranges)}";

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The value of the field when it is not set, as C#: the declared default or zero.</summary>
    public string Default
    {
        get
        {
            var text = _field.Proto.DefaultValue;
            if (!_field.Proto.HasDefaultValue)
            {
                return _field.Type == FieldType.Enum ? EnumDefault(_field.EnumType!.Default) : Zero;
            }

            return _field.Type switch
            {
                FieldType.String => Literals.String(text),
                FieldType.Bytes => Literals.Bytes(text),
                FieldType.Double => Literals.FloatingPoint(text, "double", "D"),
                FieldType.Float => Literals.FloatingPoint(text, "float", "F"),
                FieldType.Enum => EnumDefault(_field.EnumType!.Find(text)),
                FieldType.Bool => text,
                _ => text + Zero[1..],
            };
        }
    }

    /// <summary>The size of a field's tag in bytes.</summary>
    public static int SizeOfTag(int number) => number switch
    {
        < 1 << 4 => 1,
        < 1 << 11 => 2,
        < 1 << 18 => 3,
        < 1 << 25 => 4,
        _ => 5,
    };

    private string EnumDefault(EnumValueModel value) => $"{ClrType}.{value.Name}";

    private string AsNumber(string value) => _field.Type == FieldType.Enum ? $"(int){value}" : value;

    private string Bits(string value) => _field.Type == FieldType.Double
        ? $"{Clr.System}.BitConverter.DoubleToInt64Bits({value})"
        : $"{Clr.System}.BitConverter.SingleToInt32Bits({value})";

    private static uint MakeTag(int number, int wireType) => ((uint)number << 3) | (uint)wireType;
}
