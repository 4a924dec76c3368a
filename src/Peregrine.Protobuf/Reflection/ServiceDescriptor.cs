// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.ObjectModel;
using Peregrine.Protobuf.Collections;

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

        Methods = Array.AsReadOnly(_methods);
    }

    /// <inheritdoc/>
    public override string Name => Proto.Name;

    /// <summary>The methods in declaration order.</summary>
    public ReadOnlyCollection<MethodDescriptor> Methods { get; }

    internal ServiceDescriptorProto Proto { get; }

    internal override DescriptorBase? Parent => null;

    internal override IMessage? Options => Proto.Options;

    internal override MessageDescriptor OptionsType => ServiceOptions.Descriptor;

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

    /// <summary>The value of a custom option.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="extension">The option.</param>
    /// <returns>A copy, or the default of the option when the .proto does not set it: null for a message.</returns>
    public T? GetOption<T>(Extension<ServiceOptions, T> extension) => OptionValues.Get(Proto.Options, extension);

    /// <summary>The elements of a repeated custom option.</summary>
    /// <typeparam name="T">The type of an element.</typeparam>
    /// <param name="extension">The option.</param>
    /// <returns>A copy; empty when the .proto does not set the option.</returns>
    public RepeatedField<T> GetOption<T>(RepeatedExtension<ServiceOptions, T> extension) => OptionValues.Get(Proto.Options, extension);
}
