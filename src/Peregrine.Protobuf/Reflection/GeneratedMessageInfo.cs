// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protobuf.Reflection;

/// <summary>What generated code tells its descriptor about one message: the class, its parser, and what is nested in it.</summary>
public sealed class GeneratedMessageInfo
{
    private readonly Func<MessageParser> _parser;
    private readonly GeneratedMessageInfo?[] _nestedMessages;
    private readonly Type[] _nestedEnums;

    /// <summary>Describes a generated message; generated code calls this.</summary>
    /// <param name="clrType">The class.</param>
    /// <param name="parser">Returns the class's parser; called when first asked for, so that the class is not touched before.</param>
    /// <param name="nestedMessages">The nested messages in the order of the descriptor; null stands for a map entry.</param>
    /// <param name="nestedEnums">The nested enums in the order of the descriptor.</param>
    /// <param name="extensions">The extensions declared in the message's scope, in the order of the descriptor.</param>
    public GeneratedMessageInfo(
        Type clrType,
        Func<MessageParser> parser,
        GeneratedMessageInfo?[]? nestedMessages = null,
        Type[]? nestedEnums = null,
        Extension[]? extensions = null)
    {
        ArgumentNullException.ThrowIfNull(clrType);
        ArgumentNullException.ThrowIfNull(parser);
        ClrType = clrType;
        _parser = parser;
        _nestedMessages = nestedMessages ?? [];
        _nestedEnums = nestedEnums ?? [];
        Extensions = extensions ?? [];
    }

    /// <summary>The generated class.</summary>
    public Type ClrType { get; }

    /// <summary>The class's parser.</summary>
    public MessageParser Parser => _parser();

    internal Extension[] Extensions { get; }

    internal GeneratedMessageInfo? NestedMessageAt(int index) =>
        index < _nestedMessages.Length ? _nestedMessages[index] : null;

    internal Type? NestedEnumAt(int index) => index < _nestedEnums.Length ? _nestedEnums[index] : null;

    /// <summary>Adds every extension declared inside this message to a registry.</summary>
    internal void AddExtensionsTo(ExtensionRegistry registry)
    {
        foreach (Extension extension in Extensions)
        {
            registry.Add(extension);
        }

        foreach (GeneratedMessageInfo? nested in _nestedMessages)
        {
            nested?.AddExtensionsTo(registry);
        }
    }
}
