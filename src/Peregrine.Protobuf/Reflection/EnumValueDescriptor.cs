// SPDX-License-Identifier: Apache-2.0
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

    internal override int NumberInParent => 2;

    /// <summary>A copy of the message that this descriptor was built from.</summary>
    /// <returns>A new message.</returns>
    public EnumValueDescriptorProto ToProto() => Proto.Clone();

    /// <summary>The options of the value.</summary>
    /// <returns>A copy, or null when the .proto sets none.</returns>
    public EnumValueOptions? GetOptions() => Proto.Options?.Clone();
}
