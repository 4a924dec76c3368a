// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Peregrine.Protobuf.Compiler.CSharp.Model;

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>Writes the file of messages and enums, with the class that holds the file's descriptor.</summary>
internal static class FileEmitter
{
    private const int BytesPerLine = 24;

    /// <summary>The text of the file.</summary>
    public static string Emit(FileModel file, CSharpGeneratorOptions options)
    {
        var access = options.InternalAccess ? "internal" : "public";
        var writer = new CodeWriter();
        FileHeader.Emit(writer, file, options);
        EmitReflection(writer, file, access, options);
        if (file.Extensions.Count > 0)
        {
            writer.Line();
            ExtensionEmitter.Emit(writer, file.Extensions, file.ExtensionsClass, FileHeader.OneLine(file.Path), access, options);
        }

        foreach (var model in file.Enums)
        {
            writer.Line();
            EnumEmitter.Emit(writer, model, access, options);
        }

        foreach (var message in file.Messages)
        {
            writer.Line();
            new MessageEmitter(message, options).Emit(writer, access);
        }

        return writer.ToString();
    }

    private static void EmitReflection(CodeWriter writer, FileModel file, string access, CSharpGeneratorOptions options)
    {
        var path = FileHeader.OneLine(file.Path);
        writer.Line($"/// <summary>Holds the descriptor of {path}.</summary>");
        TypeAttributes.Emit(writer, options);
        using var body = writer.Block($"{access} static partial class {CSharpNames.Escape(file.ReflectionClass)}");
        writer.Line($"/// <summary>The descriptor of {path}, built on first use.</summary>");
        writer.Line($"public static {Clr.Reflection}.FileDescriptor Descriptor => Holder.File;");
        writer.Line();
        EmitSerialized(writer, file);
        writer.Line();
        using var holder = writer.Block("private static class Holder");
        writer.Line($"internal static readonly {Clr.Reflection}.FileDescriptor File = {Clr.Reflection}.FileDescriptor.FromGeneratedCode(");
        using var arguments = writer.Indent();
        writer.Line("Serialized,");
        EmitList(writer, "[", file.Dependencies, dependency => writer.Line(dependency.Qualify(dependency.ReflectionClass) + ".Descriptor,"), "],");
        EmitList(writer, "[", file.Messages, message => EmitInfo(writer, message), "],");
        EmitList(writer, "[", file.Enums, model => writer.Line($"typeof({model.QualifiedName}),"), "],");
        EmitList(writer, "[", file.Extensions, field => writer.Line($"{file.Qualify(file.ExtensionsClass)}.{field.PropertyName},"), "]);");
    }

    // As data of the assembly: no allocation, no decoding. Comments stay out; they are in the documentation.
    private static void EmitSerialized(CodeWriter writer, FileModel file)
    {
        var bare = file.Proto.Clone();
        bare.SourceCodeInfo = null;
        var bytes = bare.ToByteArray();
        writer.Line($"private static {Clr.System}.ReadOnlySpan<byte> Serialized =>");
        writer.Line("[");
        using (writer.Indent())
        {
            var line = new StringBuilder();
            foreach (var chunk in bytes.Chunk(BytesPerLine))
            {
                line.Clear();
                foreach (var value in chunk)
                {
                    line.Append(CultureInfo.InvariantCulture, $"{value}, ");
                }

                writer.Line(line.ToString(0, line.Length - 1));
            }
        }

        writer.Line("];");
    }

    private static void EmitInfo(CodeWriter writer, MessageModel message)
    {
        if (message.IsMapEntry)
        {
            writer.Line("null, // a map entry has no class");
            return;
        }

        var head = $"new {Clr.Reflection}.GeneratedMessageInfo(typeof({message.QualifiedName}), static () => {message.QualifiedName}.Parser";
        var lists = new List<Action<string>>();
        if (message.Messages.Count > 0)
        {
            lists.Add(end => EmitList(writer, "nestedMessages: [", message.Messages, nested => EmitInfo(writer, nested), "]" + end));
        }

        if (message.Enums.Count > 0)
        {
            lists.Add(end => EmitList(
                writer, "nestedEnums: [", message.Enums, model => writer.Line($"typeof({model.QualifiedName}),"), "]" + end));
        }

        if (message.Extensions.Count > 0)
        {
            var holder = $"{message.QualifiedName}.{CSharpNames.Escape(message.ExtensionsClass)}";
            lists.Add(end => EmitList(
                writer, "extensions: [", message.Extensions, field => writer.Line($"{holder}.{field.PropertyName},"), "]" + end));
        }

        if (lists.Count == 0)
        {
            writer.Line(head + "),");
            return;
        }

        writer.Line(head + ",");
        using var arguments = writer.Indent();
        for (var i = 0; i < lists.Count; i++)
        {
            lists[i](i == lists.Count - 1 ? ")," : ",");
        }
    }

    private static void EmitList<T>(CodeWriter writer, string open, IReadOnlyList<T> items, Action<T> emit, string close)
    {
        if (items.Count == 0)
        {
            writer.Line(open + close);
            return;
        }

        writer.Line(open);
        using (writer.Indent())
        {
            foreach (var item in items)
            {
                emit(item);
            }
        }

        writer.Line(close);
    }
}
