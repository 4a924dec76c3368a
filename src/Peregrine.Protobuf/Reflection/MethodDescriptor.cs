// SPDX-License-Identifier: Apache-2.0
using System.Threading;
using Peregrine.Protobuf.Collections;

namespace Peregrine.Protobuf.Reflection;

/// <summary>Describes a method of a service.</summary>
public sealed class MethodDescriptor : DescriptorBase
{
    private MessageDescriptor? _inputType;
    private MessageDescriptor? _outputType;

    internal MethodDescriptor(MethodDescriptorProto proto, ServiceDescriptor parent, int index)
        : base(parent.File, parent.FullName + "." + proto.Name, index, parent.Features.With(proto.Options?.Features))
    {
        Proto = proto;
        Service = parent;
    }

    /// <inheritdoc/>
    public override string Name => Proto.Name;

    /// <summary>The service that declares this.</summary>
    public ServiceDescriptor Service { get; }

    /// <summary>The type of a request message.</summary>
    public MessageDescriptor InputType => Resolve(ref _inputType, Proto.InputType);

    /// <summary>The type of a response message.</summary>
    public MessageDescriptor OutputType => Resolve(ref _outputType, Proto.OutputType);

    /// <summary>True when the client sends any number of requests.</summary>
    public bool IsClientStreaming => Proto.ClientStreaming;

    /// <summary>True when the server sends any number of responses.</summary>
    public bool IsServerStreaming => Proto.ServerStreaming;

    internal MethodDescriptorProto Proto { get; }

    internal override DescriptorBase? Parent => Service;

    internal override IMessage? Options => Proto.Options;

    internal override MessageDescriptor OptionsType => MethodOptions.Descriptor;

    internal override int NumberInParent => 2;

    /// <summary>A copy of the message that this descriptor was built from.</summary>
    /// <returns>A new message.</returns>
    public MethodDescriptorProto ToProto() => Proto.Clone();

    /// <summary>The options of the method.</summary>
    /// <returns>A copy, or null when the .proto sets none.</returns>
    public MethodOptions? GetOptions() => Proto.Options?.Clone();

    /// <summary>The value of a custom option.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="extension">The option.</param>
    /// <returns>A copy, or the default of the option when the .proto does not set it: null for a message.</returns>
    public T? GetOption<T>(Extension<MethodOptions, T> extension) => OptionValues.Get(Proto.Options, extension);

    /// <summary>The elements of a repeated custom option.</summary>
    /// <typeparam name="T">The type of an element.</typeparam>
    /// <param name="extension">The option.</param>
    /// <returns>A copy; empty when the .proto does not set the option.</returns>
    public RepeatedField<T> GetOption<T>(RepeatedExtension<MethodOptions, T> extension) => OptionValues.Get(Proto.Options, extension);

    private MessageDescriptor Resolve(ref MessageDescriptor? slot, string typeName)
    {
        MessageDescriptor? found = Volatile.Read(ref slot);
        if (found is null)
        {
            found = File.VisibleTypes.Resolve(typeName, this) as MessageDescriptor
                ?? throw new DescriptorValidationException(File.Name, FullName, $"\"{typeName}\" is not a message type.");
            Volatile.Write(ref slot, found);
        }

        return found;
    }
}
