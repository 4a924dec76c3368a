// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Compiler.Syntax;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Legalize;

/// <summary>
/// Says what is written but not allowed, and since which edition, as far as the text alone shows it. What depends on the meaning of
/// names is checked by the passes in <c>Lowering</c>.
/// </summary>
internal sealed class LegalizeFile
{
    private readonly SyntaxTree _tree;
    private readonly DiagnosticBag _diagnostics;
    private readonly SourceEdition _edition;

    private LegalizeFile(SyntaxTree tree, DiagnosticBag diagnostics)
    {
        _tree = tree;
        _diagnostics = diagnostics;
        _edition = SourceEditions.Of(tree.Root.Declaration);
    }

    private bool IsEditions => SourceEditions.IsEditions(_edition);

    /// <summary>Reports what is wrong with the form of declarations.</summary>
    public static void Run(SyntaxTree tree, DiagnosticBag diagnostics)
    {
        LegalizeFile pass = new(tree, diagnostics);
        pass.CheckHeader(tree.Root);
        pass.CheckMembers();
    }

    private void CheckMembers()
    {
        foreach (SyntaxNode member in _tree.Root.Members)
        {
            CheckDeclaration(member);
        }
    }

    private void CheckHeader(FileSyntax file)
    {
        bool hasPackage = false;
        bool hasOptionImport = false;
        foreach (SyntaxNode member in file.Members)
        {
            switch (member)
            {
                case PackageSyntax package when hasPackage:
                    SyntaxMessages.MultiplePackages(_diagnostics, _tree.Span(package.First));
                    break;
                case PackageSyntax:
                    hasPackage = true;
                    break;
                case ImportSyntax { Kind: ImportKind.Option } import:
                    hasOptionImport = true;
                    if (_edition < SourceEdition.Edition2024)
                    {
                        LegalizeMessages.OptionImportTooEarly(_diagnostics, _tree.Span(import.KindToken));
                    }

                    break;
                case ImportSyntax import:
                    if (hasOptionImport)
                    {
                        LegalizeMessages.ImportAfterOptionImport(_diagnostics, _tree.Span(import.First + 1));
                    }

                    if (import.Kind == ImportKind.Weak && _edition >= SourceEdition.Edition2024)
                    {
                        LegalizeMessages.WeakImportTooLate(_diagnostics, _tree.Span(import.KindToken));
                    }

                    break;
                default:
                    break;
            }
        }
    }

    private void CheckDeclaration(SyntaxNode node)
    {
        switch (node)
        {
            case MessageSyntax message:
                CheckMessage(message);
                break;
            case EnumSyntax symbol:
                CheckEnum(symbol);
                break;
            case ExtendSyntax extend:
                foreach (SyntaxNode member in extend.Members)
                {
                    CheckField((FieldSyntax)member, oneof: null, isExtension: true);
                }

                break;
            case OneofSyntax oneof:
                foreach (SyntaxNode member in oneof.Members)
                {
                    if (member is FieldSyntax field)
                    {
                        CheckField(field, oneof, isExtension: false);
                    }
                }

                break;
            case FieldSyntax field:
                CheckField(field, oneof: null, isExtension: false);
                break;
            case ReservedSyntax reserved:
                CheckReserved(reserved);
                break;
            default:
                break;
        }
    }

    private void CheckMessage(MessageSyntax message)
    {
        foreach (SyntaxNode member in message.Members)
        {
            CheckDeclaration(member);
        }

        // A message that breaks off has other errors; the option is told where the message ends.
        if (message.CloseBrace >= 0 && message.Members.Find(member => member is OptionSyntax { Name: [{ IsExtension: false, Text: "map_entry" }, ..] }) is OptionSyntax option)
        {
            _diagnostics.TokenStart = _tree.Span(message.CloseBrace).Start;
            LegalizeMessages.ExplicitMapEntry(_diagnostics, _tree.Span(option.NameToken));
            _diagnostics.TokenStart = null;
        }
    }

    private void CheckField(FieldSyntax field, OneofSyntax? oneof, bool isExtension)
    {
        if (_edition == SourceEdition.Unstable)
        {
            CheckObsolete(field.Type);
        }

        if (IsEditions && field.Label is (FieldLabel.Optional or FieldLabel.Required))
        {
            LegalizeMessages.LabelInEditions(_diagnostics, _tree.Span(field.LabelToken), LabelText(field.Label));
        }

        if (field.Type.IsMap)
        {
            CheckMapField(field, oneof, isExtension);
        }
        else
        {
            CheckLabel(field, oneof);
        }

        if (field.Type.Scalar == FieldKind.Group)
        {
            CheckGroup(field);
        }
    }

    // The edition in which protobuf tries out changes gives the encodings of integers other names.
    private void CheckObsolete(TypeSyntax type)
    {
        if (type.IsMap)
        {
            CheckObsolete(type.MapKey!);
            CheckObsolete(type.MapValue!);
            return;
        }

        if (type.First < 0)
        {
            // The map broke off before it.
            return;
        }

        // These keywords mean what others of them have come to mean, so the text decides.
        string? instead = _tree.Tokens.Text(type.First) switch
        {
            "fixed32" => "uint32",
            "fixed64" => "uint64",
            "sfixed32" => "int32",
            "sfixed64" => "int64",
            "sint32" => "zigzag32",
            "sint64" => "zigzag64",
            _ => null,
        };
        if (instead is not null)
        {
            LegalizeMessages.ObsoleteType(_diagnostics, _tree.Span(type.First), _tree.Tokens.Text(type.First), instead);
        }
    }

    private void CheckMapField(FieldSyntax field, OneofSyntax? oneof, bool isExtension)
    {
        CheckMapPart(field.Type.MapKey!);
        CheckMapPart(field.Type.MapValue!);
        SourceSpan at = _tree.Span(field.Type.First + 1);
        if (oneof is not null)
        {
            LegalizeMessages.MapInOneof(_diagnostics, at);
        }
        else if (field.Label != FieldLabel.None)
        {
            LegalizeMessages.LabelOnMap(_diagnostics, at, LabelText(field.Label));
        }
        else if (isExtension)
        {
            LegalizeMessages.MapExtension(_diagnostics, at);
        }
    }

    private void CheckMapPart(TypeSyntax part)
    {
        if (part.Scalar != FieldKind.Group)
        {
            return;
        }

        if (IsEditions)
        {
            LegalizeMessages.GroupInEditions(_diagnostics, _tree.Span(part));
        }
        else
        {
            LegalizeMessages.GroupInMap(_diagnostics, _tree.Span(part));
        }
    }

    private void CheckLabel(FieldSyntax field, OneofSyntax? oneof)
    {
        if (field.Label == FieldLabel.None)
        {
            // A field that breaks off before its type has been reported by the parser. A type named "map" is known by what follows it.
            bool hasType = field.Type.Scalar != FieldKind.Unresolved || field.Type.HasName;
            if (_edition == SourceEdition.Proto2 && oneof is null && hasType)
            {
                LegalizeMessages.LabelMissing(_diagnostics, _tree.Span(field.Type.First + (field.Type.Name == "map" ? 1 : 0)), field.Name.Text);
            }

            return;
        }

        if (oneof is not null)
        {
            LegalizeMessages.LabelInOneof(_diagnostics, _tree.Span(field.LabelToken), LabelText(field.Label));
        }
    }

    private void CheckGroup(FieldSyntax field)
    {
        if (IsEditions)
        {
            LegalizeMessages.GroupInEditions(_diagnostics, _tree.Span(field.Type.First));
        }

        if (field.Group is not null)
        {
            CheckMessage(field.Group);
        }
    }

    private void CheckReserved(ReservedSyntax reserved)
    {
        foreach (ReservedNameSyntax name in reserved.Names)
        {
            if (name.IsString && IsEditions)
            {
                LegalizeMessages.ReservedStringInEditions(_diagnostics, _tree.Span(name));
                return;
            }

            if (!name.IsString && !IsEditions)
            {
                LegalizeMessages.ReservedIdentifier(_diagnostics, _tree.Span(name));
                return;
            }

            if (name.IsString && !IsIdentifier(name.Name))
            {
                LegalizeMessages.ReservedNameNotIdentifier(_diagnostics, _tree.Span(name), name.Name);
            }
        }
    }

    private void CheckEnum(EnumSyntax symbol)
    {
        OptionSyntax? alias = null;
        HashSet<int> numbers = [];
        bool duplicates = false;
        foreach (SyntaxNode member in symbol.Members)
        {
            switch (member)
            {
                case OptionSyntax { Name: [{ IsExtension: false, Text: "allow_alias" }] } option:
                    alias ??= option;
                    break;
                case EnumValueSyntax value:
                    duplicates |= !numbers.Add(value.Number);
                    break;
                case ReservedSyntax reserved:
                    CheckReserved(reserved);
                    break;
                default:
                    break;
            }
        }

        if (alias is null || symbol.CloseBrace < 0)
        {
            return;
        }

        SourceSpan at = _tree.Span(symbol.CloseBrace + 1);
        _diagnostics.TokenStart = _tree.Span(symbol.CloseBrace).Start;
        if (alias.Identifier != "true")
        {
            LegalizeMessages.AliasFalse(_diagnostics, at, symbol.Name.Text);
        }
        else if (!duplicates)
        {
            LegalizeMessages.AliasUnused(_diagnostics, at, symbol.Name.Text);
        }

        _diagnostics.TokenStart = null;
    }

    private static string LabelText(FieldLabel label) => label switch
    {
        FieldLabel.Required => "required",
        FieldLabel.Repeated => "repeated",
        _ => "optional",
    };

    private static bool IsIdentifier(string name)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
        {
            return false;
        }

        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }

        return true;
    }
}
