// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using System.Text;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>
/// Makes the symbols of a file from its syntax tree, and those that the language implies: the entry of a map, the message of a
/// group, the oneof of a proto3 <c>optional</c> field. Lists are in the order in which descriptors hold them.
/// </summary>
internal sealed class BuildSymbols
{
    private readonly FileSymbol _file;

    private BuildSymbols(FileSymbol file) => _file = file;

    public static FileSymbol Run(SyntaxTree tree, DiagnosticBag diagnostics)
    {
        string package = "";
        foreach (SyntaxNode member in tree.Root.Members)
        {
            if (member is PackageSyntax declaration)
            {
                package = declaration.Name;
            }
        }

        FileSymbol file = new(tree.Tokens.Source, tree, diagnostics, package) { Options = OptionsIn(OptionTarget.File, tree.Root.Members) };
        new BuildSymbols(file).AddFile();
        return file;
    }

    private void AddFile()
    {
        foreach (SyntaxNode member in _file.Tree.Root.Members)
        {
            switch (member)
            {
                case MessageSyntax message:
                    _file.Messages.Add(MakeMessage(message, _file.Package, _file));
                    break;
                case EnumSyntax node:
                    _file.Enums.Add(MakeEnum(node, _file.Package, _file));
                    break;
                case ServiceSyntax service:
                    _file.Services.Add(MakeService(service));
                    break;
                case ExtendSyntax extend:
                    AddExtensions(extend, _file.Extensions, _file.Messages, _file.Package, _file);
                    break;
                default:
                    break;
            }
        }
    }

    private MessageSymbol MakeMessage(MessageSyntax syntax, string scope, Symbol parent)
    {
        OptionSet options = OptionsIn(OptionTarget.Message, syntax.Members);
        bool isMessageSet = options.Find("message_set_wire_format") is { Identifier: "true" };
        MessageSymbol message = new(syntax.Name.Text, scope, _file, parent)
        {
            Syntax = syntax,
            NameToken = syntax.Name.Token,
            Visibility = syntax.Visibility,
            Options = options,
            IsMessageSet = isMessageSet,
            HasWideRanges = isMessageSet,
        };
        foreach (SyntaxNode member in syntax.Members)
        {
            AddMember(message, member);
        }

        if (_file.Edition == SourceEdition.Proto3)
        {
            AddSyntheticOneofs(message);
        }

        return message;
    }

    private void AddMember(MessageSymbol message, SyntaxNode member)
    {
        switch (member)
        {
            case FieldSyntax field:
                message.Fields.Add(MakeField(field, message, message.FullName, message.Messages, oneof: null));
                break;
            case MessageSyntax nested:
                message.Messages.Add(MakeMessage(nested, message.FullName, message));
                break;
            case EnumSyntax nested:
                message.Enums.Add(MakeEnum(nested, message.FullName, message));
                break;
            case OneofSyntax oneof:
                AddOneof(message, oneof);
                break;
            case ExtendSyntax extend:
                AddExtensions(extend, message.Extensions, message.Messages, message.FullName, message);
                break;
            case ExtensionsSyntax extensions:
                foreach (RangeSyntax range in extensions.Ranges)
                {
                    OptionSet options = OptionsIn(OptionTarget.ExtensionRange, extensions.Options);
                    message.ExtensionRanges.Add(new ExtensionRangeSymbol(message, range) { Options = options, NameToken = range.First });
                }

                break;
            case ReservedSyntax reserved:
                message.ReservedRanges.AddRange(reserved.Ranges);
                message.ReservedNames.AddRange(reserved.Names);
                break;
            default:
                break;
        }
    }

    private void AddOneof(MessageSymbol message, OneofSyntax syntax)
    {
        OptionSet options = OptionsIn(OptionTarget.Oneof, syntax.Members);
        OneofSymbol oneof = new(syntax.Name.Text, message) { NameToken = syntax.Name.Token, Options = options };
        message.Oneofs.Add(oneof);
        foreach (SyntaxNode member in syntax.Members)
        {
            if (member is FieldSyntax field)
            {
                FieldSymbol symbol = MakeField(field, message, message.FullName, message.Messages, oneof);
                message.Fields.Add(symbol);
                oneof.Fields.Add(symbol);
            }
        }
    }

    private void AddExtensions(ExtendSyntax extend, List<FieldSymbol> extensions, List<MessageSymbol> messages, string scope, Symbol parent)
    {
        foreach (SyntaxNode member in extend.Members)
        {
            if (member is FieldSyntax field)
            {
                extensions.Add(MakeField(field, parent, scope, messages, oneof: null, extend.Extendee));
            }
        }
    }

    private FieldSymbol MakeField(FieldSyntax syntax, Symbol parent, string scope, List<MessageSymbol> messages, OneofSymbol? oneof, TypeSyntax? extendee = null)
    {
        OptionSet options = OptionsIn(OptionTarget.Field, syntax.Options);
        FieldLabel label = syntax.Type.IsMap ? FieldLabel.Repeated
            : oneof is not null || syntax.Label == FieldLabel.None ? FieldLabel.Optional : syntax.Label;
        FieldSymbol field = new(syntax.Group is null ? syntax.Name.Text : ToLowerAscii(syntax.Name.Text), scope, _file, parent)
        {
            Syntax = syntax,
            NameToken = syntax.Name.Token,
            TypeSyntax = syntax.Type,
            ExtendeeSyntax = extendee,
            IsExtension = extendee is not null,
            Label = label,
            Number = syntax.Number,
            Kind = syntax.Type.Scalar,
            ContainingType = extendee is null ? parent as MessageSymbol : null,
            Oneof = oneof,
            IsProto3Optional = oneof is null && syntax.Label == FieldLabel.Optional && _file.Edition == SourceEdition.Proto3 && !syntax.Type.IsMap,
            Default = (DefaultSyntax?)syntax.Options?.Entries.FindLast(entry => entry is DefaultSyntax),
            ExplicitJsonName = (JsonNameSyntax?)syntax.Options?.Entries.FindLast(entry => entry is JsonNameSyntax),
            Options = options,
        };
        if (syntax.Group is not null)
        {
            MessageSymbol group = MakeMessage(syntax.Group, scope, parent);
            messages.Add(group);
            field.Type = group;
        }
        else if (syntax.Type.IsMap)
        {
            MessageSymbol entry = MakeMapEntry(field, scope, parent);
            messages.Add(entry);
            field.Type = entry;
            field.Kind = FieldKind.Message;
        }

        return field;
    }

    private MessageSymbol MakeMapEntry(FieldSymbol field, string scope, Symbol parent)
    {
        MessageSymbol entry = new(MapEntryName(field.Name), scope, _file, parent)
        {
            NameToken = field.NameToken,
            MapField = field,
            Options = OptionSet.Empty(OptionTarget.Message),
        };
        entry.Fields.Add(MakeEntryField("key", 1, field.TypeSyntax!.MapKey!));
        entry.Fields.Add(MakeEntryField("value", 2, field.TypeSyntax.MapValue!));
        return entry;

        FieldSymbol MakeEntryField(string name, int number, TypeSyntax type)
        {
            // Features of the map hold for its keys and values.
            OptionSet options = field.Options.Syntax.Count == 0 ? OptionSet.Empty(OptionTarget.Field) : new OptionSet(
                OptionTarget.Field, field.Options.Syntax.FindAll(static option => option.Name is [{ IsExtension: false, Text: "features" }, ..]));
            return new FieldSymbol(name, entry.FullName, _file, entry)
            {
                NameToken = field.NameToken,
                TypeSyntax = type,
                Label = FieldLabel.Optional,
                Number = number,
                Kind = type.Scalar,
                ContainingType = entry,
                Options = options,
            };
        }
    }

    private static void AddSyntheticOneofs(MessageSymbol message)
    {
        HashSet<string> names = [];
        message.Fields.ForEach(field => names.Add(field.Name));
        message.Oneofs.ForEach(oneof => names.Add(oneof.Name));
        foreach (FieldSymbol field in message.Fields)
        {
            if (!field.IsProto3Optional)
            {
                continue;
            }

            string name = field.Name.StartsWith('_') ? field.Name : "_" + field.Name;
            while (!names.Add(name))
            {
                name = "X" + name;
            }

            OneofSymbol oneof = new(name, message) { NameToken = field.NameToken, IsSynthetic = true, Options = OptionSet.Empty(OptionTarget.Oneof) };
            oneof.Fields.Add(field);
            field.Oneof = oneof;
            message.Oneofs.Add(oneof);
        }
    }

    private EnumSymbol MakeEnum(EnumSyntax syntax, string scope, Symbol parent)
    {
        OptionSet options = OptionsIn(OptionTarget.Enum, syntax.Members);
        EnumSymbol symbol = new(syntax.Name.Text, scope, _file, parent)
        {
            Syntax = syntax,
            NameToken = syntax.Name.Token,
            Visibility = syntax.Visibility,
            Options = options,
        };
        foreach (SyntaxNode member in syntax.Members)
        {
            if (member is EnumValueSyntax value)
            {
                OptionSet valueOptions = OptionsIn(OptionTarget.EnumValue, value.Options);
                symbol.Values.Add(new EnumValueSymbol(value.Name.Text, scope, symbol)
                {
                    Syntax = value,
                    NameToken = value.Name.Token,
                    Number = value.Number,
                    Options = valueOptions,
                });
            }
            else if (member is ReservedSyntax reserved)
            {
                symbol.ReservedRanges.AddRange(reserved.Ranges);
                symbol.ReservedNames.AddRange(reserved.Names);
            }
        }

        return symbol;
    }

    private ServiceSymbol MakeService(ServiceSyntax syntax)
    {
        OptionSet options = OptionsIn(OptionTarget.Service, syntax.Members);
        ServiceSymbol service = new(syntax.Name.Text, _file.Package, _file) { NameToken = syntax.Name.Token, Options = options };
        foreach (SyntaxNode member in syntax.Members)
        {
            if (member is MethodSyntax method)
            {
                OptionSet methodOptions = OptionsIn(OptionTarget.Method, method.Members);
                service.Methods.Add(new MethodSymbol(method, service) { NameToken = method.Name.Token, Options = methodOptions });
            }
        }

        return service;
    }

    // Most symbols have no options: those share one set.
    private static OptionSet OptionsIn(OptionTarget target, List<SyntaxNode> members)
    {
        List<OptionSyntax>? options = null;
        foreach (SyntaxNode member in members)
        {
            if (member is OptionSyntax option)
            {
                (options ??= []).Add(option);
            }
        }

        return options is null ? OptionSet.Empty(target) : new OptionSet(target, options);
    }

    private static OptionSet OptionsIn(OptionTarget target, CompactOptionsSyntax? compact) =>
        compact is null ? OptionSet.Empty(target) : OptionsIn(target, compact.Entries);

    private static string ToLowerAscii(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        for (int i = 0; i < span.Length; i++)
        {
            span[i] = char.ToLowerInvariant(source[i]);
        }
    });

    /// <summary>The name of a map's entry: the field's name in UpperCamelCase, and "Entry".</summary>
    internal static string MapEntryName(string field)
    {
        StringBuilder name = new(field.Length + 5);
        bool upper = true;
        foreach (char c in field)
        {
            if (c == '_')
            {
                upper = true;
            }
            else
            {
                name.Append(upper ? char.ToUpperInvariant(c) : c);
                upper = false;
            }
        }

        return name.Append("Entry").ToString();
    }
}
