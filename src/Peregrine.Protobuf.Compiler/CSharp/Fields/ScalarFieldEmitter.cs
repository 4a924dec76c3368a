// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Peregrine.Protobuf.Compiler.CSharp.Model;

namespace Peregrine.Protobuf.Compiler.CSharp.Fields;

/// <summary>A singular number, bool or enum; explicit presence is a bit in <c>_hasBits</c>.</summary>
internal sealed class ScalarFieldEmitter(FieldModel field, CSharpGeneratorOptions options) : FieldEmitter(field, options)
{
    private string HasBits => "_hasBits" + (Field.PresenceBit / 32).ToString(CultureInfo.InvariantCulture);

    private string Mask => (1u << (Field.PresenceBit % 32)).ToString(CultureInfo.InvariantCulture);

    private bool Explicit => Field.HasPresence;

    public override void EmitMembers(CodeWriter writer)
    {
        EmitNumber(writer);
        writer.Line($"private {Kind.ClrType} {Backing};");
        writer.Line();
        EmitPropertyHead(writer);
        using (writer.Block($"{Access} {Kind.ClrType}{(IsNullable ? "?" : "")} {Property}"))
        {
            if (IsNullable)
            {
                writer.Line($"get => {IsPresentField} ? {Backing} : null;");
                EmitNullableSetter(writer);
            }
            else if (!Explicit)
            {
                writer.Line($"get => {Backing};");
                writer.Line($"set => {Backing} = value;");
            }
            else
            {
                writer.Line($"get => ({HasBits} & {Mask}U) != 0 ? {Backing} : {Kind.Default};");
                using (writer.Block("set"))
                {
                    writer.Line($"{HasBits} |= {Mask}U;");
                    writer.Line($"{Backing} = value;");
                }
            }
        }

        if (Explicit)
        {
            EmitPresence(writer, $"({HasBits} & {Mask}U) != 0", [$"{HasBits} &= ~{Mask}U;", $"{Backing} = {Kind.Zero};"]);
        }
    }

    private void EmitNullableSetter(CodeWriter writer)
    {
        using var setter = writer.Block("set");
        using (writer.Block("if (value is { } given)"))
        {
            writer.Line($"{HasBits} |= {Mask}U;");
            writer.Line($"{Backing} = given;");
        }

        using (writer.Block("else"))
        {
            writer.Line($"{Field.ClearMethod}();");
        }
    }

    public override string Value => IsNullable ? $"({IsPresentField} ? {Backing} : {Kind.Default})" : Property;

    public override void EmitCopy(CodeWriter writer) => writer.Line($"{Backing} = other.{Backing};");

    // Cleared values are zero, so that the backing fields and the presence bits together decide.
    public override string Equality => Kind.AreEqual(Backing, "other." + Backing);

    public override string Hashed => Kind.Hashed(Backing);

    public override void EmitSize(CodeWriter writer) => EmitIf(writer, IsPresentField, $"size += {Kind.Size(Backing)};");

    public override void EmitWrite(CodeWriter writer)
    {
        using (writer.Block($"if ({IsPresentField})"))
        {
            Kind.Write(writer, Backing);
        }
    }

    public override void EmitRead(CodeWriter writer)
    {
        if (Kind.IsClosedEnum)
        {
            string assign = $"{Backing} = ({Kind.ClrType})value;";
            if (Explicit)
            {
                EmitClosedEnumCase(writer, assign, $"{HasBits} |= {Mask}U;");
            }
            else
            {
                EmitClosedEnumCase(writer, assign);
            }
        }
        else
        {
            string assign = $"{Backing} = {Kind.Read};";
            EmitCase(writer, Kind.Tag.ToString(CultureInfo.InvariantCulture), Explicit ? [assign, $"{HasBits} |= {Mask}U;"] : [assign]);
        }
    }

    public override void EmitMerge(CodeWriter writer)
    {
        if (Explicit)
        {
            EmitIf(writer, $"(other.{HasBits} & {Mask}U) != 0", $"{Property} = other.{Backing};");
        }
        else
        {
            EmitIf(writer, Kind.IsNotZero("other." + Backing), $"{Backing} = other.{Backing};");
        }
    }

    public override string? Initialized => Field.IsRequired ? Field.HasProperty : null;

    public override string SetFromObject => $"{Property} = {Clr.Protobuf}.FieldAccess.Unbox<{Kind.ClrType}>(value);";

    public override string IsPresent => Explicit ? Field.HasProperty : Kind.IsNotZero(Backing);

    public override string ClearStatement => Explicit ? $"{Field.ClearMethod}();" : $"{Backing} = {Kind.Zero};";

    private string IsPresentField => Explicit ? $"({HasBits} & {Mask}U) != 0" : Kind.IsNotZero(Backing);
}
