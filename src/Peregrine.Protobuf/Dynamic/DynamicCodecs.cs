// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf.Dynamic;

/// <summary>Finds the codec of a field by its descriptor.</summary>
internal static class DynamicCodecs
{
    private const int TypeBits = 3;

    /// <summary>Makes the codec of a field's values and hands it to <paramref name="user"/>.</summary>
    public static TResult Use<TUser, TResult>(FieldDescriptor field, ref TUser user)
        where TUser : struct, IFieldCodecUser<TResult>
    {
        uint tag = TagOf(field, field.IsPacked ? WireType.LengthDelimited : WireTypeOf(field));
        object? initial = field.IsRepeated ? null : field.DefaultValue;
        switch (field.FieldType)
        {
            case FieldType.Double:
                return user.UseNumber(FieldCodec.ForDouble(tag, Default<double>(initial)));
            case FieldType.Float:
                return user.UseNumber(FieldCodec.ForFloat(tag, Default<float>(initial)));
            case FieldType.Int64:
                return user.UseNumber(FieldCodec.ForInt64(tag, Default<long>(initial)));
            case FieldType.UInt64:
                return user.UseNumber(FieldCodec.ForUInt64(tag, Default<ulong>(initial)));
            case FieldType.Int32:
                return user.UseNumber(FieldCodec.ForInt32(tag, Default<int>(initial)));
            case FieldType.Fixed64:
                return user.UseNumber(FieldCodec.ForFixed64(tag, Default<ulong>(initial)));
            case FieldType.Fixed32:
                return user.UseNumber(FieldCodec.ForFixed32(tag, Default<uint>(initial)));
            case FieldType.Bool:
                return user.UseNumber(FieldCodec.ForBool(tag, Default<bool>(initial)));
            case FieldType.UInt32:
                return user.UseNumber(FieldCodec.ForUInt32(tag, Default<uint>(initial)));
            case FieldType.SFixed32:
                return user.UseNumber(FieldCodec.ForSFixed32(tag, Default<int>(initial)));
            case FieldType.SFixed64:
                return user.UseNumber(FieldCodec.ForSFixed64(tag, Default<long>(initial)));
            case FieldType.SInt32:
                return user.UseNumber(FieldCodec.ForSInt32(tag, Default<int>(initial)));
            case FieldType.SInt64:
                return user.UseNumber(FieldCodec.ForSInt64(tag, Default<long>(initial)));
            case FieldType.Enum:
                return user.UseNumber(new ValueFieldCodec<int, Int32Codec>(tag, Default<int>(initial), Defined(field.EnumType)));
            case FieldType.String when field.RequiresUtf8Validation:
                return user.UseObject(FieldCodec.ForString(tag, (string?)initial ?? ""));
            case FieldType.String:
                return user.UseObject(FieldCodec.ForStringLenient(tag, (string?)initial ?? ""));
            case FieldType.Bytes:
                return user.UseObject(FieldCodec.ForBytes(tag, (ByteString?)initial));
            case FieldType.Message when field.IsWrapper:
                return UseWrapper<TUser, TResult>(field.MessageType.Fields[1], tag, ref user);
            case FieldType.Message or FieldType.Group:
                return user.UseObject(new MessageFieldCodec<DynamicMessage>(tag, new ChildFactory(field.MessageType).Parser, field.MessageType));
            default:
                throw new ArgumentOutOfRangeException(nameof(field), field.FieldType, $"The field {field.FullName} has an unknown type.");
        }
    }

    /// <summary>The tag of a field with a wire type.</summary>
    public static uint TagOf(FieldDescriptor field, WireType type) => ((uint)field.FieldNumber << TypeBits) | (uint)type;

    /// <summary>The wire type of one value of a field.</summary>
    public static WireType WireTypeOf(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Double or FieldType.Fixed64 or FieldType.SFixed64 => WireType.Fixed64,
        FieldType.Float or FieldType.Fixed32 or FieldType.SFixed32 => WireType.Fixed32,
        FieldType.String or FieldType.Bytes or FieldType.Message => WireType.LengthDelimited,
        FieldType.Group => WireType.StartGroup,
        _ => WireType.Varint,
    };

    private static T Default<T>(object? value)
        where T : struct => value is T given ? given : default;

    private static Func<int, bool>? Defined(EnumDescriptor type) =>
        type.IsClosed ? number => type.FindValueByNumber(number) is not null : null;

    private static TResult UseWrapper<TUser, TResult>(FieldDescriptor value, uint tag, ref TUser user)
        where TUser : struct, IFieldCodecUser<TResult> => value.FieldType switch
        {
            FieldType.Double => user.UseObject(FieldCodec.ForStructWrapper<double, DoubleCodec>(tag)),
            FieldType.Float => user.UseObject(FieldCodec.ForStructWrapper<float, FloatCodec>(tag)),
            FieldType.Int64 => user.UseObject(FieldCodec.ForStructWrapper<long, Int64Codec>(tag)),
            FieldType.UInt64 => user.UseObject(FieldCodec.ForStructWrapper<ulong, UInt64Codec>(tag)),
            FieldType.Int32 => user.UseObject(FieldCodec.ForStructWrapper<int, Int32Codec>(tag)),
            FieldType.UInt32 => user.UseObject(FieldCodec.ForStructWrapper<uint, UInt32Codec>(tag)),
            FieldType.Bool => user.UseObject(FieldCodec.ForStructWrapper<bool, BoolCodec>(tag)),
            FieldType.Bytes => user.UseObject(FieldCodec.ForClassWrapper<ByteString, BytesCodec>(tag)),
            FieldType.String when value.RequiresUtf8Validation => user.UseObject(FieldCodec.ForClassWrapper<string, StringCodec>(tag)),
            _ => user.UseObject(FieldCodec.ForClassWrapper<string, StringLenientCodec>(tag)),
        };
}
