// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;

namespace Peregrine.Protobuf.Reflection;

/// <summary>
/// Refuses files that a small input could blow up with: names are written out in full for each element, so that a long
/// name around many elements would fill the memory. Runs before any descriptor is made.
/// </summary>
internal sealed class DescriptorLimits
{
    /// <summary>How deep messages may be nested in each other: the depth that the wire format can carry, with room.</summary>
    public const int MaxNesting = 100;

    /// <summary>The longest package name in characters, as in protoc.</summary>
    public const int MaxPackageLength = 511;

    /// <summary>The longest full name in characters, as in protoc.</summary>
    public const int MaxNameLength = ushort.MaxValue;

    /// <summary>How many characters the full names of a file may have together.</summary>
    public const long MaxNamesLength = 1L << 28;

    private readonly string _file;
    private long _total;

    private DescriptorLimits(string file) => _file = file;

    /// <exception cref="DescriptorValidationException">The file is beyond a limit.</exception>
    public static void Check(FileDescriptorProto proto)
    {
        DescriptorLimits limits = new(proto.Name);
        int package = proto.Package.Length;
        if (package > MaxPackageLength)
        {
            throw limits.Beyond("", $"The package name has {package} characters; the longest has {MaxPackageLength}.");
        }

        foreach (DescriptorProto message in proto.MessageType)
        {
            limits.CheckMessage(message, package, 1);
        }

        foreach (EnumDescriptorProto each in proto.EnumType)
        {
            limits.CheckEnum(each, package);
        }

        limits.CheckFields(proto.Extension, package);
        foreach (ServiceDescriptorProto service in proto.Service)
        {
            int scope = limits.Count(service.Name, package);
            foreach (MethodDescriptorProto method in service.Method)
            {
                limits.Count(method.Name, scope);
            }
        }
    }

    private void CheckMessage(DescriptorProto message, int scope, int depth)
    {
        if (depth > MaxNesting)
        {
            throw Beyond(message.Name, $"Messages are nested more than {MaxNesting} deep.");
        }

        int own = Count(message.Name, scope);
        CheckFields(message.Field, own);
        CheckFields(message.Extension, own);
        foreach (OneofDescriptorProto oneof in message.OneofDecl)
        {
            Count(oneof.Name, own);
        }

        foreach (EnumDescriptorProto each in message.EnumType)
        {
            CheckEnum(each, own);
        }

        foreach (DescriptorProto nested in message.NestedType)
        {
            CheckMessage(nested, own, depth + 1);
        }
    }

    private void CheckFields(IEnumerable<FieldDescriptorProto> fields, int scope)
    {
        foreach (FieldDescriptorProto field in fields)
        {
            Count(field.Name, scope);
        }
    }

    // The values of an enum are its siblings, not its members.
    private void CheckEnum(EnumDescriptorProto each, int scope)
    {
        Count(each.Name, scope);
        foreach (EnumValueDescriptorProto value in each.Value)
        {
            Count(value.Name, scope);
        }
    }

    private int Count(string name, int scope)
    {
        int length = scope == 0 ? name.Length : scope + 1 + name.Length;
        if (length > MaxNameLength)
        {
            throw Beyond(Shortened(name), $"Its full name has {length} characters; the longest has {MaxNameLength}.");
        }

        _total += length;
        return _total <= MaxNamesLength
            ? length
            : throw Beyond(Shortened(name), $"The full names up to this one have more than {MaxNamesLength} characters together.");
    }

    private static string Shortened(string name) => name.Length <= MaxPackageLength ? name : name[..MaxPackageLength] + "...";

    private DescriptorValidationException Beyond(string symbol, string description) => new(_file, symbol, description);
}
