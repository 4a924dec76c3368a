// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;

namespace Peregrine.Protobuf.Reflection;

/// <summary>Describes a oneof of a message.</summary>
public sealed class OneofDescriptor : DescriptorBase
{
    private readonly FieldDescriptor[] _fields;

    internal OneofDescriptor(OneofDescriptorProto proto, MessageDescriptor parent, int index, in ResolvedFeatures features, FieldDescriptor[] fields)
        : base(parent.File, parent.FullName + "." + proto.Name, index, features)
    {
        Proto = proto;
        ContainingType = parent;
        _fields = fields;
        IsSynthetic = fields is [{ Proto.Proto3Optional: true }];
        Accessor = new OneofAccessor(this);
    }

    /// <inheritdoc/>
    public override string Name => Proto.Name;

    /// <summary>The message that declares this.</summary>
    public MessageDescriptor ContainingType { get; }

    /// <summary>The fields of the oneof, in declaration order.</summary>
    public IReadOnlyList<FieldDescriptor> Fields => _fields;

    /// <summary>True when the compiler made this oneof around a single proto3 <c>optional</c> field.</summary>
    public bool IsSynthetic { get; }

    /// <summary>Reads and clears the oneof in a message.</summary>
    public OneofAccessor Accessor { get; }

    internal OneofDescriptorProto Proto { get; }

    internal override DescriptorBase? Parent => ContainingType;

    internal override int NumberInParent => 8;

    /// <summary>A copy of the message that this descriptor was built from.</summary>
    /// <returns>A new message.</returns>
    public OneofDescriptorProto ToProto() => Proto.Clone();

    /// <summary>The options of the oneof.</summary>
    /// <returns>A copy, or null when the .proto sets none.</returns>
    public OneofOptions? GetOptions() => Proto.Options?.Clone();
}
