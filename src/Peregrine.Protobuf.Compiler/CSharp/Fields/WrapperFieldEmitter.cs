// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Peregrine.Protobuf.Compiler.CSharp.Model;

namespace Peregrine.Protobuf.Compiler.CSharp.Fields;

/// <summary>A singular field of a google.protobuf wrapper type: the bare value, null when not set.</summary>
internal sealed class WrapperFieldEmitter(FieldModel field, CSharpGeneratorOptions options) : FieldEmitter(field, options)
{
    public override void EmitMembers(CodeWriter writer)
    {
        EmitNumber(writer);
        writer.Line($"private {Kind.ClrType} {Backing};");
        writer.Line();
        EmitPropertyHead(writer);
        using (writer.Block($"{Access} {Kind.ClrType} {Property}"))
        {
            writer.Line($"get => {Backing};");
            writer.Line($"set => {Backing} = value;");
        }
    }

    public override void EmitCopy(CodeWriter writer) => writer.Line($"{Backing} = other.{Backing};");

    public override string Equality => Equal(Kind, Backing, "other." + Backing);

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

    // A wrapper is a message: a second occurrence merges into the first.
    public override void EmitRead(CodeWriter writer) => EmitCase(
        writer, Kind.Tag.ToString(CultureInfo.InvariantCulture), $"{Backing} = {Kind.Codec}.Read(ref reader, {Backing});");

    public override void EmitMerge(CodeWriter writer) => writer.Line($"{Backing} = {Kind.Codec}.Merge({Backing}, other.{Backing});");

    public override string? Initialized => Field.IsRequired ? $"{Backing} is not null" : null;

    public override string SetFromObject => $"{Property} = ({Kind.ClrType})value;";

    public override string IsPresent => $"{Backing} is not null";

    public override string ClearStatement => $"{Backing} = null;";

    /// <summary>Whether two nullable values are equal.</summary>
    public static string Equal(ValueKind kind, string left, string right) => kind.Wrapped!.ClrType switch
    {
        // Nullable<T>.Equals compares by the value's own Equals, for which NaN equals NaN.
        "double" or "float" => $"{left}.Equals({right})",
        Clr.ByteString => $"Equals({left}, {right})",
        _ => $"{left} == {right}",
    };
}
