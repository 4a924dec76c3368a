// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using System.Text;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Syntax;

/// <summary>
/// Parses a file, its messages, enums and services. Never fails: after an error it skips the statement and goes on. A method that
/// returns false has reported the error and left the cursor where it was found.
/// </summary>
internal sealed class DeclarationParser(TokenCursor cursor)
{
    /// <summary>Messages may be nested this deep, the outermost counted: the limit of every protobuf implementation that has one.</summary>
    public const int MaxMessageDepth = 31;

    // Groups are messages, too, but protoc counts them only when all of the file is read. This limit protects the stack.
    private const int MaxOpenBodies = 500;

    private static readonly string[] Declarations = ["message", "enum", "service", "extend", "import", "package", "option", "syntax", "edition"];

    private readonly OptionParser _options = new(cursor);
    private readonly TypeParser _types = new(cursor);
    private readonly NumberRangeParser _ranges = new(cursor);
    private bool _hasVisibility;
    private int _openBodies;

    public FileSyntax ParseFile()
    {
        FileSyntax file = new() { First = 0 };
        if (cursor.At("syntax"u8) || cursor.At("edition"u8))
        {
            file.Declaration = new SyntaxDeclarationSyntax { IsEdition = cursor.At("edition"u8), First = cursor.Position };
            bool ok = ParseSyntaxDeclaration(file.Declaration);
            file.Declaration.Last = cursor.Previous;
            if (!ok)
            {
                // Without the syntax the rest of the file has no meaning: its errors would be guesses.
                file.Last = cursor.Previous;
                return file;
            }
        }

        SourceEdition edition = SourceEditions.Of(file.Declaration);
        _hasVisibility = edition >= SourceEdition.Edition2024;
        _types.IsUnstable = edition == SourceEdition.Unstable;
        while (!cursor.AtEnd)
        {
            if (!ParseTopLevel(file))
            {
                cursor.SkipStatement();
                if (cursor.At("}"u8))
                {
                    SyntaxMessages.UnmatchedBrace(cursor.Diagnostics, cursor.Here);
                    cursor.HasLostStructure = true;
                    cursor.Next();
                }
            }
        }

        file.Last = cursor.Previous;
        return file;
    }

    private bool ParseSyntaxDeclaration(SyntaxDeclarationSyntax declaration)
    {
        cursor.Next();
        if (!cursor.Take("="u8))
        {
            return false;
        }

        declaration.ValueToken = cursor.Position;
        if (!cursor.TakeString(declaration.IsEdition ? "the edition in quotes, such as \"2023\"" : "the syntax in quotes: \"proto2\" or \"proto3\"", out byte[] value))
        {
            return false;
        }

        declaration.Value = Encoding.UTF8.GetString(value);
        if (!cursor.Take(";"u8))
        {
            return false;
        }

        if (SourceEditions.Of(declaration) != SourceEdition.Unknown)
        {
            return true;
        }

        // It is found out when the statement is complete, so that what is wrong with the next token is told before.
        Sources.SourceSpan at = cursor.Tokens[declaration.ValueToken].Span;
        cursor.Diagnostics.TokenStart = cursor.Here.Start;
        if (declaration.IsEdition)
        {
            SyntaxMessages.UnknownEdition(cursor.Diagnostics, at, declaration.Value);
        }
        else
        {
            SyntaxMessages.UnknownSyntax(cursor.Diagnostics, at, declaration.Value);
        }

        cursor.Diagnostics.TokenStart = null;
        return false;
    }

    private bool ParseTopLevel(FileSyntax file)
    {
        if (TryParseEmpty(file.Members))
        {
            return true;
        }

        if (!ParseVisibility(out SymbolVisibility visibility))
        {
            return false;
        }

        if (cursor.At("message"u8))
        {
            return ParseMessage(file.Members, visibility, depth: 1);
        }

        if (cursor.At("enum"u8))
        {
            return ParseEnum(file.Members, visibility);
        }

        if (cursor.At("service"u8))
        {
            return ParseService(file.Members);
        }

        if (cursor.At("extend"u8))
        {
            return ParseExtend(file.Members, depth: 0);
        }

        if (cursor.At("import"u8))
        {
            return ParseImport(file.Members);
        }

        if (cursor.At("package"u8))
        {
            return ParsePackage(file.Members);
        }

        if (cursor.At("option"u8))
        {
            bool ok = _options.ParseStatement(out OptionSyntax option);
            file.Members.Add(option);
            return ok;
        }

        cursor.Expected(
            "a declaration (message, enum, service, extend, import, package or option)",
            cursor.Kind == TokenKind.Identifier ? Suggestions.Hint(Suggestions.Nearest(cursor.Text, Declarations), null) : null);
        return false;
    }

    private bool TryParseEmpty(List<SyntaxNode> members)
    {
        if (!cursor.At(";"u8))
        {
            return false;
        }

        members.Add(new EmptySyntax { First = cursor.Position, Last = cursor.Position });
        cursor.Next();
        return true;
    }

    private bool ParseVisibility(out SymbolVisibility visibility)
    {
        visibility = SymbolVisibility.Unset;
        if (!_hasVisibility)
        {
            return true;
        }

        visibility = cursor.TryTake("export"u8) ? SymbolVisibility.Export
            : cursor.TryTake("local"u8) ? SymbolVisibility.Local : SymbolVisibility.Unset;
        if (visibility == SymbolVisibility.Unset || cursor.At("message"u8) || cursor.At("enum"u8))
        {
            return true;
        }

        cursor.Expected("\"message\" or \"enum\"", "Only messages and enums can be marked \"export\" or \"local\".");
        return false;
    }

    private bool ParsePackage(List<SyntaxNode> members)
    {
        PackageSyntax package = new() { First = cursor.Position };
        members.Add(package);
        cursor.Next();
        int first = cursor.Position;
        do
        {
            if (!cursor.TakeIdentifier("a part of the package's name"))
            {
                return false;
            }
        }
        while (cursor.TryTake("."u8));

        package.Name = cursor.JoinedText(first);
        bool ok = cursor.Take(";"u8);
        package.Last = cursor.Previous;
        return ok;
    }

    private bool ParseImport(List<SyntaxNode> members)
    {
        ImportSyntax import = new() { First = cursor.Position };
        cursor.Next();
        import.Kind = cursor.At("public"u8) ? ImportKind.Public
            : cursor.At("weak"u8) ? ImportKind.Weak
            : cursor.At("option"u8) ? ImportKind.Option : ImportKind.Plain;
        if (import.Kind != ImportKind.Plain)
        {
            import.KindToken = cursor.Position;
            cursor.Next();
        }

        members.Add(import);
        import.PathToken = cursor.Position;
        if (!cursor.TakeString("the path of a file in quotes", out byte[] path))
        {
            import.Last = cursor.Previous;
            return false;
        }

        import.Path = ByteText.Decode(path);
        bool ok = cursor.Take(";"u8);
        import.Last = cursor.Previous;
        return ok;
    }

    private bool ParseMessage(List<SyntaxNode> members, SymbolVisibility visibility, int depth)
    {
        if (depth > MaxMessageDepth)
        {
            SyntaxMessages.TooDeep(cursor.Diagnostics, cursor.Here, MaxMessageDepth);
            return false;
        }

        MessageSyntax message = new() { First = cursor.Position, Visibility = visibility };
        members.Add(message);
        cursor.Next();
        message.Name = TakeName("the name of the message", out bool ok);
        ok = ok && ParseMessageBody(message, depth);
        message.Last = cursor.Previous;
        return ok;
    }

    private NameSyntax TakeName(string what, out bool ok)
    {
        int token = cursor.Position;
        ok = cursor.TakeIdentifier(what, out string text);
        return ok ? new NameSyntax(text, token) : NameSyntax.Missing(token);
    }

    private bool ParseMessageBody(MessageSyntax message, int depth)
    {
        if (_openBodies >= MaxOpenBodies)
        {
            SyntaxMessages.TooDeep(cursor.Diagnostics, cursor.Here, MaxMessageDepth);
            return false;
        }

        message.OpenBrace = cursor.Position;
        if (!cursor.Take("{"u8))
        {
            return false;
        }

        _openBodies++;
        bool isClosed = ParseMessageMembers(message, depth);
        _openBodies--;
        return isClosed;
    }

    private bool ParseMessageMembers(MessageSyntax message, int depth)
    {
        while (!cursor.TryTake("}"u8))
        {
            if (cursor.AtEnd)
            {
                cursor.EndOfFileIn($"message \"{message.Name.Text}\"");
                return false;
            }

            if (!ParseMessageMember(message, depth))
            {
                cursor.SkipStatement();
            }
        }

        message.CloseBrace = cursor.Previous;
        return true;
    }

    private bool ParseMessageMember(MessageSyntax message, int depth)
    {
        if (TryParseEmpty(message.Members))
        {
            return true;
        }

        if (!ParseVisibility(out SymbolVisibility visibility))
        {
            return false;
        }

        if (cursor.At("message"u8))
        {
            return ParseMessage(message.Members, visibility, depth + 1);
        }

        if (cursor.At("enum"u8))
        {
            return ParseEnum(message.Members, visibility);
        }

        if (cursor.At("extensions"u8))
        {
            return _ranges.ParseExtensions(message.Members);
        }

        if (cursor.At("reserved"u8))
        {
            return _ranges.ParseReserved(message.Members, ofEnum: false);
        }

        if (cursor.At("extend"u8))
        {
            return ParseExtend(message.Members, depth);
        }

        if (cursor.At("option"u8))
        {
            bool ok = _options.ParseStatement(out OptionSyntax option);
            message.Members.Add(option);
            return ok;
        }

        if (cursor.At("oneof"u8))
        {
            return ParseOneof(message.Members, depth);
        }

        return ParseField(message.Members, depth);
    }

    private bool ParseField(List<SyntaxNode> members, int depth)
    {
        FieldSyntax field = new() { First = cursor.Position, LabelToken = cursor.Position };
        members.Add(field);
        field.Label = cursor.TryTake("optional"u8) ? FieldLabel.Optional
            : cursor.TryTake("repeated"u8) ? FieldLabel.Repeated
            : cursor.TryTake("required"u8) ? FieldLabel.Required : FieldLabel.None;
        if (field.Label == FieldLabel.None)
        {
            field.LabelToken = -1;
        }

        bool ok = ParseFieldRest(field, depth);
        field.Last = cursor.Previous;
        return ok;
    }

    private bool ParseFieldRest(FieldSyntax field, int depth)
    {
        if (!_types.Parse(field.Type, allowMap: true))
        {
            return false;
        }

        field.Name = TakeName("the name of the field", out bool ok);
        if (!ok)
        {
            return false;
        }

        if (!cursor.TryTake("="u8))
        {
            SyntaxMessages.MissingFieldNumber(cursor.Diagnostics, cursor.Here, field.Name.Text);
            return false;
        }

        field.NumberToken = cursor.Position;
        if (!cursor.TakeInteger(int.MaxValue, "the number of the field", out ulong number, LoweringMessages.FieldNumbers))
        {
            return false;
        }

        field.Number = (int)number;
        field.HasNumber = !cursor.HasBadInteger;
        ok = _options.ParseCompact(field.Type, out CompactOptionsSyntax? options);
        field.Options = options;
        if (!ok)
        {
            return false;
        }

        if (field.Type.Scalar != FieldKind.Group)
        {
            return cursor.Take(";"u8);
        }

        if (!char.IsAsciiLetterUpper(field.Name.Text[0]))
        {
            cursor.Diagnostics.TokenStart = cursor.Here.Start;
            LegalizeMessages.GroupName(cursor.Diagnostics, cursor.Tokens[field.Name.Token].Span, field.Name.Text);
            cursor.Diagnostics.TokenStart = null;
        }

        if (!cursor.At("{"u8))
        {
            SyntaxMessages.MissingGroupBody(cursor.Diagnostics, cursor.Here);
            return false;
        }

        field.Group = new MessageSyntax { First = field.First, Name = field.Name, IsGroup = true };
        bool parsed = ParseMessageBody(field.Group, depth);
        field.Group.Last = cursor.Previous;
        return parsed;
    }

    private bool ParseOneof(List<SyntaxNode> members, int depth)
    {
        OneofSyntax oneof = new() { First = cursor.Position };
        members.Add(oneof);
        cursor.Next();
        oneof.Name = TakeName("the name of the oneof", out bool ok);
        ok = ok && ParseFieldBlock(oneof.Members, depth, $"oneof \"{oneof.Name.Text}\"", withOptions: true, out int open, out int close);
        oneof.OpenBrace = ok ? oneof.Name.Token + 1 : 0;
        oneof.CloseBrace = ok ? cursor.Previous : -1;
        oneof.Last = cursor.Previous;
        return ok;
    }

    private bool ParseExtend(List<SyntaxNode> members, int depth)
    {
        ExtendSyntax extend = new() { First = cursor.Position };
        members.Add(extend);
        cursor.Next();
        bool ok = _types.ParseMessage(extend.Extendee);
        extend.OpenBrace = cursor.Position;
        ok = ok && ParseFieldBlock(extend.Members, depth, "extend block", withOptions: false, out _, out _);
        extend.CloseBrace = ok ? cursor.Previous : -1;
        extend.Last = cursor.Previous;
        return ok;
    }

    // Fields in braces: at least one.
    private bool ParseFieldBlock(List<SyntaxNode> members, int depth, string what, bool withOptions, out int open, out int close)
    {
        open = cursor.Position;
        close = -1;
        if (!cursor.Take("{"u8))
        {
            return false;
        }

        do
        {
            if (cursor.AtEnd)
            {
                cursor.EndOfFileIn(what);
                return false;
            }

            if (withOptions && cursor.At("option"u8))
            {
                bool ok = _options.ParseStatement(out OptionSyntax option);
                members.Add(option);
                if (!ok)
                {
                    return false;
                }
            }
            else if (!ParseField(members, depth))
            {
                cursor.SkipStatement();
            }
        }
        while (!cursor.TryTake("}"u8));

        close = cursor.Previous;
        return true;
    }

    private bool ParseEnum(List<SyntaxNode> members, SymbolVisibility visibility)
    {
        EnumSyntax node = new() { First = cursor.Position, Visibility = visibility };
        members.Add(node);
        cursor.Next();
        node.Name = TakeName("the name of the enum", out bool ok);
        node.OpenBrace = cursor.Position;
        ok = ok && cursor.Take("{"u8);
        while (ok && !cursor.TryTake("}"u8))
        {
            if (cursor.AtEnd)
            {
                cursor.EndOfFileIn($"enum \"{node.Name.Text}\"");
                ok = false;
            }
            else if (!ParseEnumMember(node))
            {
                cursor.SkipStatement();
            }
        }

        node.CloseBrace = ok ? cursor.Previous : -1;
        node.Last = cursor.Previous;
        return ok;
    }

    private bool ParseEnumMember(EnumSyntax node)
    {
        if (TryParseEmpty(node.Members))
        {
            return true;
        }

        if (cursor.At("option"u8))
        {
            bool ok = _options.ParseStatement(out OptionSyntax option);
            node.Members.Add(option);
            return ok;
        }

        if (cursor.At("reserved"u8))
        {
            return _ranges.ParseReserved(node.Members, ofEnum: true);
        }

        EnumValueSyntax value = new() { First = cursor.Position };
        node.Members.Add(value);
        bool parsed = ParseEnumValue(value);
        value.Last = cursor.Previous;
        return parsed;
    }

    private bool ParseEnumValue(EnumValueSyntax value)
    {
        value.Name = TakeName("the name of an enum value", out bool ok);
        if (!ok)
        {
            return false;
        }

        if (!cursor.TryTake("="u8))
        {
            SyntaxMessages.MissingEnumNumber(cursor.Diagnostics, cursor.Here, value.Name.Text);
            return false;
        }

        value.NumberToken = cursor.Position;
        if (!cursor.TakeSignedInteger("an integer", out int number))
        {
            return false;
        }

        value.Number = number;
        value.HasNumber = !cursor.HasBadInteger;
        value.NumberEnd = cursor.Previous;
        ok = _options.ParseCompact(fieldType: null, out CompactOptionsSyntax? options);
        value.Options = options;
        return ok && cursor.Take(";"u8);
    }

    private bool ParseService(List<SyntaxNode> members)
    {
        ServiceSyntax service = new() { First = cursor.Position };
        members.Add(service);
        cursor.Next();
        service.Name = TakeName("the name of the service", out bool ok);
        service.OpenBrace = cursor.Position;
        ok = ok && cursor.Take("{"u8);
        while (ok && !cursor.TryTake("}"u8))
        {
            if (cursor.AtEnd)
            {
                cursor.EndOfFileIn($"service \"{service.Name.Text}\"");
                ok = false;
            }
            else if (!ParseServiceMember(service))
            {
                cursor.SkipStatement();
            }
        }

        service.CloseBrace = ok ? cursor.Previous : -1;
        service.Last = cursor.Previous;
        return ok;
    }

    private bool ParseServiceMember(ServiceSyntax service)
    {
        if (TryParseEmpty(service.Members))
        {
            return true;
        }

        if (cursor.At("option"u8))
        {
            bool ok = _options.ParseStatement(out OptionSyntax option);
            service.Members.Add(option);
            return ok;
        }

        MethodSyntax method = new() { First = cursor.Position };
        service.Members.Add(method);
        bool parsed = ParseMethod(method);
        method.Last = cursor.Previous;
        return parsed;
    }

    private bool ParseMethod(MethodSyntax method)
    {
        if (!cursor.Take("rpc"u8))
        {
            return false;
        }

        method.Name = TakeName("the name of the method", out bool ok);
        if (!ok || !cursor.Take("("u8))
        {
            return false;
        }

        method.ClientStreamToken = TakeStream();
        if (!_types.ParseMessage(method.Input) || !cursor.Take(")"u8) || !cursor.Take("returns"u8) || !cursor.Take("("u8))
        {
            return false;
        }

        method.ServerStreamToken = TakeStream();
        if (!_types.ParseMessage(method.Output) || !cursor.Take(")"u8))
        {
            return false;
        }

        if (!cursor.At("{"u8))
        {
            return cursor.Take(";"u8);
        }

        method.OpenBrace = cursor.Position;
        cursor.Next();
        while (!cursor.TryTake("}"u8))
        {
            if (cursor.AtEnd)
            {
                cursor.EndOfFileIn($"options of the method \"{method.Name.Text}\"");
                return false;
            }

            if (TryParseEmpty(method.Members))
            {
                continue;
            }

            bool parsed = _options.ParseStatement(out OptionSyntax option);
            method.Members.Add(option);
            if (!parsed)
            {
                cursor.SkipStatement();
            }
        }

        method.CloseBrace = cursor.Previous;
        return true;
    }

    private int TakeStream()
    {
        if (!cursor.At("stream"u8))
        {
            return -1;
        }

        cursor.Next();
        return cursor.Previous;
    }
}
