// SPDX-License-Identifier: Apache-2.0
using System;
using Type = Peregrine.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace Peregrine.Protobuf.Reflection;

/// <summary>Recognizes well-known types by full name, so that dynamic messages of them are formatted alike.</summary>
internal static class WellKnownTypeKinds
{
    public const string NullValueFullName = "google.protobuf.NullValue";

    private const string Package = "google.protobuf.";

    /// <summary>
    /// The kind of a message type. The name alone does not make one: a descriptor may come from anyone, and code that
    /// reaches fields by their numbers relies on what they are. A type of another shape is a message like any other.
    /// </summary>
    public static WellKnownTypeKind Of(string fullName, DescriptorProto proto)
    {
        if (!fullName.StartsWith(Package, StringComparison.Ordinal))
        {
            return WellKnownTypeKind.None;
        }

        (WellKnownTypeKind kind, bool hasShape) = fullName[Package.Length..] switch
        {
            "Any" => (WellKnownTypeKind.Any, Is(proto, 1, Type.String) && Is(proto, 2, Type.Bytes)),
            "Timestamp" => (WellKnownTypeKind.Timestamp, Is(proto, 1, Type.Int64) && Is(proto, 2, Type.Int32)),
            "Duration" => (WellKnownTypeKind.Duration, Is(proto, 1, Type.Int64) && Is(proto, 2, Type.Int32)),
            "FieldMask" => (WellKnownTypeKind.FieldMask, Is(proto, 1, Type.String, isRepeated: true)),
            "Struct" => (WellKnownTypeKind.Struct, IsStruct(proto)),
            "Value" => (WellKnownTypeKind.Value, IsValue(proto)),
            "ListValue" => (WellKnownTypeKind.ListValue, Is(proto, 1, Type.Message, isRepeated: true, typeName: "Value")),
            "DoubleValue" => (WellKnownTypeKind.Wrapper, IsWrapper(proto, Type.Double)),
            "FloatValue" => (WellKnownTypeKind.Wrapper, IsWrapper(proto, Type.Float)),
            "Int64Value" => (WellKnownTypeKind.Wrapper, IsWrapper(proto, Type.Int64)),
            "UInt64Value" => (WellKnownTypeKind.Wrapper, IsWrapper(proto, Type.Uint64)),
            "Int32Value" => (WellKnownTypeKind.Wrapper, IsWrapper(proto, Type.Int32)),
            "UInt32Value" => (WellKnownTypeKind.Wrapper, IsWrapper(proto, Type.Uint32)),
            "BoolValue" => (WellKnownTypeKind.Wrapper, IsWrapper(proto, Type.Bool)),
            "StringValue" => (WellKnownTypeKind.Wrapper, IsWrapper(proto, Type.String)),
            "BytesValue" => (WellKnownTypeKind.Wrapper, IsWrapper(proto, Type.Bytes)),
            _ => (WellKnownTypeKind.None, true),
        };
        return hasShape ? kind : WellKnownTypeKind.None;
    }

    // A message holds a wrapper as its bare value: the type must not be able to hold anything else.
    private static bool IsWrapper(DescriptorProto proto, Type type) => Is(proto, 1, type) && proto.Field.Count == 1 && proto.ExtensionRange.Count == 0;

    private static bool IsStruct(DescriptorProto proto) =>
        Is(proto, 1, Type.Message, isRepeated: true, typeName: "Struct.FieldsEntry")
        && proto.NestedType is [{ Name: "FieldsEntry", Options.MapEntry: true } entry]
        && Is(entry, 1, Type.String) && Is(entry, 2, Type.Message, typeName: "Value");

    private static bool IsValue(DescriptorProto proto) =>
        Is(proto, 1, Type.Enum, typeName: "NullValue") && Is(proto, 2, Type.Double) && Is(proto, 3, Type.String) && Is(proto, 4, Type.Bool)
        && Is(proto, 5, Type.Message, typeName: "Struct") && Is(proto, 6, Type.Message, typeName: "ListValue");

    private static bool Is(DescriptorProto proto, int number, Type type, bool isRepeated = false, string typeName = "")
    {
        foreach (FieldDescriptorProto field in proto.Field)
        {
            if (field.Number == number)
            {
                return field.Type == type
                    && field.Label == (isRepeated ? FieldDescriptorProto.Types.Label.Repeated : FieldDescriptorProto.Types.Label.Optional)
                    && (typeName.Length == 0 ? field.TypeName.Length == 0 : field.TypeName == "." + Package + typeName);
            }
        }

        return false;
    }
}
