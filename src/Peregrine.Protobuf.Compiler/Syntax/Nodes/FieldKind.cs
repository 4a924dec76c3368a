// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protobuf.Compiler.Syntax.Nodes;

/// <summary>The type of a field; the numbers are those of <c>FieldDescriptorProto.Type</c>.</summary>
internal enum FieldKind
{
    /// <summary>A name whose meaning is not known yet.</summary>
    Unresolved = 0,
    Double = 1,
    Float = 2,
    Int64 = 3,
    UInt64 = 4,
    Int32 = 5,
    Fixed64 = 6,
    Fixed32 = 7,
    Bool = 8,
    String = 9,
    Group = 10,
    Message = 11,
    Bytes = 12,
    UInt32 = 13,
    Enum = 14,
    SFixed32 = 15,
    SFixed64 = 16,
    SInt32 = 17,
    SInt64 = 18,
}

internal static class FieldKinds
{
    public static FieldKind FromKeyword(ReadOnlySpan<byte> text) => text switch
    {
        _ when text.SequenceEqual("double"u8) => FieldKind.Double,
        _ when text.SequenceEqual("float"u8) => FieldKind.Float,
        _ when text.SequenceEqual("int64"u8) => FieldKind.Int64,
        _ when text.SequenceEqual("uint64"u8) => FieldKind.UInt64,
        _ when text.SequenceEqual("int32"u8) => FieldKind.Int32,
        _ when text.SequenceEqual("fixed64"u8) => FieldKind.Fixed64,
        _ when text.SequenceEqual("fixed32"u8) => FieldKind.Fixed32,
        _ when text.SequenceEqual("bool"u8) => FieldKind.Bool,
        _ when text.SequenceEqual("string"u8) => FieldKind.String,
        _ when text.SequenceEqual("group"u8) => FieldKind.Group,
        _ when text.SequenceEqual("bytes"u8) => FieldKind.Bytes,
        _ when text.SequenceEqual("uint32"u8) => FieldKind.UInt32,
        _ when text.SequenceEqual("sfixed32"u8) => FieldKind.SFixed32,
        _ when text.SequenceEqual("sfixed64"u8) => FieldKind.SFixed64,
        _ when text.SequenceEqual("sint32"u8) => FieldKind.SInt32,
        _ when text.SequenceEqual("sint64"u8) => FieldKind.SInt64,
        _ => FieldKind.Unresolved,
    };

    /// <summary>As <see cref="FromKeyword"/>, for edition UNSTABLE: there the plain integers have fixed size, and the others other names.</summary>
    public static FieldKind FromUnstableKeyword(ReadOnlySpan<byte> text) => text switch
    {
        _ when text.SequenceEqual("int32"u8) => FieldKind.SFixed32,
        _ when text.SequenceEqual("int64"u8) => FieldKind.SFixed64,
        _ when text.SequenceEqual("uint32"u8) => FieldKind.Fixed32,
        _ when text.SequenceEqual("uint64"u8) => FieldKind.Fixed64,
        _ when text.SequenceEqual("varint32"u8) => FieldKind.Int32,
        _ when text.SequenceEqual("varint64"u8) => FieldKind.Int64,
        _ when text.SequenceEqual("uvarint32"u8) => FieldKind.UInt32,
        _ when text.SequenceEqual("uvarint64"u8) => FieldKind.UInt64,
        _ when text.SequenceEqual("zigzag32"u8) => FieldKind.SInt32,
        _ when text.SequenceEqual("zigzag64"u8) => FieldKind.SInt64,
        _ => FromKeyword(text),
    };

    public static string Keyword(FieldKind kind) => kind switch
    {
        FieldKind.Double => "double",
        FieldKind.Float => "float",
        FieldKind.Int64 => "int64",
        FieldKind.UInt64 => "uint64",
        FieldKind.Int32 => "int32",
        FieldKind.Fixed64 => "fixed64",
        FieldKind.Fixed32 => "fixed32",
        FieldKind.Bool => "bool",
        FieldKind.String => "string",
        FieldKind.Group => "group",
        FieldKind.Bytes => "bytes",
        FieldKind.UInt32 => "uint32",
        FieldKind.SFixed32 => "sfixed32",
        FieldKind.SFixed64 => "sfixed64",
        FieldKind.SInt32 => "sint32",
        FieldKind.SInt64 => "sint64",
        FieldKind.Message => "message",
        FieldKind.Enum => "enum",
        _ => "unresolved",
    };

    /// <summary>The wire type of a single value; a message may be a group, too, if its features say so.</summary>
    public static int WireType(FieldKind kind) => kind switch
    {
        FieldKind.Double or FieldKind.Fixed64 or FieldKind.SFixed64 => 1,
        FieldKind.Float or FieldKind.Fixed32 or FieldKind.SFixed32 => 5,
        FieldKind.String or FieldKind.Bytes or FieldKind.Message => 2,
        FieldKind.Group => 3,
        _ => 0,
    };

    public static bool IsPackable(FieldKind kind) =>
        kind is not (FieldKind.String or FieldKind.Bytes or FieldKind.Message or FieldKind.Group or FieldKind.Unresolved);
}
