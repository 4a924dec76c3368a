// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.Linq;
using Peregrine.Protobuf.Compiler.CSharp.Fields;

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>Writes access to fields by number: what reflection and JSON stand on, switches instead of delegates.</summary>
internal static class FieldAccessEmitter
{
    private const string Interface = Clr.Protobuf + ".IFieldAccess";
    private const string NoSuchField = Clr.Protobuf + ".FieldAccess.NoSuchField(this, number)";

    /// <summary>Writes the explicit implementations; those for scalars only where there are some.</summary>
    public static void Emit(CodeWriter writer, IReadOnlyList<FieldEmitter> fields, CSharpGeneratorOptions options)
    {
        var reference = "object" + options.NullMark;
        writer.Line();
        // The cast keeps the switch from finding a common numeric type: an int beside a long would be boxed as a long.
        EmitExpression(writer, $"{reference} {Interface}.GetField(int number)", fields, field => $"({reference}){field.Value}");
        writer.Line();
        EmitStatements(
            writer,
            $"void {Interface}.SetField(int number, {reference} value)",
            fields.Where(field => field.SetFromObject is not null),
            field => field.SetFromObject!,
            Clr.Protobuf + ".FieldAccess.NotSettable(this, number)");
        writer.Line();
        EmitExpression(writer, $"bool {Interface}.HasField(int number)", fields, field => field.IsPresent);
        writer.Line();
        EmitStatements(writer, $"void {Interface}.ClearField(int number)", fields, field => field.ClearStatement, NoSuchField);
        var scalars = fields.Where(field => field.IsScalar).ToList();
        if (scalars.Count > 0)
        {
            EmitScalars(writer, scalars);
        }
    }

    private static void EmitScalars(CodeWriter writer, List<FieldEmitter> scalars)
    {
        const string NotScalar = Clr.Protobuf + ".FieldAccess.NotScalar(this, number)";
        writer.Line();
        using (writer.Block($"bool {Interface}.TryGetScalar(int number, out ulong bits)"))
        using (writer.Block("switch (number)"))
        {
            foreach (var field in scalars)
            {
                writer.Line($"case {field.Field.Number}:");
                using var indent = writer.Indent();
                writer.Line($"bits = {field.ValueAsBits};");
                writer.Line($"return {field.IsPresent};");
            }

            writer.Line("default:");
            using var last = writer.Indent();
            writer.Line($"throw {NotScalar};");
        }

        writer.Line();
        EmitStatements(writer, $"void {Interface}.SetScalar(int number, ulong bits)", scalars, field => field.SetFromBits, NotScalar);
    }

    private static void EmitExpression(
        CodeWriter writer, string signature, IReadOnlyList<FieldEmitter> fields, System.Func<FieldEmitter, string> value)
    {
        writer.Line(signature + " => number switch");
        writer.Line("{");
        using (writer.Indent())
        {
            foreach (var field in fields)
            {
                writer.Line($"{field.Field.Number} => {value(field)},");
            }

            writer.Line($"_ => throw {NoSuchField},");
        }

        writer.Line("};");
    }

    private static void EmitStatements(
        CodeWriter writer, string signature, IEnumerable<FieldEmitter> fields, System.Func<FieldEmitter, string> statement,
        string otherwise)
    {
        using var method = writer.Block(signature);
        using var cases = writer.Block("switch (number)");
        foreach (var field in fields)
        {
            writer.Line($"case {field.Field.Number}:");
            using var indent = writer.Indent();
            writer.Lines(statement(field));
            writer.Line("break;");
        }

        writer.Line("default:");
        using var last = writer.Indent();
        writer.Line($"throw {otherwise};");
    }
}
