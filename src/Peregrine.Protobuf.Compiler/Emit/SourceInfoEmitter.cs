// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Emit;

/// <summary>
/// Writes a file's <c>google.protobuf.SourceCodeInfo</c>: the places of its parts in the order of the text, and their comments. It walks
/// syntax and symbols side by side; indexes in paths count what descriptors count, map entries and groups included.
/// </summary>
internal sealed class SourceInfoEmitter
{
    private readonly FileSymbol _file;
    private readonly TokenList _tokens;
    private readonly bool _retain;
    private readonly WireBuffer _output;
    private readonly List<int> _path = [];
    private List<byte[]>? _detached;
    private byte[]? _leading;

    private SourceInfoEmitter(WireBuffer output, FileSymbol file, bool retainSourceOptions)
    {
        _output = output;
        _file = file;
        _tokens = file.Tree.Tokens;
        _retain = retainSourceOptions;
    }

    /// <summary>Writes the content of the message.</summary>
    public static void Write(WireBuffer output, FileSymbol file, bool retainSourceOptions) =>
        new SourceInfoEmitter(output, file, retainSourceOptions).WriteFile();

    private void WriteFile()
    {
        FileSyntax root = _file.Tree.Root;
        CommentSet first = CommentReader.Read(_tokens, 0);
        _detached = first.Detached;
        _leading = first.Leading;
        if (_tokens.Count == 1)
        {
            // Nothing but comments: the place is that of the end of the file, and ends at its very start.
            Token end = _tokens[0];
            WriteLocation(end.Line, end.Column, 0, 0, null);
            return;
        }

        Location(root.First, root.Last);
        if (root.Declaration is { } declaration)
        {
            Statement([12], declaration.First, declaration.Last);
        }

        Counters counters = new();
        int dependencies = 0;
        int publicDependencies = 0;
        int weakDependencies = 0;
        int optionDependencies = 0;
        foreach (SyntaxNode member in root.Members)
        {
            switch (member)
            {
                case EmptySyntax:
                    Pass(member.Last);
                    break;
                case PackageSyntax:
                    Statement([2], member.First, member.Last);
                    break;
                case ImportSyntax { Kind: ImportKind.Option }:
                    Statement([15, optionDependencies++], member.First, member.Last);
                    break;
                case ImportSyntax import:
                    Statement([3, dependencies++], import.First, import.Last);
                    if (import.Kind == ImportKind.Public)
                    {
                        Part([10, publicDependencies++], import.KindToken, import.KindToken);
                    }
                    else if (import.Kind == ImportKind.Weak)
                    {
                        Part([11, weakDependencies++], import.KindToken, import.KindToken);
                    }

                    break;
                case OptionSyntax option:
                    OptionStatement(8, option, _file.Options);
                    break;
                case MessageSyntax message:
                    WriteMessage([4, counters.Messages], message, _file.Messages[counters.Messages++]);
                    break;
                case EnumSyntax symbol:
                    WriteEnum([5, counters.Enums], symbol, _file.Enums[counters.Enums++]);
                    break;
                case ServiceSyntax service:
                    WriteService([6, counters.Services], service, _file.Services[counters.Services++]);
                    break;
                case ExtendSyntax extend:
                    WriteExtend(extend, 7, 4, _file.Extensions, _file.Messages, counters);
                    break;
                default:
                    break;
            }
        }
    }

    private sealed class Counters
    {
        public int Messages;
        public int Enums;
        public int Services;
        public int Extensions;
        public int Fields;
        public int Oneofs;
        public int ExtensionRanges;
        public int ReservedRanges;
        public int ReservedNames;
    }

    private void WriteMessage(ReadOnlySpan<int> path, MessageSyntax syntax, MessageSymbol message)
    {
        int depth = Push(path);
        LocationWithComments(syntax.First, syntax.Last, syntax.OpenBrace);
        Part([1], syntax.Name.Token, syntax.Name.Token);
        WriteMessageBody(syntax, message);
        Pop(depth);
    }

    private void WriteMessageBody(MessageSyntax syntax, MessageSymbol message)
    {
        Counters counters = new();
        foreach (SyntaxNode member in syntax.Members)
        {
            switch (member)
            {
                case EmptySyntax:
                    Pass(member.Last);
                    break;
                case OptionSyntax option:
                    OptionStatement(7, option, message.Options);
                    break;
                case FieldSyntax field:
                    WriteField([2, counters.Fields], field, message.Fields[counters.Fields++], 3, message.Messages, counters);
                    break;
                case OneofSyntax oneof:
                    WriteOneof(oneof, message, counters);
                    break;
                case MessageSyntax nested:
                    WriteMessage([3, counters.Messages], nested, message.Messages[counters.Messages++]);
                    break;
                case EnumSyntax nested:
                    WriteEnum([4, counters.Enums], nested, message.Enums[counters.Enums++]);
                    break;
                case ExtendSyntax extend:
                    WriteExtend(extend, 6, 3, message.Extensions, message.Messages, counters);
                    break;
                case ExtensionsSyntax extensions:
                    WriteExtensionRanges(extensions, message, counters);
                    break;
                case ReservedSyntax reserved:
                    WriteReserved(reserved, 9, 10, counters);
                    break;
                default:
                    break;
            }
        }

        PassBrace(syntax.CloseBrace);
    }

    private void WriteField(ReadOnlySpan<int> path, FieldSyntax syntax, FieldSymbol field, int nestedNumber, List<MessageSymbol> messages, Counters counters, TypeSyntax? extendee = null)
    {
        int depth = Push(path);
        bool isGroup = syntax.Group is not null;
        if (isGroup)
        {
            Location(syntax.First, syntax.Last);
        }
        else
        {
            LocationWithComments(syntax.First, syntax.Last, syntax.Last);
        }

        if (extendee is not null)
        {
            Part([2], extendee.First, extendee.Last);
        }

        if (syntax.LabelToken >= 0)
        {
            Part([4], syntax.LabelToken, syntax.LabelToken);
        }

        Part([syntax.Type.Scalar == FieldKind.Unresolved ? 6 : 5], syntax.Type.First, syntax.Type.Last);
        Part([1], syntax.Name.Token, syntax.Name.Token);
        Part([3], syntax.NumberToken, syntax.NumberToken);
        if (syntax.Options is not null)
        {
            WriteFieldOptions(syntax.Options, field.Options);
        }

        if (isGroup)
        {
            WriteGroup(syntax, messages[counters.Messages], depth, [nestedNumber, counters.Messages++]);
        }
        else if (syntax.Type.IsMap)
        {
            counters.Messages++;
        }

        Pop(depth);
    }

    private void WriteGroup(FieldSyntax syntax, MessageSymbol message, int outerDepth, ReadOnlySpan<int> path)
    {
        MessageSyntax group = syntax.Group!;
        int[] fieldPath = [.. _path];
        Pop(outerDepth);
        int depth = Push(path);
        LocationWithComments(group.First, group.Last, group.OpenBrace);
        Part([1], syntax.Name.Token, syntax.Name.Token);
        Pop(depth);
        Push(fieldPath.AsSpan(outerDepth));
        Part([6], syntax.Name.Token, syntax.Name.Token);
        Pop(outerDepth);
        Push(path);
        WriteMessageBody(group, message);
        Pop(depth);
    }

    private void WriteFieldOptions(CompactOptionsSyntax options, OptionSet set)
    {
        if (!IsEmptied(set))
        {
            Part([8], options.First, options.Last);
        }

        foreach (SyntaxNode entry in options.Entries)
        {
            switch (entry)
            {
                case DefaultSyntax value:
                    Part([7], value.ValueToken, value.Last);
                    break;
                case JsonNameSyntax json:
                    Part([10], json.First, json.Last);
                    Part([10], json.ValueToken, json.Last);
                    break;
                case OptionSyntax option:
                    CompactOption(8, option, set);
                    break;
                default:
                    break;
            }
        }
    }

    private void WriteCompactOptions(int number, CompactOptionsSyntax? options, OptionSet set)
    {
        if (options is null)
        {
            return;
        }

        if (IsEmptied(set))
        {
            return;
        }

        Part([number], options.First, options.Last);
        foreach (SyntaxNode entry in options.Entries)
        {
            CompactOption(number, (OptionSyntax)entry, set);
        }
    }

    private void CompactOption(int number, OptionSyntax option, OptionSet set)
    {
        if (PathOf(number, option, set) is { } path)
        {
            Part(path, option.First, option.Last);
        }
    }

    private void OptionStatement(int number, OptionSyntax option, OptionSet set)
    {
        if (!IsEmptied(set))
        {
            Part([number], option.First, option.Last);
        }

        (List<byte[]>? detached, byte[]? leading, byte[]? trailing) = Take(option.Last);
        if (PathOf(number, option, set) is { } path)
        {
            int depth = Push(path);
            Location(option.First, option.Last, detached, leading, trailing);
            Pop(depth);
        }
    }

    // Options of which nothing is left in the descriptor have no place, either.
    private bool IsEmptied(OptionSet set) => !_retain && set is { Value.IsEmpty: false, Kept.IsEmpty: true };

    private int[]? PathOf(int number, OptionSyntax option, OptionSet set) =>
        !set.Paths.TryGetValue(option, out int[]? path) || (!_retain && OptionRules.IsStripped(set.Value!, path)) ? null : [number, .. path];

    private void WriteOneof(OneofSyntax syntax, MessageSymbol message, Counters counters)
    {
        OneofSymbol oneof = message.Oneofs[counters.Oneofs];
        int depth = Push([8, counters.Oneofs++]);
        LocationWithComments(syntax.First, syntax.Last, syntax.OpenBrace);
        Part([1], syntax.Name.Token, syntax.Name.Token);
        Pop(depth);
        foreach (SyntaxNode member in syntax.Members)
        {
            if (member is OptionSyntax option)
            {
                depth = Push([8, counters.Oneofs - 1]);
                OptionStatement(2, option, oneof.Options);
                Pop(depth);
            }
            else
            {
                WriteField([2, counters.Fields], (FieldSyntax)member, message.Fields[counters.Fields++], 3, message.Messages, counters);
            }
        }

        PassBrace(syntax.CloseBrace);
    }

    private void WriteExtend(ExtendSyntax syntax, int number, int nestedNumber, List<FieldSymbol> extensions, List<MessageSymbol> messages, Counters counters)
    {
        int depth = Push([number]);
        LocationWithComments(syntax.First, syntax.Last, syntax.OpenBrace);
        Pop(depth);
        foreach (SyntaxNode member in syntax.Members)
        {
            WriteField([number, counters.Extensions], (FieldSyntax)member, extensions[counters.Extensions++], nestedNumber, messages, counters, syntax.Extendee);
        }

        PassBrace(syntax.CloseBrace);
    }

    private void WriteExtensionRanges(ExtensionsSyntax syntax, MessageSymbol message, Counters counters)
    {
        int first = counters.ExtensionRanges;
        int depth = Push([5]);
        LocationWithComments(syntax.First, syntax.Last, syntax.Last);
        foreach (RangeSyntax range in syntax.Ranges)
        {
            WriteRange(range, counters.ExtensionRanges++);
        }

        for (int i = first; syntax.Options is not null && i < counters.ExtensionRanges; i++)
        {
            int outer = Push([i]);
            WriteCompactOptions(3, syntax.Options, message.ExtensionRanges[i].Options);
            Pop(outer);
        }

        Pop(depth);
    }

    private void WriteRange(RangeSyntax range, int index)
    {
        Part([index], range.First, range.Last);
        Part([index, 1], range.First, range.StartLast);
        Part([index, 2], range.EndToken, range.EndToken == range.First ? range.First : range.Last);
    }

    private void WriteReserved(ReservedSyntax syntax, int rangeNumber, int nameNumber, Counters counters)
    {
        int depth = Push([syntax.Names.Count > 0 ? nameNumber : rangeNumber]);
        LocationWithComments(syntax.First, syntax.Last, syntax.Last);
        foreach (RangeSyntax range in syntax.Ranges)
        {
            WriteRange(range, counters.ReservedRanges++);
        }

        foreach (ReservedNameSyntax name in syntax.Names)
        {
            Part([counters.ReservedNames++], name.First, name.Last);
        }

        Pop(depth);
    }

    private void WriteEnum(ReadOnlySpan<int> path, EnumSyntax syntax, EnumSymbol symbol)
    {
        int depth = Push(path);
        LocationWithComments(syntax.First, syntax.Last, syntax.OpenBrace);
        Part([1], syntax.Name.Token, syntax.Name.Token);
        Counters counters = new();
        int values = 0;
        foreach (SyntaxNode member in syntax.Members)
        {
            switch (member)
            {
                case EmptySyntax:
                    Pass(member.Last);
                    break;
                case OptionSyntax option:
                    OptionStatement(3, option, symbol.Options);
                    break;
                case ReservedSyntax reserved:
                    WriteReserved(reserved, 4, 5, counters);
                    break;
                case EnumValueSyntax value:
                    int outer = Push([2, values]);
                    LocationWithComments(value.First, value.Last, value.Last);
                    Part([1], value.Name.Token, value.Name.Token);
                    Part([2], value.NumberToken, value.NumberEnd);
                    WriteCompactOptions(3, value.Options, symbol.Values[values++].Options);
                    Pop(outer);
                    break;
                default:
                    break;
            }
        }

        PassBrace(syntax.CloseBrace);
        Pop(depth);
    }

    private void WriteService(ReadOnlySpan<int> path, ServiceSyntax syntax, ServiceSymbol service)
    {
        int depth = Push(path);
        LocationWithComments(syntax.First, syntax.Last, syntax.OpenBrace);
        Part([1], syntax.Name.Token, syntax.Name.Token);
        int methods = 0;
        foreach (SyntaxNode member in syntax.Members)
        {
            switch (member)
            {
                case EmptySyntax:
                    Pass(member.Last);
                    break;
                case OptionSyntax option:
                    OptionStatement(3, option, service.Options);
                    break;
                case MethodSyntax method:
                    WriteMethod([2, methods], method, service.Methods[methods++]);
                    break;
                default:
                    break;
            }
        }

        PassBrace(syntax.CloseBrace);
        Pop(depth);
    }

    private void WriteMethod(ReadOnlySpan<int> path, MethodSyntax syntax, MethodSymbol method)
    {
        int depth = Push(path);
        LocationWithComments(syntax.First, syntax.Last, syntax.OpenBrace >= 0 ? syntax.OpenBrace : syntax.Last);
        Part([1], syntax.Name.Token, syntax.Name.Token);
        if (syntax.ClientStreamToken >= 0)
        {
            Part([5], syntax.ClientStreamToken, syntax.ClientStreamToken);
        }

        Part([2], syntax.Input.First, syntax.Input.Last);
        if (syntax.ServerStreamToken >= 0)
        {
            Part([6], syntax.ServerStreamToken, syntax.ServerStreamToken);
        }

        Part([3], syntax.Output.First, syntax.Output.Last);
        foreach (SyntaxNode member in syntax.Members)
        {
            if (member is OptionSyntax option)
            {
                OptionStatement(4, option, method.Options);
            }
            else
            {
                Pass(member.Last);
            }
        }

        if (syntax.OpenBrace >= 0)
        {
            PassBrace(syntax.CloseBrace);
        }

        Pop(depth);
    }

    private int Push(ReadOnlySpan<int> path)
    {
        int depth = _path.Count;
        _path.AddRange(path);
        return depth;
    }

    private void Pop(int depth) => _path.RemoveRange(depth, _path.Count - depth);

    private void Part(ReadOnlySpan<int> path, int first, int last)
    {
        // In a file with errors, a part may be missing.
        if (first < 0)
        {
            return;
        }

        int depth = Push(path);
        Location(first, last);
        Pop(depth);
    }

    private void Statement(ReadOnlySpan<int> path, int first, int last)
    {
        int depth = Push(path);
        LocationWithComments(first, last, last);
        Pop(depth);
    }

    /// <summary>Writes a place with the comments before it and behind the token at which its declaration ends or opens.</summary>
    private void LocationWithComments(int first, int last, int endToken)
    {
        (List<byte[]>? detached, byte[]? leading, byte[]? trailing) = Take(endToken);
        Location(first, last, detached, leading, trailing);
    }

    private (List<byte[]>? Detached, byte[]? Leading, byte[]? Trailing) Take(int endToken)
    {
        CommentSet next = CommentReader.Read(_tokens, endToken + 1);
        (List<byte[]>? detached, byte[]? leading) = (_detached, _leading);
        (_detached, _leading) = (next.Detached, next.Leading);
        return (detached, leading, next.Trailing);
    }

    // A lone semicolon belongs to nothing: what was detached before it stays for the next declaration.
    private void Pass(int token)
    {
        CommentSet next = CommentReader.Read(_tokens, token + 1);
        if (next.Detached is not null)
        {
            (_detached ??= []).AddRange(next.Detached);
        }

        _leading = next.Leading;
    }

    private void PassBrace(int token)
    {
        CommentSet next = CommentReader.Read(_tokens, token + 1);
        _detached = next.Detached;
        _leading = next.Leading;
    }

    private void Location(int first, int last, List<byte[]>? detached = null, byte[]? leading = null, byte[]? trailing = null)
    {
        Token start = _tokens[first];
        Token end = _tokens[last];
        WriteLocation(start.Line, start.Column, end.Line, end.EndColumn, detached, leading, trailing);
    }

    private void WriteLocation(int line, int column, int endLine, int endColumn, List<byte[]>? detached, byte[]? leading = null, byte[]? trailing = null)
    {
        int location = _output.Open(1);
        if (_path.Count > 0)
        {
            int path = _output.Open(1);
            foreach (int part in _path)
            {
                _output.Varint((ulong)part);
            }

            _output.Close(path);
        }

        int span = _output.Open(2);
        _output.Varint((ulong)line);
        _output.Varint((ulong)column);
        if (endLine != line)
        {
            _output.Varint((ulong)endLine);
        }

        _output.Varint((ulong)endColumn);
        _output.Close(span);
        if (leading is { Length: > 0 })
        {
            _output.Bytes(3, leading);
        }

        if (trailing is { Length: > 0 })
        {
            _output.Bytes(4, trailing);
        }

        foreach (byte[] comment in detached ?? [])
        {
            _output.Bytes(6, comment);
        }

        _output.Close(location);
    }
}
