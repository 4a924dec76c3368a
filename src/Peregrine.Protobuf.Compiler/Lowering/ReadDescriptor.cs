// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>
/// Makes the symbols of a file that has no text, from its descriptor. Its syntax tree is that of an empty file, with the imports alone:
/// nodes exist where a symbol keeps a value in one, and no place in the text is ever asked for.
/// </summary>
internal sealed class ReadDescriptor
{
    private readonly FileSymbol _file;

    private ReadDescriptor(FileSymbol file) => _file = file;

    public static FileSymbol Run(SourceFile source, DiagnosticBag diagnostics)
    {
        FileDescriptorProto proto = source.Descriptor!;
        SyntaxTree tree = SyntaxTree.Parse(source, new DiagnosticBag(source, source.Path));
        bool isEdition = proto.Syntax == "editions";
        tree.Root.Declaration = new SyntaxDeclarationSyntax
        {
            IsEdition = isEdition,
            Value = isEdition ? SourceEditions.Value((SourceEdition)proto.Edition) : proto.Syntax.Length == 0 ? "proto2" : proto.Syntax,
        };
        AddImports(tree.Root, proto);
        FileSymbol file = new(source, tree, diagnostics, proto.Package) { Options = Options(OptionTarget.File, proto.Options) };
        new ReadDescriptor(file).AddFile(proto);
        return file;
    }

    private static void AddImports(FileSyntax root, FileDescriptorProto proto)
    {
        HashSet<int> isPublic = [.. proto.PublicDependency];
        HashSet<int> isWeak = [.. proto.WeakDependency];
        for (int i = 0; i < proto.Dependency.Count; i++)
        {
            ImportKind kind = isPublic.Contains(i) ? ImportKind.Public : isWeak.Contains(i) ? ImportKind.Weak : ImportKind.Plain;
            root.Members.Add(new ImportSyntax { Kind = kind, Path = proto.Dependency[i] });
        }

        foreach (string path in proto.OptionDependency)
        {
            root.Members.Add(new ImportSyntax { Kind = ImportKind.Option, Path = path });
        }
    }

    private void AddFile(FileDescriptorProto proto)
    {
        foreach (DescriptorProto message in proto.MessageType)
        {
            _file.Messages.Add(MakeMessage(message, _file.Package, _file));
        }

        foreach (EnumDescriptorProto symbol in proto.EnumType)
        {
            _file.Enums.Add(MakeEnum(symbol, _file.Package, _file));
        }

        foreach (ServiceDescriptorProto service in proto.Service)
        {
            _file.Services.Add(MakeService(service));
        }

        foreach (FieldDescriptorProto extension in proto.Extension)
        {
            _file.Extensions.Add(MakeField(extension, _file.Package, _file, isExtension: true));
        }
    }

    private MessageSymbol MakeMessage(DescriptorProto proto, string scope, Symbol parent)
    {
        MessageSymbol message = new(proto.Name, scope, _file, parent)
        {
            Visibility = (Syntax.Nodes.SymbolVisibility)proto.Visibility,
            Options = Options(OptionTarget.Message, proto.Options),
            IsMessageSet = proto.Options?.MessageSetWireFormat == true,
        };
        HashSet<int> synthetic = [];
        foreach (FieldDescriptorProto field in proto.Field)
        {
            if (field.Proto3Optional && field.HasOneofIndex)
            {
                synthetic.Add(field.OneofIndex);
            }
        }

        foreach (OneofDescriptorProto oneof in proto.OneofDecl)
        {
            bool isSynthetic = synthetic.Contains(message.Oneofs.Count);
            message.Oneofs.Add(new OneofSymbol(oneof.Name, message) { Options = Options(OptionTarget.Oneof, oneof.Options), IsSynthetic = isSynthetic });
        }

        foreach (FieldDescriptorProto field in proto.Field)
        {
            message.Fields.Add(MakeField(field, message.FullName, message, isExtension: false));
        }

        foreach (DescriptorProto nested in proto.NestedType)
        {
            message.Messages.Add(MakeMessage(nested, message.FullName, message));
            if (nested.Options?.MapEntry == true)
            {
                string name = "." + message.Messages[^1].FullName;
                message.Messages[^1].MapField = message.Fields.Find(field => field.TypeSyntax!.Name == name);
            }
        }

        foreach (EnumDescriptorProto nested in proto.EnumType)
        {
            message.Enums.Add(MakeEnum(nested, message.FullName, message));
        }

        foreach (DescriptorProto.Types.ExtensionRange range in proto.ExtensionRange)
        {
            message.ExtensionRanges.Add(new ExtensionRangeSymbol(message, new RangeSyntax { Start = range.Start, End = range.End - 1 })
            {
                Options = Options(OptionTarget.ExtensionRange, range.Options),
            });
        }

        foreach (FieldDescriptorProto extension in proto.Extension)
        {
            message.Extensions.Add(MakeField(extension, message.FullName, message, isExtension: true));
        }

        foreach (DescriptorProto.Types.ReservedRange range in proto.ReservedRange)
        {
            message.ReservedRanges.Add(new RangeSyntax { Start = range.Start, End = range.End - 1 });
        }

        foreach (string name in proto.ReservedName)
        {
            message.ReservedNames.Add(new ReservedNameSyntax { Name = name });
        }

        return message;
    }

    private FieldSymbol MakeField(FieldDescriptorProto proto, string scope, Symbol parent, bool isExtension)
    {
        MessageSymbol? container = isExtension ? null : (MessageSymbol)parent;
        OneofSymbol? oneof = container is not null && proto.HasOneofIndex && proto.OneofIndex >= 0 && proto.OneofIndex < container.Oneofs.Count
            ? container.Oneofs[proto.OneofIndex] : null;
        FieldSymbol field = new(proto.Name, scope, _file, parent)
        {
            TypeSyntax = new TypeSyntax { Name = proto.TypeName },
            IsExtension = isExtension,
            ExtendeeSyntax = isExtension ? new TypeSyntax { Name = proto.Extendee } : null,
            Label = (FieldLabel)proto.Label,
            Number = proto.Number,
            Kind = proto.HasType ? (FieldKind)proto.Type : FieldKind.Unresolved,
            ContainingType = container,
            Oneof = oneof,
            IsProto3Optional = proto.Proto3Optional,
            Default = proto.HasDefaultValue ? new DefaultSyntax { Value = System.Text.Encoding.UTF8.GetBytes(proto.DefaultValue) } : null,
            JsonName = proto.HasJsonName ? proto.JsonName : AssignJsonNames.ToJsonName(proto.Name),
            Options = Options(OptionTarget.Field, proto.Options),
        };
        oneof?.Fields.Add(field);
        return field;
    }

    private EnumSymbol MakeEnum(EnumDescriptorProto proto, string scope, Symbol parent)
    {
        EnumSymbol symbol = new(proto.Name, scope, _file, parent)
        {
            Visibility = (Syntax.Nodes.SymbolVisibility)proto.Visibility,
            Options = Options(OptionTarget.Enum, proto.Options),
        };
        foreach (EnumValueDescriptorProto value in proto.Value)
        {
            symbol.Values.Add(new EnumValueSymbol(value.Name, scope, symbol) { Number = value.Number, Options = Options(OptionTarget.EnumValue, value.Options) });
        }

        foreach (EnumDescriptorProto.Types.EnumReservedRange range in proto.ReservedRange)
        {
            symbol.ReservedRanges.Add(new RangeSyntax { Start = range.Start, End = range.End });
        }

        foreach (string name in proto.ReservedName)
        {
            symbol.ReservedNames.Add(new ReservedNameSyntax { Name = name });
        }

        return symbol;
    }

    private ServiceSymbol MakeService(ServiceDescriptorProto proto)
    {
        ServiceSymbol service = new(proto.Name, _file.Package, _file) { Options = Options(OptionTarget.Service, proto.Options) };
        foreach (MethodDescriptorProto method in proto.Method)
        {
            MethodSyntax syntax = new()
            {
                Name = new NameSyntax(method.Name, 0),
                Input = new TypeSyntax { Name = method.InputType },
                Output = new TypeSyntax { Name = method.OutputType },
                ClientStreamToken = method.ClientStreaming ? 0 : -1,
                ServerStreamToken = method.ServerStreaming ? 0 : -1,
            };
            service.Methods.Add(new MethodSymbol(syntax, service) { Options = Options(OptionTarget.Method, method.Options) });
        }

        return service;
    }

    private static OptionSet Options(OptionTarget target, IMessage? options) =>
        options is null ? OptionSet.Empty(target) : new OptionSet(target, []) { Serialized = options.ToByteArray() };
}
