// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.CSharp.Fields;
using Peregrine.Protobuf.Compiler.CSharp.Model;

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>Writes the static class that holds the extensions of a file or of a message.</summary>
internal static class ExtensionEmitter
{
    /// <summary>Writes the class.</summary>
    public static void Emit(
        CodeWriter writer, IReadOnlyList<FieldModel> extensions, string className, string declaredIn, string access,
        CSharpGeneratorOptions options)
    {
        writer.Line($"/// <summary>The extensions that {declaredIn} declares.</summary>");
        TypeAttributes.Emit(writer, options);
        using var body = writer.Block($"{access} static partial class {CSharpNames.Escape(className)}");
        for (var i = 0; i < extensions.Count; i++)
        {
            if (i > 0)
            {
                writer.Line();
            }

            Emit(writer, extensions[i], options);
        }
    }

    private static void Emit(CodeWriter writer, FieldModel field, CSharpGeneratorOptions options)
    {
        var kind = new ValueKind(field, options);
        var type = $"{Clr.Protobuf}.{(field.IsRepeated ? "RepeatedExtension" : "Extension")}<{field.Owner.QualifiedName}, {kind.ClrType}>";
        DocComments.Summary(writer, field.Comment, $"The extension <c>{field.Name}</c>, field {field.Number} of <c>{field.Owner.FullName}</c>.");
        if (field.IsDeprecated)
        {
            writer.Line(Clr.Obsolete);
        }

        var hides = MemberNames.OfObject.Contains(field.PropertyName) ? "new " : "";
        writer.Line($"public static {hides}readonly {type} {field.PropertyName} = new({field.Number}, {Codec(field, kind)});");
    }

    private static string Codec(FieldModel field, ValueKind kind)
    {
        const string Factory = Clr.Protobuf + ".FieldCodec";
        var tag = field.IsPacked ? kind.PackedTag : kind.Tag;
        if (kind.Wrapped is { } wrapped)
        {
            return wrapped.IsReference
                ? $"{Factory}.ForClassWrapper<{wrapped.ClrType}, {wrapped.Codec}>({tag})"
                : $"{Factory}.ForStructWrapper<{wrapped.ClrType}, {wrapped.Codec}>({tag})";
        }

        if (field.IsMessage)
        {
            return $"{Factory}.{kind.CodecFactory}({tag}, {kind.ClrType}.Parser)";
        }

        var generic = field.EnumType is null ? "" : $"<{kind.ClrType}>";
        var initial = field.IsRepeated ? "" : $", {kind.Default}";
        var defined = kind.IsClosedEnum ? $", isDefined: static value => {kind.IsDefined("(int)value")}" : "";
        return $"{Factory}.{kind.CodecFactory}{generic}({tag}{initial}{defined})";
    }
}
