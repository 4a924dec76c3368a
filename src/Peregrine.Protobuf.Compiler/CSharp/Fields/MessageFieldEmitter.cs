// SPDX-License-Identifier: Apache-2.0

using Peregrine.Protobuf.Compiler.CSharp.Model;
using FieldType = Peregrine.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace Peregrine.Protobuf.Compiler.CSharp.Fields;

/// <summary>A singular message or group: null means "not set".</summary>
internal sealed class MessageFieldEmitter(FieldModel field, CSharpGeneratorOptions options) : FieldEmitter(field, options)
{
    private string Type => Kind.ClrType + Options.NullMark;

    public override void EmitMembers(CodeWriter writer)
    {
        EmitNumber(writer);
        writer.Line($"private {Type} {Backing};");
        writer.Line();
        EmitPropertyHead(writer);
        using (writer.Block($"{Access} {Type} {Property}"))
        {
            writer.Line($"get => {Backing};");
            writer.Line($"set => {Backing} = value;");
        }

        // Groups have the pair that scalars have; messages never had it.
        if (Field.Type == FieldType.Group)
        {
            EmitPresence(writer, IsPresent, [ClearStatement]);
        }
    }

    public override void EmitCopy(CodeWriter writer) => writer.Line($"{Backing} = other.{Backing}?.Clone();");

    public override string Equality => Kind.AreEqual(Backing, "other." + Backing);

    public override string Hashed => Backing;

    public override void EmitSize(CodeWriter writer) =>
        EmitIf(writer, $"{Backing} is not null", $"size += {Kind.Size(Backing)};");

    public override void EmitWrite(CodeWriter writer)
    {
        using (writer.Block($"if ({Backing} is not null)"))
        {
            Kind.Write(writer, Backing);
        }
    }

    public override void EmitRead(CodeWriter writer)
    {
        writer.Line($"case {Kind.Tag}:");
        using var braces = writer.Braces();
        writer.Line($"{Kind.ClrType} value = {Backing} ??= {Kind.Create};");
        Kind.EmitRead(writer, "value");
        writer.Line("break;");
    }

    public override void EmitMerge(CodeWriter writer) => EmitIf(
        writer, $"other.{Backing} is not null", $"({Backing} ??= {Kind.Create}).MergeFrom(other.{Backing});");

    public override string? Initialized
    {
        get
        {
            var check = Field.MessageType!.NeedsInitialization
                ? $"(({Clr.Protobuf}.IMessage){Backing}).IsInitialized()"
                : null;
            return (Field.IsRequired, check) switch
            {
                (true, null) => $"{Backing} is not null",
                (true, _) => $"{Backing} is not null && {check}",
                (false, null) => null,
                (false, _) => $"({Backing} is null || {check})",
            };
        }
    }

    public override string SetFromObject => $"{Property} = ({Type})value;";

    public override string IsPresent => $"{Backing} is not null";

    public override string ClearStatement => $"{Backing} = null;";
}
