// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Peregrine.Protobuf.Compiler.CSharp.Model;

namespace Peregrine.Protobuf.Compiler.CSharp.Fields;

/// <summary>A repeated field of numbers, enums, strings, bytes or wrappers.</summary>
internal sealed class RepeatedFieldEmitter(FieldModel field, CSharpGeneratorOptions options) : CollectionFieldEmitter(field, options)
{
    protected override string CollectionType => $"{Clr.Collections}.RepeatedField<{Kind.ClrType}>";

    public override void EmitSize(CodeWriter writer) => EmitIf(
        writer,
        $"{Backing} is not null",
        $"size += {Backing}.{(Field.IsPacked ? "PackedSize" : "ExpandedSize")}<{Kind.Codec}>({Kind.TagSize});");

    public override void EmitWrite(CodeWriter writer) => writer.Line(Field.IsPacked
        ? $"{Backing}?.WritePacked<{Kind.Codec}>(ref writer, {Kind.PackedTag});"
        : $"{Backing}?.WriteExpanded<{Kind.Codec}>(ref writer, {Kind.Tag});");

    // Both encodings are read, whatever the .proto says (encoding.md, "Packed Repeated Fields").
    public override void EmitRead(CodeWriter writer)
    {
        var tags = Kind.Tag == Kind.PackedTag ? Kind.Tag.ToString(CultureInfo.InvariantCulture)
            : Field.IsPacked ? $"{Kind.PackedTag} or {Kind.Tag}"
            : $"{Kind.Tag} or {Kind.PackedTag}";
        EmitCase(writer, tags, Kind.IsClosedEnum
            ? $"{Made}.ReadClosedEnum(ref reader, tag, static value => {Kind.IsDefined("(int)value")}, ref _unknownFields);"
            : $"{Made}.ReadFrom<{Kind.Codec}>(ref reader, tag);");
    }

    public override string? Initialized => null;
}
