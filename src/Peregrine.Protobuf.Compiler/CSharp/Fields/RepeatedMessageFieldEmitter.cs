// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Peregrine.Protobuf.Compiler.CSharp.Model;
using FieldType = Peregrine.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace Peregrine.Protobuf.Compiler.CSharp.Fields;

/// <summary>A repeated field of messages or groups: plain loops, so that calls on the elements are direct.</summary>
internal sealed class RepeatedMessageFieldEmitter(FieldModel field, CSharpGeneratorOptions options) : CollectionFieldEmitter(field, options)
{
    protected override string CollectionType => $"{Clr.Collections}.RepeatedField<{Kind.ClrType}>";

    public override void EmitSize(CodeWriter writer)
    {
        using (writer.Block($"foreach ({Kind.ClrType} item in {Backing}.AsSpan())"))
        {
            writer.Line($"size += {Kind.Size("item")};");
        }
    }

    public override void EmitWrite(CodeWriter writer)
    {
        using (writer.Block($"foreach ({Kind.ClrType} item in {Backing}.AsSpan())"))
        {
            Kind.Write(writer, "item");
        }
    }

    public override void EmitRead(CodeWriter writer) => EmitBlockCase(
        writer,
        Kind.Tag.ToString(CultureInfo.InvariantCulture),
        $"{Kind.ClrType} item = {Kind.Create};",
        Field.Type == FieldType.Group ? "reader.ReadGroup(tag, item);" : "reader.ReadMessage(item);",
        $"{Backing}.Add(item);");

    public override string? Initialized =>
        Field.MessageType!.NeedsInitialization ? $"{Backing}.IsInitialized()" : null;
}
