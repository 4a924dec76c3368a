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
internal sealed class DescriptorEmitter
{
    // One a thread: the memory of the last file serves the next.
    [ThreadStatic]
    private static WireBuffer? _buffer;

    private readonly WireBuffer _output;
    private readonly bool _retainSourceOptions;

    private DescriptorEmitter(WireBuffer output, bool retainSourceOptions)
    {
        _output = output;
        _retainSourceOptions = retainSourceOptions;
    }

    /// <summary>Writes a file.</summary>
    /// <param name="file">A file without errors.</param>
    /// <param name="withSourceInfo">Whether to write its <c>SourceCodeInfo</c>.</param>
    /// <param name="retainSourceOptions">Whether options with source retention stay.</param>
    public static byte[] Emit(FileSymbol file, bool withSourceInfo, bool retainSourceOptions)
    {
        WireBuffer output = _buffer ??= new WireBuffer();
        output.Clear();
        new DescriptorEmitter(output, retainSourceOptions).WriteFile(file, withSourceInfo);
        return output.ToArray();
    }

    private void WriteFile(FileSymbol file, bool withSourceInfo)
    {
        _output.String(1, file.Name);
        if (file.Package.Length > 0)
        {
            _output.String(2, file.Package);
        }

        List<ImportSyntax> imports = [];
        List<ImportSyntax> optionImports = [];
        foreach (ImportSymbol import in file.Imports)
        {
            (import.Syntax.Kind == ImportKind.Option ? optionImports : imports).Add(import.Syntax);
        }

        imports.ForEach(import => _output.String(3, import.Path));
        foreach (MessageSymbol message in file.Messages)
        {
            WriteMessage(4, message);
        }

        foreach (EnumSymbol symbol in file.Enums)
        {
            WriteEnum(5, symbol);
        }

        foreach (ServiceSymbol service in file.Services)
        {
            WriteService(6, service);
        }

        foreach (FieldSymbol extension in file.Extensions)
        {
            WriteField(7, extension);
        }

        WriteOptions(8, file.Options);
        if (withSourceInfo && file.Source.Descriptor is not null)
        {
            if (DescriptorSourceInfo.Emit(file, _retainSourceOptions) is { } sourceInfo)
            {
                _output.Bytes(9, sourceInfo);
            }
        }
        else if (withSourceInfo)
        {
            int mark = _output.Open(9);
            SourceInfoEmitter.Write(_output, file, _retainSourceOptions);
            _output.Close(mark);
        }

        WriteIndexes(10, imports, ImportKind.Public);
        WriteIndexes(11, imports, ImportKind.Weak);
        if (file.Edition == SourceEdition.Proto3)
        {
            _output.String(12, "proto3");
        }
        else if (file.IsEditions)
        {
            _output.String(12, "editions");
            _output.Int32(14, (int)file.Edition);
        }

        optionImports.ForEach(import => _output.String(15, import.Path));
    }

    private void WriteIndexes(int number, List<ImportSyntax> imports, ImportKind kind)
    {
        for (int i = 0; i < imports.Count; i++)
        {
            if (imports[i].Kind == kind)
            {
                _output.Int32(number, i);
            }
        }
    }

    private void WriteMessage(int number, MessageSymbol message)
    {
        int mark = _output.Open(number);
        _output.String(1, message.Name);
        foreach (FieldSymbol field in message.Fields)
        {
            WriteField(2, field);
        }

        foreach (MessageSymbol nested in message.Messages)
        {
            WriteMessage(3, nested);
        }

        foreach (EnumSymbol nested in message.Enums)
        {
            WriteEnum(4, nested);
        }

        foreach (ExtensionRangeSymbol range in message.ExtensionRanges)
        {
            WriteExtensionRange(5, range);
        }

        foreach (FieldSymbol extension in message.Extensions)
        {
            WriteField(6, extension);
        }

        if (message.IsMapEntry)
        {
            int options = _output.Open(7);
            _output.Bool(OptionNumbers.MapEntry, true);
            _output.Close(options);
        }
        else
        {
            WriteOptions(7, message.Options);
        }

        foreach (OneofSymbol oneof in message.Oneofs)
        {
            WriteOneof(8, oneof);
        }

        message.ReservedRanges.ForEach(range => WriteRange(9, range.Start, message.ExclusiveEnd(range)));
        message.ReservedNames.ForEach(name => _output.String(10, name.Name));
        WriteVisibility(11, message.Visibility);
        _output.Close(mark);
    }

    private void WriteExtensionRange(int number, ExtensionRangeSymbol range)
    {
        int mark = _output.Open(number);
        _output.Int32(1, range.Start);
        _output.Int32(2, range.End);
        WriteOptions(3, range.Options);
        _output.Close(mark);
    }

    private void WriteRange(int number, int start, int end)
    {
        int mark = _output.Open(number);
        _output.Int32(1, start);
        _output.Int32(2, end);
        _output.Close(mark);
    }

    private void WriteVisibility(int number, SymbolVisibility visibility)
    {
        if (visibility != SymbolVisibility.Unset)
        {
            _output.Int32(number, (int)visibility);
        }
    }

    private void WriteField(int number, FieldSymbol field)
    {
        int mark = _output.Open(number);
        _output.String(1, field.Name);
        if (field.IsExtension)
        {
            WriteTypeName(2, field.ContainingType, field.ExtendeeSyntax);
        }

        _output.Int32(3, field.Number);
        _output.Int32(4, (int)field.Label);
        if (field.Kind != FieldKind.Unresolved)
        {
            _output.Int32(5, (int)field.Kind);
        }

        if (field.Type is not null || field.Kind == FieldKind.Unresolved)
        {
            WriteTypeName(6, field.Type, field.TypeSyntax);
        }

        if (field.Default is not null)
        {
            _output.Bytes(7, field.Default.Value);
        }

        WriteOptions(8, field.Options);
        if (field.Oneof is not null)
        {
            _output.Int32(9, field.Oneof.Index);
        }

        _output.String(10, field.JsonName);
        if (field.IsProto3Optional)
        {
            _output.Bool(17, true);
        }

        _output.Close(mark);
    }

    private void WriteOneof(int number, OneofSymbol oneof)
    {
        int mark = _output.Open(number);
        _output.String(1, oneof.Name);
        WriteOptions(2, oneof.Options);
        _output.Close(mark);
    }

    private void WriteEnum(int number, EnumSymbol symbol)
    {
        int mark = _output.Open(number);
        _output.String(1, symbol.Name);
        foreach (EnumValueSymbol value in symbol.Values)
        {
            WriteEnumValue(2, value);
        }

        WriteOptions(3, symbol.Options);

        // Unlike those of messages, these ranges include their end.
        symbol.ReservedRanges.ForEach(range => WriteRange(4, range.Start, range.End));
        symbol.ReservedNames.ForEach(name => _output.String(5, name.Name));
        WriteVisibility(6, symbol.Visibility);
        _output.Close(mark);
    }

    private void WriteEnumValue(int number, EnumValueSymbol value)
    {
        int mark = _output.Open(number);
        _output.String(1, value.Name);
        _output.Int32(2, value.Number);
        WriteOptions(3, value.Options);
        _output.Close(mark);
    }

    private void WriteService(int number, ServiceSymbol service)
    {
        int mark = _output.Open(number);
        _output.String(1, service.Name);
        foreach (MethodSymbol method in service.Methods)
        {
            WriteMethod(2, method);
        }

        WriteOptions(3, service.Options);
        _output.Close(mark);
    }

    private void WriteMethod(int number, MethodSymbol method)
    {
        int mark = _output.Open(number);
        _output.String(1, method.Name);
        WriteTypeName(2, method.Input, method.Syntax.Input);
        WriteTypeName(3, method.Output, method.Syntax.Output);

        if (method.Syntax.OpenBrace >= 0 && method.Options.Value is null)
        {
            // Braces with nothing in them are options, too.
            _output.Bytes(4, []);
        }

        WriteOptions(4, method.Options);
        if (method.Syntax.ClientStreamToken >= 0)
        {
            _output.Bool(5, true);
        }

        if (method.Syntax.ServerStreamToken >= 0)
        {
            _output.Bool(6, true);
        }

        _output.Close(mark);
    }

    // A type that was not found is written as it stands in the text: only files with errors have such.
    private void WriteTypeName(int number, Symbol? type, TypeSyntax? syntax)
    {
        if (type is not null)
        {
            _output.TypeName(number, type.FullName);
        }
        else
        {
            _output.String(number, syntax?.Name);
        }
    }

    private void WriteOptions(int number, OptionSet options)
    {
        if (options.Serialized is { } serialized && (_retainSourceOptions || serialized.Length == 0))
        {
            _output.Bytes(number, serialized);
            return;
        }

        if ((_retainSourceOptions ? options.Value : options.Kept) is { IsEmpty: false } value)
        {
            int mark = _output.Open(number);
            if (_retainSourceOptions)
            {
                RetainedOptions.Write(_output, options);
            }
            else
            {
                OptionWriter.Write(_output, value);
            }

            _output.Close(mark);
        }
    }
}
