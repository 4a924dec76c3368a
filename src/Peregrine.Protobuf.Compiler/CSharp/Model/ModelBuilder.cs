// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;
using Peregrine.Protobuf.Reflection;
using FieldType = Peregrine.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace Peregrine.Protobuf.Compiler.CSharp.Model;

/// <summary>Links file descriptors into models: first all types get their names, then fields, extensions and services refer to them.</summary>
internal sealed class ModelBuilder
{
    // Field numbers of descriptor.proto: the paths of SourceCodeInfo.
    private const int FileMessages = 4, FileEnums = 5, FileServices = 6, FileExtensions = 7;
    private const int MessageFields = 2, MessageMessages = 3, MessageEnums = 4, MessageExtensions = 6, MessageOneofs = 8;
    private const int EnumValues = 2, ServiceMethods = 2;

    private readonly Dictionary<string, FileModel> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MessageModel> _messages = new(StringComparer.Ordinal);
    private readonly List<MessageModel> _allMessages = [];
    private readonly Dictionary<string, EnumModel> _enums = new(StringComparer.Ordinal);

    /// <summary>Links the files.</summary>
    /// <param name="files">The files with everything they import, imports first.</param>
    /// <returns>The models by import path.</returns>
    /// <exception cref="ArgumentException">A type that a file refers to is in none of the files, or a descriptor is wrong in itself.</exception>
    public static IReadOnlyDictionary<string, FileModel> Build(IReadOnlyList<FileDescriptorProto> files)
    {
        var builder = new ModelBuilder();
        foreach (var file in files)
        {
            DescriptorRules.Check(file);
            builder.Declare(file);
        }

        foreach (var file in builder._files.Values)
        {
            builder.Link(file);
        }

        Recursion.Mark(builder._allMessages);
        Initialization.Mark(builder._allMessages);
        return builder._files;
    }

    private void Declare(FileDescriptorProto proto)
    {
        var features = Features.Of(proto);
        // Types that must have another name than the .proto gives them make way for those that need not.
        var names = new NameScope(proto.MessageType.Select(message => message.Name)
            .Concat(proto.EnumType.Select(type => type.Name)).Concat(proto.Service.Select(service => service.Name)));
        var space = CSharpNames.Namespace(
            proto.Name, proto.Options is { HasCsharpNamespace: true } o ? o.CsharpNamespace : null, proto.Package);
        var messages = proto.MessageType.Select(message => names.Keep(message.Name, name => IsPossible(message, name) && IsFree(name))).ToList();
        var enums = proto.EnumType.Select(type => names.Keep(type.Name, IsFree)).ToList();
        var services = proto.Service
            .Select(service => names.Keep(service.Name, name => !MemberNames.OfEveryService.Contains(name) && IsFree(name))).ToList();
        var stem = CSharpNames.FileStem(proto.Name);
        var file = new FileModel
        {
            Proto = proto,
            Path = proto.Name,
            Namespace = space,
            ServiceClasses = services,
            ReflectionClass = names.Take(stem + "Reflection"),
            ExtensionsClass = names.Take(stem + "Extensions"),
            Dependencies = [.. proto.Dependency.Select(path => _files.GetValueOrDefault(path)).OfType<FileModel>()],
            Comments = new CommentTable(proto),
            Features = features,
        };
        _files.TryAdd(file.Path, file);
        var prefix = proto.Package.Length == 0 ? "" : proto.Package + ".";
        for (var i = 0; i < proto.MessageType.Count; i++)
        {
            file.Messages.Add(Declare(file, null, proto.MessageType[i], messages[i], i, prefix, $"{FileMessages}.{i}"));
        }

        for (var i = 0; i < proto.EnumType.Count; i++)
        {
            file.Enums.Add(Declare(file, null, proto.EnumType[i], enums[i], i, prefix, $"{FileEnums}.{i}"));
        }

        bool IsFree(string name) => CSharpNames.IsBuiltIn(proto.Name) || !ReferencedNames.Contains(space, name);
    }

    // A class cannot have the name of one of its own members.
    private static bool IsPossible(DescriptorProto proto, string name) => name == MemberNames.Container
        ? !HasContainer(proto)
        : !MemberNames.OfEveryMessage.Contains(name);

    private static bool HasContainer(DescriptorProto proto) =>
        proto.EnumType.Count > 0 || proto.NestedType.Any(nested => nested.Options is not { MapEntry: true });

    private MessageModel Declare(
        FileModel file, MessageModel? parent, DescriptorProto proto, string className, int index, string prefix, string path)
    {
        var message = new MessageModel
        {
            Proto = proto,
            File = file,
            Parent = parent,
            Index = index,
            FullName = prefix + proto.Name,
            ClassName = className,
            QualifiedName = Qualify(file, parent, className),
            ContainerName = className == MemberNames.Container ? MemberNames.Container + "_" : MemberNames.Container,
            Features = (parent?.Features ?? file.Features).With(proto.Options?.Features),
            Comment = file.Comments.Of(path),
        };
        _messages.TryAdd(message.FullName, message);
        _allMessages.Add(message);
        var names = new NameScope(proto.NestedType.Select(nested => nested.Name).Concat(proto.EnumType.Select(type => type.Name)));
        for (var i = 0; i < proto.NestedType.Count; i++)
        {
            var nested = proto.NestedType[i];
            message.Messages.Add(
                Declare(file, message, nested, names.Keep(nested.Name, IsPossibleHere), i, message.FullName + ".", $"{path}.{MessageMessages}.{i}"));

            bool IsPossibleHere(string name) => IsPossible(nested, name) && name != message.ContainerName;
        }

        for (var i = 0; i < proto.EnumType.Count; i++)
        {
            message.Enums.Add(
                Declare(
                    file, message, proto.EnumType[i], names.Keep(proto.EnumType[i].Name, name => name != message.ContainerName), i,
                    message.FullName + ".", $"{path}.{MessageEnums}.{i}"));
        }

        return message;
    }

    private EnumModel Declare(
        FileModel file, MessageModel? parent, EnumDescriptorProto proto, string className, int index, string prefix, string path)
    {
        var result = new EnumModel
        {
            Proto = proto,
            File = file,
            Index = index,
            FullName = prefix + proto.Name,
            ClassName = className,
            QualifiedName = Qualify(file, parent, className),
            Comment = file.Comments.Of(path),
            IsClosed = (parent?.Features ?? file.Features).With(proto.Options?.Features).ClosedEnums,
        };
        var names = new NameScope([]);
        var numbers = new HashSet<int>();
        for (var i = 0; i < proto.Value.Count; i++)
        {
            var value = proto.Value[i];
            result.Values.Add(new EnumValueModel(
                value.Name,
                names.Take(CSharpNames.EnumValue(proto.Name, value.Name)),
                value.Number,
                !numbers.Add(value.Number),
                value.Options?.Deprecated ?? false,
                file.Comments.Of($"{path}.{EnumValues}.{i}")));
        }

        _enums.TryAdd(result.FullName, result);
        return result;
    }

    private static string Qualify(FileModel file, MessageModel? parent, string className) => parent is null
        ? file.Qualify(className)
        : $"{parent.QualifiedName}.{parent.ContainerName}.{CSharpNames.Escape(className)}";

    private void Link(FileModel file)
    {
        for (var i = 0; i < file.Messages.Count; i++)
        {
            Link(file.Messages[i], $"{FileMessages}.{i}");
        }

        AddExtensions(file, file.Extensions, file.Proto.Extension, file.ExtensionsClass, file.Features, $"{FileExtensions}");
        for (var i = 0; i < file.Proto.Service.Count; i++)
        {
            AddService(file, i);
        }
    }

    private void Link(MessageModel message, string path)
    {
        AddFields(message, path);
        AddExtensions(
            message.File, message.Extensions, message.Proto.Extension, message.ExtensionsClass, message.Features,
            $"{path}.{MessageExtensions}");
        for (var i = 0; i < message.Messages.Count; i++)
        {
            Link(message.Messages[i], $"{path}.{MessageMessages}.{i}");
        }
    }

    // Properties choose first, so that they keep the names users know; what is derived from them makes way.
    private void AddFields(MessageModel message, string path)
    {
        var names = new NameScope(
            MemberNames.OfEveryMessage.Concat(message.IsExtendable ? MemberNames.OfExtendableMessages : [])
                .Append(message.ContainerName).Append(message.ClassName).Append(message.Proto.Name));
        var protos = message.Proto.Field;
        var properties = new string[protos.Count];
        for (var i = 0; i < protos.Count; i++)
        {
            properties[i] = names.Take(CSharpNames.Pascal(SourceName(protos[i], message.Features)));
        }

        if (message.Proto.Extension.Count > 0)
        {
            message.ExtensionsClass = names.Take(message.ClassName == "Extensions" ? "Extensions_" : "Extensions");
        }

        var isDeclared = new HashSet<int>(protos.Where(IsMember).Select(field => field.OneofIndex));
        var oneofs = new Dictionary<int, OneofModel>();
        for (var i = 0; i < message.Proto.OneofDecl.Count; i++)
        {
            if (!isDeclared.Contains(i))
            {
                continue; // Implied by a proto3 optional field, or without members.
            }

            var name = message.Proto.OneofDecl[i].Name;
            var property = CSharpNames.Pascal(name);
            var camel = CSharpNames.Camel(name, capitalizeFirst: false);
            oneofs[i] = new OneofModel
            {
                Name = name,
                Index = i,
                Comment = message.File.Comments.Of($"{path}.{MessageOneofs}.{i}"),
                PropertyName = property,
                CaseProperty = names.Take(property + "Case"),
                CaseEnum = names.Take(property + "OneofCase"),
                ClearMethod = names.Take("Clear" + property),
                BackingName = names.Take(camel + "_"),
                CaseBackingName = names.Take(camel + "Case_"),
            };
            message.Oneofs.Add(oneofs[i]);
        }

        var presenceBits = 0;
        for (var i = 0; i < protos.Count; i++)
        {
            var proto = protos[i];
            var oneof = IsMember(proto) ? oneofs.GetValueOrDefault(proto.OneofIndex) : null;
            var field = NewField(
                message.File, message, proto, oneof, properties[i], names, message.Features, $"{path}.{MessageFields}.{i}");
            if (field.HasPresence && oneof is null && field.Type is not (FieldType.String or FieldType.Bytes or FieldType.Message or FieldType.Group))
            {
                field.PresenceBit = presenceBits++;
            }

            message.MayHaveRequiredMembers |= field.MayBeRequiredMember;
            oneof?.Fields.Add(field);
            message.Fields.Add(field);
        }
    }

    // The oneof of a proto3 optional field is there for presence alone.
    private static bool IsMember(FieldDescriptorProto field) => field.HasOneofIndex && !field.Proto3Optional;

    private FieldModel NewField(
        FileModel file, MessageModel owner, FieldDescriptorProto proto, OneofModel? oneof, string property, NameScope names,
        Features scope, string path)
    {
        var features = scope.With(proto.Options?.Features);
        var type = proto.Type == FieldType.Message && features.Delimited && !owner.IsMapEntry && !IsMapEntry(proto)
            ? FieldType.Group
            : proto.Type;

        // The pair HasX and ClearX of everything that can be "not set" and does not say so by null.
        var hasPair = type != FieldType.Message && proto.Label != FieldDescriptorProto.Types.Label.Repeated && !proto.HasExtendee
            && (oneof is not null || proto.Proto3Optional || features.Presence != FeatureSet.Types.FieldPresence.Implicit
                || type == FieldType.Group);
        return new FieldModel
        {
            Proto = proto,
            File = file,
            Owner = owner,
            Type = type,
            Features = features,
            MessageType = proto.Type is FieldType.Message or FieldType.Group ? Message(proto.TypeName, proto.Name) : null,
            EnumType = proto.Type == FieldType.Enum ? Enum(proto.TypeName, proto.Name) : null,
            Oneof = oneof,
            HasRequiredBehavior = FieldBehavior.IsRequired(proto.Options),
            Comment = file.Comments.Of(path),
            PropertyName = property,
            BackingName = names.Take(CSharpNames.Camel(SourceName(proto, scope), capitalizeFirst: false) + "_"),
            NumberConstant = names.Take(property + "FieldNumber"),
            HasProperty = hasPair ? names.Take("Has" + property) : "",
            ClearMethod = hasPair ? names.Take("Clear" + property) : "",
            CaseName = oneof?.CaseNames.Take(property) ?? property,
        };
    }

    private void AddExtensions(
        FileModel file, List<FieldModel> list, Collections.RepeatedField<FieldDescriptorProto> protos, string className, Features scope,
        string path)
    {
        var names = new NameScope(MemberNames.OfEveryMessage.Append(className));
        var properties = protos.Select(proto =>
        {
            var name = CSharpNames.Pascal(SourceName(proto, scope));
            return names.Take(name == Message(proto.Extendee, proto.Name).Proto.Name ? name + "_" : name);
        }).ToArray();
        for (var i = 0; i < properties.Length; i++)
        {
            var owner = Message(protos[i].Extendee, protos[i].Name);
            list.Add(NewField(file, owner, protos[i], null, properties[i], names, scope, $"{path}.{i}"));
        }
    }

    private void AddService(FileModel file, int index)
    {
        var proto = file.Proto.Service[index];
        var path = $"{FileServices}.{index}";
        var service = new ServiceModel
        {
            Proto = proto,
            File = file,
            Index = index,
            FullName = file.Proto.Package.Length == 0 ? proto.Name : file.Proto.Package + "." + proto.Name,
            ClassName = file.ServiceClasses[index],
            Comment = file.Comments.Of(path),
        };

        // CallInvoker and NewInstance are members of every client; a method cannot have the name of the class around it.
        var names = new NameScope(["CallInvoker", "NewInstance", service.BaseClass, service.ClientClass]);
        var methods = proto.Method.Select(method => names.Take(method.Name)).ToArray();
        for (var i = 0; i < methods.Length; i++)
        {
            var method = proto.Method[i];
            service.Methods.Add(new MethodModel
            {
                Proto = method,
                Name = methods[i],
                AsyncName = method.ClientStreaming || method.ServerStreaming
                    ? methods[i]
                    : names.Take(methods[i] + "Async"),
                FieldName = "__Method_" + methods[i],
                Request = Message(method.InputType, method.Name),
                Response = Message(method.OutputType, method.Name),
                Comment = file.Comments.Of($"{path}.{ServiceMethods}.{i}"),
            });
        }

        file.Services.Add(service);
    }

    // A group is a field and a message in one, and the field's name is the message's in lower case: the message's is the original.
    private static string SourceName(FieldDescriptorProto proto, Features scope)
    {
        if (proto.Type != FieldType.Group
            && !(proto.Type == FieldType.Message && scope.With(proto.Options?.Features).Delimited))
        {
            return proto.Name;
        }

        var typeName = proto.TypeName[(proto.TypeName.LastIndexOf('.') + 1)..];
        return string.Equals(typeName, proto.Name, StringComparison.OrdinalIgnoreCase) ? typeName : proto.Name;
    }

    private bool IsMapEntry(FieldDescriptorProto proto) =>
        proto.Label == FieldDescriptorProto.Types.Label.Repeated && Message(proto.TypeName, proto.Name).IsMapEntry;

    private MessageModel Message(string typeName, string referrer) =>
        _messages.TryGetValue(typeName.TrimStart('.'), out var message) ? message : throw NotFound(typeName, referrer);

    private EnumModel Enum(string typeName, string referrer) =>
        _enums.TryGetValue(typeName.TrimStart('.'), out var type) ? type : throw NotFound(typeName, referrer);

    private static ArgumentException NotFound(string typeName, string referrer) => new(
        $"The type \"{typeName}\" that \"{referrer}\" refers to is in none of the file descriptors. "
        + "Pass every imported file, too.");
}
