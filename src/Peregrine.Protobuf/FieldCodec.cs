// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf;

/// <summary>
/// Makes the codecs of extension fields. The tag carries the wire type that is written: of a packed repeated extension it
/// is length-delimited, of a group it is the start tag.
/// </summary>
public static class FieldCodec
{
    /// <summary>The codec of a int32 field.</summary>
    public static FieldCodec<int> ForInt32(uint tag, int defaultValue = default) =>
        new ValueFieldCodec<int, Int32Codec>(tag, defaultValue);

    /// <summary>The codec of a int64 field.</summary>
    public static FieldCodec<long> ForInt64(uint tag, long defaultValue = default) =>
        new ValueFieldCodec<long, Int64Codec>(tag, defaultValue);

    /// <summary>The codec of a uint32 field.</summary>
    public static FieldCodec<uint> ForUInt32(uint tag, uint defaultValue = default) =>
        new ValueFieldCodec<uint, UInt32Codec>(tag, defaultValue);

    /// <summary>The codec of a uint64 field.</summary>
    public static FieldCodec<ulong> ForUInt64(uint tag, ulong defaultValue = default) =>
        new ValueFieldCodec<ulong, UInt64Codec>(tag, defaultValue);

    /// <summary>The codec of a sint32 field.</summary>
    public static FieldCodec<int> ForSInt32(uint tag, int defaultValue = default) =>
        new ValueFieldCodec<int, SInt32Codec>(tag, defaultValue);

    /// <summary>The codec of a sint64 field.</summary>
    public static FieldCodec<long> ForSInt64(uint tag, long defaultValue = default) =>
        new ValueFieldCodec<long, SInt64Codec>(tag, defaultValue);

    /// <summary>The codec of a fixed32 field.</summary>
    public static FieldCodec<uint> ForFixed32(uint tag, uint defaultValue = default) =>
        new ValueFieldCodec<uint, Fixed32Codec>(tag, defaultValue);

    /// <summary>The codec of a fixed64 field.</summary>
    public static FieldCodec<ulong> ForFixed64(uint tag, ulong defaultValue = default) =>
        new ValueFieldCodec<ulong, Fixed64Codec>(tag, defaultValue);

    /// <summary>The codec of a sfixed32 field.</summary>
    public static FieldCodec<int> ForSFixed32(uint tag, int defaultValue = default) =>
        new ValueFieldCodec<int, SFixed32Codec>(tag, defaultValue);

    /// <summary>The codec of a sfixed64 field.</summary>
    public static FieldCodec<long> ForSFixed64(uint tag, long defaultValue = default) =>
        new ValueFieldCodec<long, SFixed64Codec>(tag, defaultValue);

    /// <summary>The codec of a float field.</summary>
    public static FieldCodec<float> ForFloat(uint tag, float defaultValue = default) =>
        new ValueFieldCodec<float, FloatCodec>(tag, defaultValue);

    /// <summary>The codec of a double field.</summary>
    public static FieldCodec<double> ForDouble(uint tag, double defaultValue = default) =>
        new ValueFieldCodec<double, DoubleCodec>(tag, defaultValue);

    /// <summary>The codec of a bool field.</summary>
    public static FieldCodec<bool> ForBool(uint tag, bool defaultValue = default) =>
        new ValueFieldCodec<bool, BoolCodec>(tag, defaultValue);

    /// <summary>The codec of a string field whose UTF-8 is verified.</summary>
    public static FieldCodec<string> ForString(uint tag, string defaultValue = "") =>
        new ValueFieldCodec<string, StringCodec>(tag, defaultValue);

    /// <summary>The codec of a string field whose UTF-8 is not verified.</summary>
    public static FieldCodec<string> ForStringLenient(uint tag, string defaultValue = "") =>
        new ValueFieldCodec<string, StringLenientCodec>(tag, defaultValue);

    /// <summary>The codec of a bytes field; null stands for no bytes as the default.</summary>
    public static FieldCodec<ByteString> ForBytes(uint tag, ByteString? defaultValue = null) =>
        new ValueFieldCodec<ByteString, BytesCodec>(tag, defaultValue ?? ByteString.Empty);

    /// <summary>The codec of an enum field; of a closed enum, <paramref name="isDefined"/> tells its numbers.</summary>
    public static FieldCodec<TEnum> ForEnum<TEnum>(
        uint tag, TEnum defaultValue = default, Func<TEnum, bool>? isDefined = null)
        where TEnum : struct, Enum => new ValueFieldCodec<TEnum, EnumCodec<TEnum>>(tag, defaultValue, isDefined);

    /// <summary>The codec of a message field.</summary>
    public static FieldCodec<T> ForMessage<T>(uint tag, MessageParser<T> parser)
        where T : class, IMessage<T> => new MessageFieldCodec<T>(tag, parser);

    /// <summary>The codec of a group.</summary>
    public static FieldCodec<T> ForGroup<T>(uint startTag, MessageParser<T> parser)
        where T : class, IMessage<T> => new MessageFieldCodec<T>(startTag, parser);

    /// <summary>The codec of a wrapper message around a value type.</summary>
    public static FieldCodec<T?> ForStructWrapper<T, TCodec>(uint tag)
        where T : struct
        where TCodec : struct, IValueCodec<T> =>
        new WrapperFieldCodec<T?, WrapperCodec<T, TCodec>>(tag);

    /// <summary>The codec of a wrapper message around a string or bytes.</summary>
    public static FieldCodec<T?> ForClassWrapper<T, TCodec>(uint tag)
        where T : class
        where TCodec : struct, IValueCodec<T> =>
        new WrapperFieldCodec<T?, ReferenceWrapperCodec<T, TCodec>>(tag);
}
