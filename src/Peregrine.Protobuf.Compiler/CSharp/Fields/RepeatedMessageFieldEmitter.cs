// SPDX-License-Identifier: Apache-2.0

using Peregrine.Protobuf.Compiler.CSharp.Model;

namespace Peregrine.Protobuf.Compiler.CSharp.Fields;

/// <summary>A repeated field of messages or groups: plain loops, so that calls on the elements are direct.</summary>
internal sealed class RepeatedMessageFieldEmitter(FieldModel field, CSharpGeneratorOptions options) : CollectionFieldEmitter(field, options)
{
    protected override string CollectionType => $"{Clr.Collections}.RepeatedField<{Kind.ClrType}>";

    public override void EmitSize(CodeWriter writer)
    {
        using var present = writer.Block($"if ({Backing} is not null)");
        using var each = writer.Block($"foreach ({Kind.ClrType} item in {Backing}.AsSpan())");
        writer.Line($"size += {Kind.Size("item")};");
    }

    public override void EmitWrite(CodeWriter writer)
    {
        using var present = writer.Block($"if ({Backing} is not null)");
        using var each = writer.Block($"foreach ({Kind.ClrType} item in {Backing}.AsSpan())");
        Kind.Write(writer, "item");
    }

    // All elements that follow each other are read here: the list is made with room for them.
    public override void EmitRead(CodeWriter writer)
    {
        writer.Line($"case {Kind.Tag}:");
        using var braces = writer.Braces();
        writer.Line($"{CollectionType} list = {Made}.Prepare(ref reader, tag);");
        writer.Line("do");
        using (writer.Braces())
        {
            writer.Line($"{Kind.ClrType} item = {Kind.Create};");
            Kind.EmitRead(writer, "item");
            writer.Line("list.AddRead(item);");
        }

        writer.Line($"while (reader.TryReadTag({Kind.Tag}));");
        writer.Line("break;");
    }

    public override string? Initialized =>
        Field.MessageType!.NeedsInitialization ? CheckInitialized : null;
}
