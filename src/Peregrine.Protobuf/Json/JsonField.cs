// SPDX-License-Identifier: Apache-2.0
using System.Threading;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Json;

/// <summary>What JSON needs to know of a field or an extension, found out once. Immutable.</summary>
internal sealed class JsonField
{
    private JsonType? _type;
    private JsonEnum? _enum;
    private JsonField? _key;
    private JsonField? _value;

    public JsonField(FieldDescriptor descriptor, int position)
    {
        Position = position;
        Descriptor = descriptor;
        Number = descriptor.FieldNumber;
        Index = descriptor.Index;
        IsExtension = descriptor.IsExtension;
        HasPresence = descriptor.HasPresence;
        IsMap = descriptor.IsMap;
        IsRepeated = descriptor.IsRepeated;
        OneofIndex = descriptor.ContainingOneof?.Index ?? -1;
        Kind = KindOf(descriptor);
        AcceptsNull = Kind == JsonKind.Enum ? Enum.IsNull
            : descriptor.FieldType == FieldType.Message && descriptor.MessageType.WellKnownType == WellKnownTypeKind.Value;
        Name = new JsonName(descriptor.IsExtension ? $"[{descriptor.FullName}]" : descriptor.JsonName);
        DeclaredName = descriptor.IsExtension || descriptor.Name == descriptor.JsonName ? Name : new JsonName(descriptor.Name);
    }

    public FieldDescriptor Descriptor { get; }

    public int Number { get; }

    /// <summary>The position in the declaration of the message.</summary>
    public int Index { get; }

    /// <summary>The position among the fields of the message, by number.</summary>
    public int Position { get; }

    public bool IsExtension { get; }

    public bool HasPresence { get; }

    /// <summary>True for lists and for maps.</summary>
    public bool IsRepeated { get; }

    public bool IsMap { get; }

    /// <summary>Which oneof of the message holds the field, synthetic ones included; -1 for none.</summary>
    public int OneofIndex { get; }

    /// <summary>The form of the value, or of one element.</summary>
    public JsonKind Kind { get; }

    public bool IsScalar => Kind <= JsonKind.Enum;

    /// <summary>Whether null is a value, not the absence of one.</summary>
    public bool AcceptsNull { get; }

    /// <summary>The name in JSON: of an extension the full name in brackets.</summary>
    public JsonName Name { get; }

    /// <summary>The name in the .proto; of an extension the same as <see cref="Name"/>.</summary>
    public JsonName DeclaredName { get; }

    /// <summary>The type of a message, a wrapper, or the entries of a map.</summary>
    public JsonType Type => _type ??= JsonType.Of(Descriptor.MessageType);

    public JsonEnum Enum => _enum ??= JsonEnum.Of(Descriptor.EnumType);

    /// <summary>The key of a map.</summary>
    public JsonField Key => _key ??= Type.FieldOf(WellKnownFields.MapKey);

    /// <summary>The value of a map.</summary>
    public JsonField Value => _value ??= Type.FieldOf(WellKnownFields.MapValue);

    /// <summary>The field that holds the value, of a wrapper.</summary>
    public JsonField Wrapped => _value ??= Type.Wrapped;

    /// <summary>The form of an extension; that of a field comes with its <see cref="JsonType"/>.</summary>
    public static JsonField OfExtension(FieldDescriptor extension)
    {
        return Volatile.Read(ref extension.JsonForm) as JsonField ?? Make();

        JsonField Make()
        {
            JsonField made = new(extension, 0);
            Volatile.Write(ref extension.JsonForm, made);
            return made;
        }
    }

    private static JsonKind KindOf(FieldDescriptor descriptor) => descriptor.FieldType switch
    {
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => JsonKind.Int32,
        FieldType.UInt32 or FieldType.Fixed32 => JsonKind.UInt32,
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => JsonKind.Int64,
        FieldType.UInt64 or FieldType.Fixed64 => JsonKind.UInt64,
        FieldType.Float => JsonKind.Float,
        FieldType.Double => JsonKind.Double,
        FieldType.Bool => JsonKind.Bool,
        FieldType.Enum => JsonKind.Enum,
        FieldType.String => JsonKind.String,
        FieldType.Bytes => JsonKind.Bytes,
        _ => descriptor.IsWrapper ? JsonKind.Wrapper : JsonKind.Message,
    };
}
