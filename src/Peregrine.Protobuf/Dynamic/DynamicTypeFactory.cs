// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf;

/// <summary>Makes dynamic messages and extensions for those that know them by descriptors only.</summary>
internal sealed class DynamicTypeFactory : DynamicTypes
{
    private DynamicTypeFactory()
    {
    }

    /// <summary>The one factory.</summary>
    public static DynamicTypeFactory Instance { get; } = new();

    /// <inheritdoc/>
    public override MessageParser ParserOf(MessageDescriptor type) => DynamicMessage.ParserOf(type);

    /// <inheritdoc/>
    public override Extension NewExtension(FieldDescriptor extension) => new DynamicExtension(extension);
}
