// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;

namespace Peregrine.Protobuf.Reflection;

/// <summary>Describes a service.</summary>
public sealed class ServiceDescriptor : DescriptorBase
{
    private readonly MethodDescriptor[] _methods;

    internal ServiceDescriptor(ServiceDescriptorProto proto, FileDescriptor file, int index, string package, in ResolvedFeatures fileFeatures)
        : base(file, FileDescriptor.Qualify(package, proto.Name), index, fileFeatures.With(proto.Options?.Features))
    {
        Proto = proto;
        _methods = new MethodDescriptor[proto.Method.Count];
        for (int i = 0; i < _methods.Length; i++)
        {
            _methods[i] = new MethodDescriptor(proto.Method[i], this, i);
        }
    }

    /// <inheritdoc/>
    public override string Name => Proto.Name;

    /// <summary>The methods in declaration order.</summary>
    public IReadOnlyList<MethodDescriptor> Methods => _methods;

    internal ServiceDescriptorProto Proto { get; }

    internal override DescriptorBase? Parent => null;

    internal override int NumberInParent => 6;

    /// <summary>Finds a method by its unqualified name.</summary>
    /// <param name="name">The name as declared.</param>
    /// <returns>The method or null.</returns>
    public MethodDescriptor? FindMethodByName(string name) => Array.Find(_methods, method => method.Name == name);

    /// <summary>A copy of the message that this descriptor was built from.</summary>
    /// <returns>A new message.</returns>
    public ServiceDescriptorProto ToProto() => Proto.Clone();

    /// <summary>The options of the service.</summary>
    /// <returns>A copy, or null when the .proto sets none.</returns>
    public ServiceOptions? GetOptions() => Proto.Options?.Clone();
}
