// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using System.Linq;
using Peregrine.Protobuf.Compiler.CSharp.Model;
using FieldType = Peregrine.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace Peregrine.Protobuf.Compiler.CSharp.Fields;

/// <summary>A member of a oneof. Strings, bytes and messages share one object field; numbers have their own, so that none is boxed.</summary>
internal sealed class OneofFieldEmitter(FieldModel field, OneofModel oneof, CSharpGeneratorOptions options)
    : FieldEmitter(field, options)
{
    /// <summary>The oneof.</summary>
    public OneofModel Oneof => oneof;

    /// <summary>The member of the case enum.</summary>
    public string Case => $"{oneof.CaseEnum}.{Field.CaseName}";

    /// <summary>Whether it is this member that is set.</summary>
    public override string IsPresent => $"{oneof.CaseBackingName} == {Case}";

    private bool IsMessage => Field.IsMessage;

    // What is stored: for reference members the object field, which is known to be of the type while the case is this one.
    private string Stored => !Kind.IsReference ? Backing
        : Kind.Wrapped is not null ? $"({Kind.Wrapped.ClrType}){oneof.BackingName}!"
        : $"({Kind.ClrType}){oneof.BackingName}!";

    private string PropertyType => IsMessage && Kind.Wrapped is null ? Kind.ClrType + Options.NullMark : Kind.ClrType;

    private string DefaultName => $"s_{Backing}default";

    public override void EmitMembers(CodeWriter writer)
    {
        EmitNumber(writer);
        if (!Kind.IsReference)
        {
            writer.Line($"private {Kind.ClrType} {Backing};");
            writer.Line();
        }

        var initial = Kind.Default;
        if (!IsMessage && initial.Contains("CopyFrom", System.StringComparison.Ordinal))
        {
            writer.Line($"private static readonly {Kind.ClrType} {DefaultName} = {initial};");
            writer.Line();
            initial = DefaultName;
        }

        EmitPropertyHead(writer);
        using (writer.Block($"{Access} {PropertyType} {Property}"))
        {
            writer.Line($"get => {IsPresent} ? {Stored} : {(IsMessage ? "null" : initial)};");
            using (writer.Block("set"))
            {
                if (Kind.IsReference && !IsMessage)
                {
                    writer.Line($"{Clr.ThrowIfNull}(value);");
                }

                if (Kind.IsReference)
                {
                    writer.Line($"{oneof.BackingName} = value;");
                }
                else
                {
                    if (HasObjectField(oneof))
                    {
                        writer.Line($"{oneof.BackingName} = null;");
                    }

                    writer.Line($"{Backing} = value;");
                }

                writer.Line(IsMessage
                    ? $"{oneof.CaseBackingName} = value is null ? {oneof.CaseEnum}.None : {Case};"
                    : $"{oneof.CaseBackingName} = {Case};");
            }
        }

        if (!IsMessage || Field.Type == FieldType.Group)
        {
            EmitPresence(
                writer,
                IsPresent,
                [$"if ({IsPresent})\n{{\n    {oneof.ClearMethod}();\n}}"]);
        }
    }

    public override void EmitCopy(CodeWriter writer) => writer.Line(IsMessage && Kind.Wrapped is null
        ? $"{Property} = other.{Property}!.Clone();"
        : $"{Property} = other.{Property};");

    // The case and the object field are compared once for the whole oneof.
    public override string Equality => Kind.IsReference ? ""
        : Kind.Wrapped is not null ? WrapperFieldEmitter.Equal(Kind, Property, "other." + Property)
        : Kind.AreEqual(Property, "other." + Property);

    public override string Hashed => Kind.IsReference ? "" : Kind.Wrapped is not null ? Property : Kind.Hashed(Property);

    public override void EmitSize(CodeWriter writer) => writer.Line($"size += {Kind.Size(Stored)};");

    public override void EmitWrite(CodeWriter writer) => Kind.Write(writer, Stored);

    public override void EmitRead(CodeWriter writer)
    {
        var tag = Kind.Tag.ToString(CultureInfo.InvariantCulture);
        if (Kind.Wrapped is not null)
        {
            // The property reads as null while another member is set: what comes is merged into the same member only.
            EmitCase(writer, tag, $"{Property} = {Kind.Codec}.Read(ref reader, {Property});");
        }
        else if (IsMessage)
        {
            writer.Line($"case {tag}:");
            using var braces = writer.Braces();
            writer.Line($"{Kind.ClrType} value = {Property} ?? {Kind.Create};");
            Kind.EmitRead(writer, "value");
            writer.Line($"{Property} = value;");
            writer.Line("break;");
        }
        else if (Kind.IsClosedEnum)
        {
            EmitClosedEnumCase(writer, $"{Property} = ({Kind.ClrType})value;");
        }
        else
        {
            EmitCase(writer, tag, $"{Property} = {Kind.Read};");
        }
    }

    public override void EmitMerge(CodeWriter writer)
    {
        if (Kind.Wrapped is not null)
        {
            writer.Line($"{Property} = {Kind.Codec}.Merge({Property}, other.{Property});");
            return;
        }

        if (!IsMessage)
        {
            writer.Line($"{Property} = other.{Property};");
            return;
        }

        using (writer.Block($"if ({IsPresent})"))
        {
            writer.Line($"{Property}!.MergeFrom(other.{Property}!);");
        }

        using (writer.Block("else"))
        {
            writer.Line($"{Property} = other.{Property}!.Clone();");
        }

        writer.Line();
    }

    public override string? Initialized => IsMessage && Kind.Wrapped is null && Field.MessageType!.NeedsInitialization
        ? $"({oneof.CaseBackingName} != {Case} || (({Clr.Protobuf}.IMessage){oneof.BackingName}!).IsInitialized())"
        : null;

    public override string SetFromObject => IsMessage ? $"{Property} = ({PropertyType})value;"
        : Kind.IsReference ? $"{Property} = ({Kind.ClrType})value!;"
        : $"{Property} = {Clr.Protobuf}.FieldAccess.Unbox<{Kind.ClrType}>(value);";

    public override string ClearStatement => IsMessage
        ? $"if ({IsPresent})\n{{\n    {oneof.ClearMethod}();\n}}\n"
        : $"{Field.ClearMethod}();";

    /// <summary>Whether any member of the oneof is stored in the shared object field.</summary>
    public static bool HasObjectField(OneofModel oneof) => oneof.Fields.Any(member => member.IsReference);
}
