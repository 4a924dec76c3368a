// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Collections;

namespace Peregrine.Protobuf.Reflection;

/// <summary>Describes one value of an enum.</summary>
public sealed class EnumValueDescriptor : DescriptorBase
{
    internal EnumValueDescriptor(EnumValueDescriptorProto proto, EnumDescriptor parent, int index, string fullName)
        : base(parent.File, fullName, index, parent.Features.With(proto.Options?.Features))
    {
        Proto = proto;
        EnumDescriptor = parent;
    }

    /// <inheritdoc/>
    public override string Name => Proto.Name;

    /// <summary>The number of the value.</summary>
    public int Number => Proto.Number;

    /// <summary>The enum that declares this.</summary>
    public EnumDescriptor EnumDescriptor { get; }

    internal EnumValueDescriptorProto Proto { get; }

    internal override DescriptorBase? Parent => EnumDescriptor;

    internal override IMessage? Options => Proto.Options;

    internal override MessageDescriptor OptionsType => EnumValueOptions.Descriptor;

    internal override int NumberInParent => 2;

    /// <summary>A copy of the message that this descriptor was built from.</summary>
    /// <returns>A new message.</returns>
    public EnumValueDescriptorProto ToProto() => Proto.Clone();

    /// <summary>The options of the value.</summary>
    /// <returns>A copy, or null when the .proto sets none.</returns>
    public EnumValueOptions? GetOptions() => Proto.Options?.Clone();

    /// <summary>The value of a custom option.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="extension">The option.</param>
    /// <returns>A copy, or the default of the option when the .proto does not set it: null for a message.</returns>
    public T? GetOption<T>(Extension<EnumValueOptions, T> extension) => OptionValues.Get(Proto.Options, extension);

    /// <summary>The elements of a repeated custom option.</summary>
    /// <typeparam name="T">The type of an element.</typeparam>
    /// <param name="extension">The option.</param>
    /// <returns>A copy; empty when the .proto does not set the option.</returns>
    public RepeatedField<T> GetOption<T>(RepeatedExtension<EnumValueOptions, T> extension) => OptionValues.Get(Proto.Options, extension);
}
