// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Peregrine.Protobuf.Compiler.CSharp.Model;

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>Writes an enum.</summary>
internal static class EnumEmitter
{
    /// <summary>Writes the enum with the accessibility given.</summary>
    public static void Emit(CodeWriter writer, EnumModel model, string access, CSharpGeneratorOptions options)
    {
        DocComments.Summary(writer, model.Comment, $"The enum <c>{model.FullName}</c>.");
        TypeAttributes.Emit(writer, options, model.IsDeprecated);
        using var body = writer.Block($"{access} enum {CSharpNames.Escape(model.ClassName)}");
        for (var i = 0; i < model.Values.Count; i++)
        {
            var value = model.Values[i];
            if (i > 0)
            {
                writer.Line();
            }

            DocComments.Summary(writer, value.Comment, $"<c>{value.OriginalName}</c>");
            if (value.IsDeprecated)
            {
                writer.Line(Clr.Obsolete);
            }

            var alias = value.IsAlias ? ", PreferredAlias = false" : "";
            writer.Line($"[{Clr.Reflection}.OriginalName({Literals.String(value.OriginalName)}{alias})]");
            writer.Line($"{value.Name} = {value.Number.ToString(CultureInfo.InvariantCulture)},");
        }
    }
}
