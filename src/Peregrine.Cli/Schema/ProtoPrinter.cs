// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Reflection;
using OptionsOfMethod = Peregrine.Protobuf.Reflection.MethodOptions;
using OptionsOfService = Peregrine.Protobuf.Reflection.ServiceOptions;

namespace Peregrine.Cli.Schema;

/// <summary>
/// Prints descriptors as .proto text. The text of a file compiles to the same descriptor, but that without source info the order of nested types may
/// be another; comments are there when the descriptor has source info.
/// </summary>
internal sealed class ProtoPrinter
{
    // The last field number there is.
    private const int DescriptorLimit = (1 << 29) - 1;

    private readonly StringBuilder _text = new();
    private readonly ProtoOptions _options;
    private readonly TypeNames _names;
    private readonly FileDescriptor _file;
    private int _depth;

    private ProtoPrinter(FileDescriptor file, DescriptorPool pool)
    {
        _file = file;
        _options = new ProtoOptions(pool);
        _names = new TypeNames(pool);
    }

    /// <summary>Prints one thing.</summary>
    /// <param name="descriptor">Anything of the pool.</param>
    /// <param name="pool">Knows the names and custom options that the text refers to.</param>
    /// <returns>Lines, the last with its end. What the descriptor holds of others' text is in there as it is.</returns>
    public static string Print(IDescriptor descriptor, DescriptorPool pool)
    {
        var printer = new ProtoPrinter(descriptor.File, pool);
        switch (descriptor)
        {
            case FileDescriptor file:
                printer.File(file);
                break;
            case ServiceDescriptor service:
                printer.Service(service);
                break;
            case MethodDescriptor method:
                printer.Method(method);
                break;
            case MessageDescriptor message:
                printer.Message(message, message.ToProto());
                break;
            case EnumDescriptor type:
                printer.Enum(type);
                break;
            case EnumValueDescriptor value:
                printer.EnumValue(value);
                break;
            case FieldDescriptor { IsExtension: true } extension:
                printer.Extension(extension);
                break;
            case FieldDescriptor field:
                printer.Field(field, inOneof: field.RealContainingOneof is not null);
                break;
            case OneofDescriptor oneof:
                printer.Oneof(oneof);
                break;
            default:
                throw new ArgumentException($"A {descriptor.GetType().Name} has no text.", nameof(descriptor));
        }

        return printer._text.ToString();
    }

    private bool HasEdition => _file.Edition is not (Edition.Proto2 or Edition.Proto3);

    private void File(FileDescriptor file)
    {
        var proto = file.ToProto();
        Comments(file.SyntaxDeclaration);
        Line(file.Edition switch
        {
            Edition.Proto2 => "syntax = \"proto2\";",
            Edition.Proto3 => "syntax = \"proto3\";",
            var edition => $"edition = \"{edition.ToString().TrimStart('_')}\";",
        });
        if (proto.Package.Length > 0)
        {
            Blank();
            Comments(file.PackageDeclaration);
            Line($"package {proto.Package};");
        }

        if (proto.Dependency.Count + proto.OptionDependency.Count > 0)
        {
            Blank();
            for (var i = 0; i < proto.Dependency.Count; i++)
            {
                var kind = proto.PublicDependency.Contains(i) ? "public " : proto.WeakDependency.Contains(i) ? "weak " : "";
                Line($"import {kind}{ProtoOptions.Quote(proto.Dependency[i])};");
            }

            foreach (var import in proto.OptionDependency)
            {
                Line($"import option {ProtoOptions.Quote(import)};");
            }
        }

        var options = _options.Of(file.GetOptions(), FileOptions.Descriptor);
        if (options.Count > 0)
        {
            Blank();
            options.ForEach(option => Line($"option {option};"));
        }

        List<(int Line, Action Print)> members =
        [
            .. file.EnumTypes.Select(type => Member(type, () => Enum(type))),
            .. file.MessageTypes.Zip(proto.MessageType, (type, its) => Member(type, () => Message(type, its)))
                .Where((_, index) => !IsGroupOfExtension(file.MessageTypes[index], file.Extensions.UnorderedExtensions)),
            .. file.Extensions.UnorderedExtensions.Select(extension => Member(extension, () => Extension(extension))),
            .. file.Services.Select(service => Member(service, () => Service(service))),
        ];
        PrintInOrder(members, Blank);
    }

    private void Message(MessageDescriptor message, DescriptorProto proto)
    {
        Comments(message.Declaration);
        Line($"{Visibility(proto.Visibility)}message {message.Name} {{");
        Body(message, proto);
        Line("}");
    }

    private void Body(MessageDescriptor message, DescriptorProto proto)
    {
        _depth++;
        _options.Of(message.GetOptions(), MessageOptions.Descriptor).ForEach(option => Line($"option {option};"));
        var fields = message.Fields.InDeclarationOrder();
        var groups = fields.Concat(message.Extensions.UnorderedExtensions).Where(IsGroup).Select(field => field.MessageType.FullName).ToHashSet();
        List<(int Line, Action Print)> members =
        [
            .. fields.Where(IsFirstOfItsOneof).Select(field => field.RealContainingOneof is { } oneof
                ? Member(oneof, () => Oneof(oneof))
                : Member(field, () => Field(field, inOneof: false))),
            .. message.EnumTypes.Select(type => Member(type, () => Enum(type))),
            .. message.NestedTypes.Zip(proto.NestedType)
                .Where(pair => !pair.First.IsMapEntry && !groups.Contains(pair.First.FullName))
                .Select(pair => Member(pair.First, () => Message(pair.First, pair.Second))),
            .. message.Extensions.UnorderedExtensions.Select(extension => Member(extension, () => Extension(extension))),
        ];
        PrintInOrder(members, () => { });
        foreach (var range in proto.ExtensionRange)
        {
            Line($"extensions {Range(range.Start, range.End - 1, DescriptorLimit)}{Options(range.Options, ExtensionRangeOptions.Descriptor)};");
        }

        Reserved(proto.ReservedRange.Select(range => Range(range.Start, range.End - 1, DescriptorLimit)), proto.ReservedName);
        _depth--;
    }

    private void Oneof(OneofDescriptor oneof)
    {
        Comments(oneof.Declaration);
        Line($"oneof {oneof.Name} {{");
        _depth++;
        _options.Of(oneof.GetOptions(), OneofOptions.Descriptor).ForEach(option => Line($"option {option};"));
        foreach (var field in oneof.Fields)
        {
            Field(field, inOneof: true);
        }

        _depth--;
        Line("}");
    }

    private void Field(FieldDescriptor field, bool inOneof)
    {
        Comments(field.Declaration);
        var proto = field.ToProto();
        var label = field.IsMap || inOneof ? ""
            : proto.Label == FieldDescriptorProto.Types.Label.Repeated ? "repeated "
            : HasEdition ? ""
            : proto.Label == FieldDescriptorProto.Types.Label.Required ? "required "
            : _file.Edition == Edition.Proto2 || proto.Proto3Optional ? "optional "
            : "";
        if (IsGroup(field))
        {
            var type = field.MessageType;
            Line($"{label}group {type.Name} = {Number(field)}{FieldOptionsOf(field, proto)} {{");
            Body(type, type.ToProto());
            Line("}");
            return;
        }

        Line($"{label}{TypeOf(field)} {field.Name} = {Number(field)}{FieldOptionsOf(field, proto)};");
    }

    private void Extension(FieldDescriptor extension)
    {
        Line($"extend {_names.Write(extension.ExtendeeType, ScopeOf(extension))} {{");
        _depth++;
        Field(extension, inOneof: false);
        _depth--;
        Line("}");
    }

    private void Enum(EnumDescriptor type)
    {
        var proto = type.ToProto();
        Comments(type.Declaration);
        Line($"{Visibility(proto.Visibility)}enum {type.Name} {{");
        _depth++;
        _options.Of(type.GetOptions(), EnumOptions.Descriptor).ForEach(option => Line($"option {option};"));
        foreach (var value in type.Values)
        {
            EnumValue(value);
        }

        Reserved(proto.ReservedRange.Select(range => Range(range.Start, range.End, int.MaxValue)), proto.ReservedName);
        _depth--;
        Line("}");
    }

    private void EnumValue(EnumValueDescriptor value)
    {
        Comments(value.Declaration);
        Line($"{value.Name} = {value.Number.ToString(CultureInfo.InvariantCulture)}{Options(value.GetOptions(), EnumValueOptions.Descriptor)};");
    }

    private void Service(ServiceDescriptor service)
    {
        Comments(service.Declaration);
        Line($"service {service.Name} {{");
        _depth++;
        _options.Of(service.GetOptions(), OptionsOfService.Descriptor).ForEach(option => Line($"option {option};"));
        foreach (var method in service.Methods)
        {
            Method(method);
        }

        _depth--;
        Line("}");
    }

    private void Method(MethodDescriptor method)
    {
        Comments(method.Declaration);
        var scope = method.Service.FullName;
        var rpc = $"rpc {method.Name}({(method.IsClientStreaming ? "stream " : "")}{_names.Write(method.InputType, scope)}) "
            + $"returns ({(method.IsServerStreaming ? "stream " : "")}{_names.Write(method.OutputType, scope)})";
        var options = _options.Of(method.GetOptions(), OptionsOfMethod.Descriptor);
        if (options.Count == 0)
        {
            Line(rpc + ";");
            return;
        }

        Line(rpc + " {");
        _depth++;
        options.ForEach(option => Line($"option {option};"));
        _depth--;
        Line("}");
    }

    private string FieldOptionsOf(FieldDescriptor field, FieldDescriptorProto proto)
    {
        List<string> options = [];
        if (proto.HasDefaultValue)
        {
            // The descriptor has bytes escaped already.
            options.Add("default = " + field.FieldType switch
            {
                FieldType.String => ProtoOptions.Quote(proto.DefaultValue),
                FieldType.Bytes => $"\"{proto.DefaultValue}\"",
                _ => proto.DefaultValue,
            });
        }

        if (proto.HasJsonName && proto.JsonName != DefaultJsonName(field.Name) && !field.IsExtension)
        {
            options.Add($"json_name = {ProtoOptions.Quote(proto.JsonName)}");
        }

        options.AddRange(_options.Of(field.GetOptions(), FieldOptions.Descriptor));
        return Bracketed(options);
    }

    private string Options(IMessage? options, MessageDescriptor type) => Bracketed(_options.Of(options, type));

    private static string Bracketed(List<string> options) => options.Count == 0 ? "" : $" [{string.Join(", ", options)}]";

    private string TypeOf(FieldDescriptor field)
    {
        if (field.IsMap)
        {
            var entry = field.MessageType.Fields;
            return $"map<{TypeOf(entry[1])}, {_names.OfField(entry[2], ScopeOf(field))}>";
        }

        return _names.OfField(field, ScopeOf(field));
    }

    // Where names in the type of a field are looked up from.
    private static string ScopeOf(FieldDescriptor field) => field.IsExtension
        ? field.FullName.Contains('.', StringComparison.Ordinal) ? field.FullName[..field.FullName.LastIndexOf('.')] : ""
        : field.ContainingType.FullName;

    // Of a field in none, too.
    private static bool IsFirstOfItsOneof(FieldDescriptor field) => field.RealContainingOneof is not { } oneof || ReferenceEquals(oneof.Fields[0], field);

    private bool IsGroup(FieldDescriptor field) => !HasEdition && field.FieldType == FieldType.Group;

    private bool IsGroupOfExtension(MessageDescriptor message, IEnumerable<FieldDescriptor> extensions) =>
        extensions.Any(extension => IsGroup(extension) && ReferenceEquals(extension.MessageType, message));

    private void Reserved(IEnumerable<string> ranges, RepeatedField<string> names)
    {
        var numbers = string.Join(", ", ranges);
        if (numbers.Length > 0)
        {
            Line($"reserved {numbers};");
        }

        if (names.Count > 0)
        {
            // Since editions, names are not in quotes.
            Line($"reserved {string.Join(", ", names.Select(name => HasEdition ? name : ProtoOptions.Quote(name)))};");
        }
    }

    private static string Range(int start, int end, int max) => start == end
        ? start.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{start} to {(end == max ? "max" : end.ToString(CultureInfo.InvariantCulture))}");

    private static string Number(FieldDescriptor field) => field.FieldNumber.ToString(CultureInfo.InvariantCulture);

    private static string Visibility(SymbolVisibility visibility) => visibility switch
    {
        SymbolVisibility.VisibilityExport => "export ",
        SymbolVisibility.VisibilityLocal => "local ",
        _ => "",
    };

    // As protoc makes it: an underscore goes, and raises the letter behind it.
    private static string DefaultJsonName(string name)
    {
        var text = new StringBuilder(name.Length);
        var raise = false;
        foreach (var c in name)
        {
            if (c == '_')
            {
                raise = true;
                continue;
            }

            _ = text.Append(raise ? char.ToUpperInvariant(c) : c);
            raise = false;
        }

        return text.ToString();
    }

    private static (int Line, Action Print) Member(DescriptorBase descriptor, Action print) => (descriptor.Declaration?.StartLine ?? -1, print);

    // As in the source if it is known, else by kind.
    private static void PrintInOrder(List<(int Line, Action Print)> members, Action before)
    {
        foreach (var (_, print) in members.OrderBy(member => member.Line))
        {
            before();
            print();
        }
    }

    private void Comments(DescriptorDeclaration? declaration)
    {
        if (declaration is null)
        {
            return;
        }

        foreach (var detached in declaration.LeadingDetachedComments)
        {
            Comment(detached);
            Blank();
        }

        Comment(declaration.LeadingComments);
        Comment(declaration.TrailingComments);
    }

    private void Comment(string comment)
    {
        if (comment.Length == 0)
        {
            return;
        }

        foreach (var line in comment.TrimEnd('\n').Split('\n'))
        {
            Line(line.Length == 0 || line[0] is ' ' or '\t' ? $"//{line.TrimEnd()}" : $"// {line.TrimEnd()}");
        }
    }

    private void Blank() => _text.Append('\n');

    private void Line(string line) => _text.Append(' ', _depth * 2).Append(line).Append('\n');
}
