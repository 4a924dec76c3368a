// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using System.Linq;
using Peregrine.Protobuf.Reflection;
using FieldType = Peregrine.Protobuf.Reflection.FieldDescriptorProto.Types.Type;
using Label = Peregrine.Protobuf.Reflection.FieldDescriptorProto.Types.Label;

namespace Peregrine.Protobuf.Compiler.CSharp.Model;

/// <summary>
/// What the generator relies on in descriptors. Every compiler of .proto files sees to it; a request or a descriptor set from elsewhere may
/// say anything, and must neither break the generator nor put other code than its own into what is generated.
/// </summary>
internal static class DescriptorRules
{
    private const string WrappersFile = "google/protobuf/wrappers.proto";

    /// <summary>Checks a file.</summary>
    /// <exception cref="CSharpGeneratorException">A rule is broken.</exception>
    public static void Check(FileDescriptorProto file)
    {
        Require(file.Name.Length != 0 && !file.Name.Any(char.IsControl), file.Name, "it has no name, or one with control characters");
        Require(file.Package.Length == 0 || file.Package.Split('.').All(IsIdentifier), file.Name, $"\"{file.Package}\" is no package");
        foreach (var message in file.MessageType)
        {
            Check(file, message);
            Require(
                file.Name != WrappersFile || message.Field is [{ Label: not Label.Repeated, Type: not (FieldType.Message or FieldType.Group or FieldType.Enum) }],
                file.Name, $"\"{message.Name}\" is no wrapper of one scalar");
        }

        foreach (var type in file.EnumType)
        {
            Check(file, type);
        }

        foreach (var extension in file.Extension)
        {
            Check(file, extension);
        }

        foreach (var service in file.Service)
        {
            RequireName(file, service.Name);
            foreach (var method in service.Method)
            {
                RequireName(file, method.Name);
            }
        }
    }

    // Messages are nested no deeper than the parser of descriptors lets them be.
    private static void Check(FileDescriptorProto file, DescriptorProto message)
    {
        RequireName(file, message.Name);
        foreach (var field in message.Field.Concat(message.Extension))
        {
            Check(file, field);
        }

        foreach (var oneof in message.OneofDecl)
        {
            RequireName(file, oneof.Name);
        }

        foreach (var type in message.EnumType)
        {
            Check(file, type);
        }

        foreach (var nested in message.NestedType)
        {
            Check(file, nested);
        }

        Require(message.Options is not { MapEntry: true } || IsMapEntry(message), file.Name, $"\"{message.Name}\" is no entry of a map");
    }

    private static void Check(FileDescriptorProto file, EnumDescriptorProto type)
    {
        RequireName(file, type.Name);
        Require(type.Value.Count != 0, file.Name, $"the enum \"{type.Name}\" has no values");
        foreach (var value in type.Value)
        {
            RequireName(file, value.Name);
        }
    }

    // The number of an extension of a message set has 31 bits, any other 29.
    private static void Check(FileDescriptorProto file, FieldDescriptorProto field)
    {
        RequireName(file, field.Name);
        Require(
            field.Type is >= FieldType.Double and <= FieldType.Sint64 && field.Label is >= Label.Optional and <= Label.Repeated
                && field.Number > 0 && (field.Number < 1 << 29 || field.HasExtendee) && (!field.HasDefaultValue || IsDefault(field)),
            file.Name, $"type, label, number or default of \"{field.Name}\" is not possible");
    }

    private static bool IsMapEntry(DescriptorProto message) =>
        message.Field is
        [
        { Number: 1, Label: not Label.Repeated, Type: not (FieldType.Float or FieldType.Double or FieldType.Bytes or FieldType.Enum or FieldType.Message or FieldType.Group) },
        { Number: 2, Label: not Label.Repeated, Type: not FieldType.Group },
        ];

    // As the compiler writes it.
    private static bool IsDefault(FieldDescriptorProto field)
    {
        var text = field.DefaultValue;
        return field.Type switch
        {
            FieldType.String => true,
            FieldType.Bytes => Literals.TryUnescape(text, out _),
            FieldType.Bool => text is "true" or "false",
            FieldType.Enum => IsIdentifier(text),
            FieldType.Double or FieldType.Float => text is "inf" or "-inf" or "nan" or "-nan"
                || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
            FieldType.Uint32 or FieldType.Fixed32 => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _),
            FieldType.Uint64 or FieldType.Fixed64 => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _),
            FieldType.Int64 or FieldType.Sint64 or FieldType.Sfixed64 => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            FieldType.Int32 or FieldType.Sint32 or FieldType.Sfixed32 => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            _ => false,
        };
    }

    private static void RequireName(FileDescriptorProto file, string name) => Require(IsIdentifier(name), file.Name, $"\"{name}\" is no name");

    private static bool IsIdentifier(string text) =>
        text.Length != 0 && !char.IsAsciiDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static void Require(bool isKept, string file, string problem)
    {
        if (!isKept)
        {
            throw new CSharpGeneratorException($"The descriptor of \"{file}\" is wrong: {problem}. Make it anew from its .proto file.");
        }
    }
}
