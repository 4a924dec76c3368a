// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf;

/// <summary>Makes messages that fit into others: the messages in a dynamic message are dynamic, those in a generated one generated.</summary>
internal static class MessageFactory
{
    /// <summary>An empty message of <paramref name="type"/> that a field of <paramref name="container"/> can hold.</summary>
    public static IMessage CreateInside(IMessage container, MessageDescriptor type) =>
        (container is IDynamicMessage dynamic ? dynamic.Types.ParserOf(type) : type.KnownParser!).CreateTemplate();
}
