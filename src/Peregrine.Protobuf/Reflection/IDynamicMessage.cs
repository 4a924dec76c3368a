// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Reflection;

/// <summary>A dynamic message, for those that must not know its class: see <see cref="DynamicTypes"/>.</summary>
internal interface IDynamicMessage
{
    /// <summary>What makes the messages and extensions in it.</summary>
    DynamicTypes Types { get; }

    /// <summary>Merges another dynamic message of the type in.</summary>
    void MergeDynamic(IMessage other);
}
