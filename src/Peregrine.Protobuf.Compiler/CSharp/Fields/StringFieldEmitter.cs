// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Peregrine.Protobuf.Compiler.CSharp.Model;

namespace Peregrine.Protobuf.Compiler.CSharp.Fields;

/// <summary>A singular string or bytes field; with explicit presence null in the private field means "not set".</summary>
internal sealed class StringFieldEmitter(FieldModel field, CSharpGeneratorOptions options) : FieldEmitter(field, options)
{
    private bool Explicit => Field.HasPresence;

    public override void EmitMembers(CodeWriter writer)
    {
        EmitNumber(writer);
        var initial = Kind.Default;
        if (Explicit && !IsNullable && initial.Contains("CopyFrom", System.StringComparison.Ordinal))
        {
            writer.Line($"private static readonly {Kind.ClrType} {DefaultName} = {initial};");
            initial = DefaultName;
        }

        writer.Line(Explicit
            ? $"private {Kind.ClrType}{Options.NullMark} {Backing};"
            : $"private {Kind.ClrType} {Backing} = {Kind.Zero};");
        writer.Line();
        EmitPropertyHead(writer);
        using (writer.Block($"{Access} {Kind.ClrType}{(IsNullable ? Options.NullMark : "")} {Property}"))
        {
            if (IsNullable)
            {
                writer.Line($"get => {Backing};");
                writer.Line($"set => {Backing} = value;");
            }
            else
            {
                EmitAccessors(writer, initial);
            }
        }

        if (Explicit)
        {
            EmitPresence(writer, $"{Backing} is not null", [$"{Backing} = null;"]);
        }
    }

    public override string Value => IsNullable ? $"({Backing} ?? {Kind.Default})" : Property;

    // Private fields of .proto fields end in an underscore and have none inside: this cannot be one of them.
    private string DefaultName => $"s_{Backing}default";

    public override void EmitCopy(CodeWriter writer) => writer.Line($"{Backing} = other.{Backing};");

    public override string Equality => Kind.AreEqual(Backing, "other." + Backing);

    public override string Hashed => Backing;

    public override void EmitSize(CodeWriter writer) => EmitIf(writer, Condition(Backing), $"size += {Kind.Size(Backing)};");

    public override void EmitWrite(CodeWriter writer)
    {
        using (writer.Block($"if ({Condition(Backing)})"))
        {
            Kind.Write(writer, Backing);
        }
    }

    public override void EmitRead(CodeWriter writer) =>
        EmitCase(writer, Kind.Tag.ToString(CultureInfo.InvariantCulture), $"{Backing} = {Kind.Read};");

    public override void EmitMerge(CodeWriter writer) =>
        EmitIf(writer, Condition("other." + Backing), $"{Backing} = other.{Backing};");

    public override string? Initialized => Field.IsRequired ? $"{Backing} is not null" : null;

    public override string SetFromObject => $"{Property} = ({Kind.ClrType})value!;";

    public override string IsPresent => Explicit ? Field.HasProperty : Kind.IsNotZero(Backing);

    public override string ClearStatement => Explicit ? $"{Field.ClearMethod}();" : $"{Backing} = {Kind.Zero};";

    private void EmitAccessors(CodeWriter writer, string initial)
    {
        writer.Line(Explicit ? $"get => {Backing} ?? {initial};" : $"get => {Backing};");
        using (writer.Block("set"))
        {
            writer.Line($"{Clr.ThrowIfNull}(value);");
            writer.Line($"{Backing} = value;");
        }
    }

    private string Condition(string value) => Explicit ? value + " is not null" : Kind.IsNotZero(value);
}
