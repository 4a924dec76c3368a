// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;

namespace Peregrine.Protobuf.Reflection;

/// <summary>What a file descriptor holds once its bytes are parsed: its types and the lookups over them.</summary>
internal sealed class FileContents
{
    private Dictionary<string, SourceCodeInfo.Types.Location>? _locations;

    public FileContents(FileDescriptor file, FileDescriptorProto proto, GeneratedMessageInfo?[] messages, Type[] enums)
    {
        Proto = proto;
        Edition = EditionOf(proto);
        Features = ResolvedFeatures.DefaultsOf(Edition).With(proto.Options?.Features);

        // The constructors below must not ask the file about its contents: these are being built.
        MessageTypes = new MessageDescriptor[proto.MessageType.Count];
        for (int i = 0; i < MessageTypes.Length; i++)
        {
            MessageTypes[i] = new MessageDescriptor(proto.MessageType[i], file, null, i, proto.Package, i < messages.Length ? messages[i] : null, Features);
        }

        EnumTypes = new EnumDescriptor[proto.EnumType.Count];
        for (int i = 0; i < EnumTypes.Length; i++)
        {
            EnumTypes[i] = new EnumDescriptor(proto.EnumType[i], file, null, i, proto.Package, i < enums.Length ? enums[i] : null, Features);
        }

        Services = new ServiceDescriptor[proto.Service.Count];
        for (int i = 0; i < Services.Length; i++)
        {
            Services[i] = new ServiceDescriptor(proto.Service[i], file, i, proto.Package, Features);
        }

        foreach (MessageDescriptor message in MessageTypes)
        {
            AddTypes(message);
        }

        foreach (EnumDescriptor each in EnumTypes)
        {
            Types.TryAdd(each.FullName, each);
        }
    }

    public FileDescriptorProto Proto { get; }

    public Edition Edition { get; }

    public ResolvedFeatures Features { get; }

    public MessageDescriptor[] MessageTypes { get; }

    public EnumDescriptor[] EnumTypes { get; }

    public ServiceDescriptor[] Services { get; }

    /// <summary>Every message and enum of the file by full name, nested ones included.</summary>
    public Dictionary<string, DescriptorBase> Types { get; } = new(StringComparer.Ordinal);

    public SourceCodeInfo.Types.Location? FindLocation(DescriptorBase descriptor)
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

        return map.GetValueOrDefault(PathOf(descriptor));
    }

    private static string PathOf(DescriptorBase descriptor)
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
