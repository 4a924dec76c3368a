// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Emit;

/// <summary>
/// Writes a file as a serialized <c>google.protobuf.FileDescriptorProto</c>, fields in the order of their numbers. It writes bytes
/// rather than objects because custom options exist as bytes only, and because the bytes are what is compared and embedded.
/// </summary>
internal sealed class DescriptorEmitter(bool retainSourceOptions)
{
    /// <summary>Writes a file.</summary>
    /// <param name="file">A file without errors.</param>
    /// <param name="sourceInfo">Its serialized <c>SourceCodeInfo</c>, or null to leave that out.</param>
    /// <param name="retainSourceOptions">Whether options with source retention stay.</param>
    public static byte[] Emit(FileSymbol file, byte[]? sourceInfo, bool retainSourceOptions)
    {
        WireBuffer output = new();
        new DescriptorEmitter(retainSourceOptions).WriteFile(output, file, sourceInfo);
        return output.ToArray();
    }

    private void WriteFile(WireBuffer output, FileSymbol file, byte[]? sourceInfo)
    {
        output.String(1, file.Name);
        if (file.Package.Length > 0)
        {
            output.String(2, file.Package);
        }

        List<ImportSyntax> imports = [];
        List<ImportSyntax> optionImports = [];
        foreach (ImportSymbol import in file.Imports)
        {
            (import.Syntax.Kind == ImportKind.Option ? optionImports : imports).Add(import.Syntax);
        }

        imports.ForEach(import => output.String(3, import.Path));
        file.Messages.ForEach(message => Nested(output, 4, message, WriteMessage));
        file.Enums.ForEach(symbol => Nested(output, 5, symbol, WriteEnum));
        file.Services.ForEach(service => Nested(output, 6, service, WriteService));
        file.Extensions.ForEach(extension => Nested(output, 7, extension, WriteField));
        WriteOptions(output, 8, file.Options);
        if (sourceInfo is not null)
        {
            output.Bytes(9, sourceInfo);
        }

        WriteIndexes(output, 10, imports, ImportKind.Public);
        WriteIndexes(output, 11, imports, ImportKind.Weak);
        if (file.Edition == SourceEdition.Proto3)
        {
            output.String(12, "proto3");
        }
        else if (file.IsEditions)
        {
            output.String(12, "editions");
            output.Int32(14, (int)file.Edition);
        }

        optionImports.ForEach(import => output.String(15, import.Path));
    }

    private static void WriteIndexes(WireBuffer output, int number, List<ImportSyntax> imports, ImportKind kind)
    {
        for (int i = 0; i < imports.Count; i++)
        {
            if (imports[i].Kind == kind)
            {
                output.Int32(number, i);
            }
        }
    }

    private void WriteMessage(WireBuffer output, MessageSymbol message)
    {
        output.String(1, message.Name);
        message.Fields.ForEach(field => Nested(output, 2, field, WriteField));
        message.Messages.ForEach(nested => Nested(output, 3, nested, WriteMessage));
        message.Enums.ForEach(nested => Nested(output, 4, nested, WriteEnum));
        message.ExtensionRanges.ForEach(range => Nested(output, 5, range, WriteExtensionRange));
        message.Extensions.ForEach(extension => Nested(output, 6, extension, WriteField));
        if (message.IsMapEntry)
        {
            const int MapEntryOption = 7;
            int mark = output.Open(7);
            output.Bool(MapEntryOption, true);
            output.Close(mark);
        }
        else
        {
            WriteOptions(output, 7, message.Options);
        }

        message.Oneofs.ForEach(oneof => Nested(output, 8, oneof, WriteOneof));
        message.ReservedRanges.ForEach(range => WriteRange(output, 9, range.Start, message.ExclusiveEnd(range)));
        message.ReservedNames.ForEach(name => output.String(10, name.Name));
        WriteVisibility(output, 11, message.Visibility);
    }

    private void WriteExtensionRange(WireBuffer output, ExtensionRangeSymbol range)
    {
        output.Int32(1, range.Start);
        output.Int32(2, range.End);
        WriteOptions(output, 3, range.Options);
    }

    private static void WriteRange(WireBuffer output, int number, int start, int end)
    {
        int mark = output.Open(number);
        output.Int32(1, start);
        output.Int32(2, end);
        output.Close(mark);
    }

    private static void WriteVisibility(WireBuffer output, int number, SymbolVisibility visibility)
    {
        if (visibility != SymbolVisibility.Unset)
        {
            output.Int32(number, (int)visibility);
        }
    }

    private void WriteField(WireBuffer output, FieldSymbol field)
    {
        output.String(1, field.Name);
        if (field.IsExtension)
        {
            output.String(2, "." + field.ContainingType!.FullName);
        }

        output.Int32(3, field.Number);
        output.Int32(4, (int)field.Label);
        output.Int32(5, (int)field.Kind);
        if (field.Type is not null)
        {
            output.String(6, "." + field.Type.FullName);
        }

        if (field.Default is not null)
        {
            output.Bytes(7, field.Default.Value);
        }

        WriteOptions(output, 8, field.Options);
        if (field.Oneof is not null)
        {
            output.Int32(9, field.Oneof.Index);
        }

        output.String(10, field.JsonName);
        if (field.IsProto3Optional)
        {
            output.Bool(17, true);
        }
    }

    private void WriteOneof(WireBuffer output, OneofSymbol oneof)
    {
        output.String(1, oneof.Name);
        WriteOptions(output, 2, oneof.Options);
    }

    private void WriteEnum(WireBuffer output, EnumSymbol symbol)
    {
        output.String(1, symbol.Name);
        symbol.Values.ForEach(value => Nested(output, 2, value, WriteEnumValue));
        WriteOptions(output, 3, symbol.Options);

        // Unlike those of messages, these ranges include their end.
        symbol.ReservedRanges.ForEach(range => WriteRange(output, 4, range.Start, range.End));
        symbol.ReservedNames.ForEach(name => output.String(5, name.Name));
        WriteVisibility(output, 6, symbol.Visibility);
    }

    private void WriteEnumValue(WireBuffer output, EnumValueSymbol value)
    {
        output.String(1, value.Name);
        output.Int32(2, value.Number);
        WriteOptions(output, 3, value.Options);
    }

    private void WriteService(WireBuffer output, ServiceSymbol service)
    {
        output.String(1, service.Name);
        service.Methods.ForEach(method => Nested(output, 2, method, WriteMethod));
        WriteOptions(output, 3, service.Options);
    }

    private void WriteMethod(WireBuffer output, MethodSymbol method)
    {
        output.String(1, method.Name);
        output.String(2, "." + method.Input!.FullName);
        output.String(3, "." + method.Output!.FullName);

        if (method.Syntax.OpenBrace >= 0 && method.Options.Value is null)
        {
            // Braces with nothing in them are options, too.
            output.Bytes(4, []);
        }

        WriteOptions(output, 4, method.Options);
        if (method.Syntax.ClientStreamToken >= 0)
        {
            output.Bool(5, true);
        }

        if (method.Syntax.ServerStreamToken >= 0)
        {
            output.Bool(6, true);
        }
    }

    private void WriteOptions(WireBuffer output, int number, OptionSet options)
    {
        if (options.Serialized is { } serialized && (retainSourceOptions || serialized.Length == 0))
        {
            output.Bytes(number, serialized);
            return;
        }

        if ((retainSourceOptions ? options.Value : options.Kept) is { IsEmpty: false } value)
        {
            int mark = output.Open(number);
            if (retainSourceOptions)
            {
                RetainedOptions.Write(output, options);
            }
            else
            {
                value.Write(output);
            }

            output.Close(mark);
        }
    }

    private static void Nested<T>(WireBuffer output, int number, T symbol, Action<WireBuffer, T> write)
    {
        int mark = output.Open(number);
        write(output, symbol);
        output.Close(mark);
    }
}
