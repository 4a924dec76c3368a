// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf;

/// <summary>A generated message class: its parser and descriptor can be reached from a type argument.</summary>
/// <typeparam name="TSelf">The message class.</typeparam>
public interface IGeneratedMessage<TSelf> : IMessage<TSelf>
    where TSelf : class, IGeneratedMessage<TSelf>
{
    /// <summary>Parses the message type.</summary>
    static abstract MessageParser<TSelf> Parser { get; }

    /// <summary>Describes the message type.</summary>
    static new abstract MessageDescriptor Descriptor { get; }
}
