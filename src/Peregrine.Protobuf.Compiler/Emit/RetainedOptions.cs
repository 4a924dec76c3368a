// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Compiler.Emit;

/// <summary>
/// Writes options as protoc holds them before it strips any: what protoc itself was built with is merged and in the order of the numbers,
/// every other statement stands for itself behind that, in the order of the text, plain ones before custom ones.
/// </summary>
internal static class RetainedOptions
{
    // The feature extensions that protoc is linked with (35.1): of C++ and of Java.
    private const int CppFeatures = 1000;
    private const int JavaFeatures = 1001;

    /// <summary>One option as it was written: the fields of its name, and the value of the last one.</summary>
    private readonly record struct Statement(FieldSymbol[] Path, object Value);

    /// <summary>Writes the content of a message of options.</summary>
    public static void Write(WireBuffer output, OptionSet options)
    {
        List<Statement> statements = [];
        AddStatements(statements, options, custom: false);
        AddStatements(statements, options, custom: true);
        WriteMessage(output, options.Value!, statements, depth: 0);
    }

    private static void AddStatements(List<Statement> statements, OptionSet options, bool custom)
    {
        foreach (OptionSyntax syntax in options.Syntax)
        {
            if (syntax.Name[0].IsExtension == custom && options.Paths.TryGetValue(syntax, out int[]? numbers))
            {
                FieldSymbol[] path = new FieldSymbol[syntax.Name.Count];
                if (FindValue(options.Value!, numbers, path, depth: 0) is { } value)
                {
                    statements.Add(new Statement(path, value));
                }
            }
        }
    }

    // Follows the numbers to the value; what another field of a oneof has displaced was a statement all the same.
    private static object? FindValue(OptionMessage message, int[] numbers, FieldSymbol[] path, int depth)
    {
        int number = numbers[depth];
        object? found = message.Find(number) is { } entry ? FindIn(entry) : null;
        for (int i = 0; found is null && i < message.Displaced.Count; i++)
        {
            found = message.Displaced[i].Field.Number == number ? FindIn(message.Displaced[i]) : null;
        }

        return found;

        object? FindIn(OptionField entry)
        {
            path[depth] = entry.Field;
            if (depth == path.Length - 1)
            {
                return entry.Values[entry.Field.IsRepeated ? numbers[^1] : 0];
            }

            return FindValue((OptionMessage)entry.Values[0], numbers, path, depth + 1);
        }
    }

    // The statements are those that lead to or through the message; those that end at it brought it as a whole.
    private static void WriteMessage(WireBuffer output, OptionMessage message, List<Statement> statements, int depth)
    {
        foreach (OptionField entry in message.Fields)
        {
            if (!IsLinked(entry.Field))
            {
                continue;
            }

            if (entry is { Field: { IsRepeated: false, IsDelimited: false } field, Values: [OptionMessage child] })
            {
                int mark = output.Open(field.Number);
                WriteMessage(output, child, statements.FindAll(statement => statement.Path.Length > depth && ReferenceEquals(statement.Path[depth], field)), depth + 1);
                output.Close(mark);
            }
            else
            {
                OptionWriter.WriteField(output, message.Type, entry);
            }
        }

        foreach (Statement statement in statements)
        {
            if (statement.Path.Length == depth)
            {
                WriteUnlinked(output, (OptionMessage)statement.Value);
            }
            else if (!IsLinked(statement.Path[depth]))
            {
                WriteStatement(output, statement, depth);
            }
        }
    }

    private static void WriteUnlinked(WireBuffer output, OptionMessage message)
    {
        foreach (OptionField entry in message.Fields)
        {
            if (!IsLinked(entry.Field))
            {
                OptionWriter.WriteField(output, message.Type, entry);
            }
        }
    }

    private static void WriteStatement(WireBuffer output, Statement statement, int depth)
    {
        FieldSymbol field = statement.Path[depth];
        if (depth == statement.Path.Length - 1)
        {
            OptionWriter.WriteValue(output, field, statement.Value);
        }
        else if (field.IsDelimited)
        {
            output.Tag(field.Number, 3);
            WriteStatement(output, statement, depth + 1);
            output.Tag(field.Number, 4);
        }
        else
        {
            int mark = output.Open(field.Number);
            WriteStatement(output, statement, depth + 1);
            output.Close(mark);
        }
    }

    // Whether protoc has the field among those it was built with, and so parses it into place.
    private static bool IsLinked(FieldSymbol field)
    {
        if (field.ContainingType is not { } type)
        {
            return false;
        }

        if (field.IsExtension)
        {
            return field.Number is CppFeatures or JavaFeatures && type.FullName == "google.protobuf.FeatureSet";
        }

        return type.File.Name != ImportResolver.DescriptorPath || type.File.IsBuiltIn
            || DescriptorReflection.Descriptor.FindTypeByName<MessageDescriptor>(RelativeName(type)) is not { } known
            || known.FindFieldByNumber(field.Number) is not null;
    }

    private static string RelativeName(MessageSymbol type) => type.File.Package.Length == 0 ? type.FullName : type.FullName[(type.File.Package.Length + 1)..];
}
