// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Peregrine.Protobuf.Compiler.CSharp.Model;

namespace Peregrine.Protobuf.Compiler.CSharp.Fields;

/// <summary>A map field.</summary>
internal sealed class MapFieldEmitter(FieldModel field, CSharpGeneratorOptions options) : CollectionFieldEmitter(field, options)
{
    private readonly ValueKind _key = new(field.MessageType!.Fields[0], options);
    private readonly ValueKind _value = new(field.MessageType!.Fields[1], options);

    protected override string CollectionType => $"{Clr.Collections}.MapField<{_key.ClrType}, {_value.ClrType}>";

    public override void EmitSize(CodeWriter writer) => EmitIf(
        writer, $"{Backing} is not null", $"size += {Backing}.CalculateSize<{_key.Codec}, {_value.Codec}>({Kind.TagSize});");

    public override void EmitWrite(CodeWriter writer) =>
        writer.Line($"{Backing}?.WriteTo<{_key.Codec}, {_value.Codec}>(ref writer, {Kind.Tag});");

    public override void EmitRead(CodeWriter writer) => EmitCase(
        writer,
        Kind.Tag.ToString(CultureInfo.InvariantCulture),
        _value.IsClosedEnum
            ? $"{Made}.ReadClosedEnumEntry<{_key.Codec}>(ref reader, tag, {_value.Default}, "
                + $"static value => {_value.IsDefined("(int)value")}, ref _unknownFields);"
            : $"{Made}.ReadFrom<{_key.Codec}, {_value.Codec}>(ref reader, tag);");

    public override string? Initialized
    {
        get
        {
            var value = Field.MessageType!.Fields[1];
            return value.IsMessage && !value.IsWrapper && value.MessageType!.NeedsInitialization
                ? CheckInitialized
                : null;
        }
    }
}
