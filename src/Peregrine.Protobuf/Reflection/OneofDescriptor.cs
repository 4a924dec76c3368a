// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.ObjectModel;
using Peregrine.Protobuf.Collections;

namespace Peregrine.Protobuf.Reflection;

/// <summary>Describes a oneof of a message.</summary>
public sealed class OneofDescriptor : DescriptorBase
{
    internal OneofDescriptor(OneofDescriptorProto proto, MessageDescriptor parent, int index, in ResolvedFeatures features, FieldDescriptor[] fields)
        : base(parent.File, parent.FullName + "." + proto.Name, index, features)
    {
        Proto = proto;
        ContainingType = parent;
        Fields = Array.AsReadOnly(fields);
        IsSynthetic = fields is [{ Proto.Proto3Optional: true }];
        Accessor = new OneofAccessor(this);
    }

    /// <inheritdoc/>
    public override string Name => Proto.Name;

    /// <summary>The message that declares this.</summary>
    public MessageDescriptor ContainingType { get; }

    /// <summary>The fields of the oneof, in declaration order.</summary>
    public ReadOnlyCollection<FieldDescriptor> Fields { get; }

    /// <summary>True when the compiler made this oneof around a single proto3 <c>optional</c> field.</summary>
    public bool IsSynthetic { get; }

    /// <summary>Reads and clears the oneof in a message.</summary>
    public OneofAccessor Accessor { get; }

    internal OneofDescriptorProto Proto { get; }

    internal override DescriptorBase? Parent => ContainingType;

    internal override IMessage? Options => Proto.Options;

    internal override MessageDescriptor OptionsType => OneofOptions.Descriptor;

    internal override int NumberInParent => 8;

    /// <summary>A copy of the message that this descriptor was built from.</summary>
    /// <returns>A new message.</returns>
    public OneofDescriptorProto ToProto() => Proto.Clone();

    /// <summary>The options of the oneof.</summary>
    /// <returns>A copy, or null when the .proto sets none.</returns>
    public OneofOptions? GetOptions() => Proto.Options?.Clone();

    /// <summary>The value of a custom option.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="extension">The option.</param>
    /// <returns>A copy, or the default of the option when the .proto does not set it: null for a message.</returns>
    public T? GetOption<T>(Extension<OneofOptions, T> extension) => OptionValues.Get(Proto.Options, extension);

    /// <summary>The elements of a repeated custom option.</summary>
    /// <typeparam name="T">The type of an element.</typeparam>
    /// <param name="extension">The option.</param>
    /// <returns>A copy; empty when the .proto does not set the option.</returns>
    public RepeatedField<T> GetOption<T>(RepeatedExtension<OneofOptions, T> extension) => OptionValues.Get(Proto.Options, extension);
}
