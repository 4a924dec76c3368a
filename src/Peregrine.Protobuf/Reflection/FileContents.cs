// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Threading;

namespace Peregrine.Protobuf.Reflection;

/// <summary>What a file descriptor holds once its bytes are parsed: its types and the lookups over them.</summary>
internal sealed class FileContents
{
    /// <summary>Source paths of what a file declares once; an edition has that of a syntax.</summary>
    public const string SyntaxPath = "12", PackagePath = "2";

    private Dictionary<string, SourceCodeInfo.Types.Location>? _locations;

    public FileContents(FileDescriptor file, FileDescriptorProto proto, GeneratedMessageInfo?[] messages, Type[] enums)
    {
        Proto = proto;
        Edition = EditionOf(proto);
        Features = ResolvedFeatures.DefaultsOf(Edition).With(proto.Options?.Features);

        // The constructors below must not ask the file about its contents: these are being built.
        var messageTypes = new MessageDescriptor[proto.MessageType.Count];
        for (int i = 0; i < messageTypes.Length; i++)
        {
            messageTypes[i] = new MessageDescriptor(proto.MessageType[i], file, null, i, proto.Package, i < messages.Length ? messages[i] : null, Features);
        }

        var enumTypes = new EnumDescriptor[proto.EnumType.Count];
        for (int i = 0; i < enumTypes.Length; i++)
        {
            enumTypes[i] = new EnumDescriptor(proto.EnumType[i], file, null, i, proto.Package, i < enums.Length ? enums[i] : null, Features);
        }

        var services = new ServiceDescriptor[proto.Service.Count];
        for (int i = 0; i < services.Length; i++)
        {
            services[i] = new ServiceDescriptor(proto.Service[i], file, i, proto.Package, Features);
        }

        MessageTypes = Array.AsReadOnly(messageTypes);
        EnumTypes = Array.AsReadOnly(enumTypes);
        Services = Array.AsReadOnly(services);

        foreach (MessageDescriptor message in messageTypes)
        {
            AddTypes(message);
        }

        foreach (EnumDescriptor each in enumTypes)
        {
            Types.TryAdd(each.FullName, each);
        }
    }

    public FileDescriptorProto Proto { get; }

    public Edition Edition { get; }

    public ResolvedFeatures Features { get; }

    public ReadOnlyCollection<MessageDescriptor> MessageTypes { get; }

    public ReadOnlyCollection<EnumDescriptor> EnumTypes { get; }

    public ReadOnlyCollection<ServiceDescriptor> Services { get; }

    /// <summary>Every message and enum of the file by full name, nested ones included.</summary>
    public Dictionary<string, DescriptorBase> Types { get; } = new(StringComparer.Ordinal);

    /// <summary>The declaration of an element by its source path, numbers with commas between them.</summary>
    public DescriptorDeclaration? FindDeclaration(IDescriptor element, string path)
    {
        if (Proto.SourceCodeInfo is null)
        {
            return null;
        }

        Dictionary<string, SourceCodeInfo.Types.Location>? map = Volatile.Read(ref _locations);
        if (map is null)
        {
            map = new Dictionary<string, SourceCodeInfo.Types.Location>(Proto.SourceCodeInfo.Location.Count, StringComparer.Ordinal);
            foreach (SourceCodeInfo.Types.Location location in Proto.SourceCodeInfo.Location)
            {
                map.TryAdd(string.Join(',', location.Path), location);
            }

            Volatile.Write(ref _locations, map);
        }

        return map.TryGetValue(path, out SourceCodeInfo.Types.Location? found) ? DescriptorDeclaration.FromLocation(element, found) : null;
    }

    /// <summary>The source path of an element.</summary>
    public static string PathOf(DescriptorBase descriptor)
    {
        string path = "";
        for (DescriptorBase? element = descriptor; element is not null; element = element.Parent)
        {
            string step = string.Create(CultureInfo.InvariantCulture, $"{element.NumberInParent},{element.Index}");
            path = path.Length == 0 ? step : step + "," + path;
        }

        return path;
    }

    private static Edition EditionOf(FileDescriptorProto proto) => proto.Syntax switch
    {
        "editions" => proto.Edition,
        "proto3" => Edition.Proto3,
        _ => Edition.Proto2,
    };

    private void AddTypes(MessageDescriptor message)
    {
        Types.TryAdd(message.FullName, message);
        foreach (MessageDescriptor nested in message.NestedTypes)
        {
            AddTypes(nested);
        }

        foreach (EnumDescriptor nested in message.EnumTypes)
        {
            Types.TryAdd(nested.FullName, nested);
        }
    }
}
