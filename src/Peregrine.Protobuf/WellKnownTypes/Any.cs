// SPDX-License-Identifier: Apache-2.0
using System;
using System.Diagnostics.CodeAnalysis;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.WellKnownTypes;

/// <content>Packs and unpacks messages.</content>
public sealed partial class Any
{
    private const string DefaultPrefix = "type.googleapis.com";

    /// <summary>The type name in a type URL: what stands after its last slash.</summary>
    /// <param name="typeUrl">The URL, such as <c>type.googleapis.com/google.rpc.BadRequest</c>.</param>
    /// <returns>The full type name, or the empty string when there is no slash.</returns>
    public static string GetTypeName(string typeUrl)
    {
        ArgumentNullException.ThrowIfNull(typeUrl);
        return Reflection.TypeUrl.TypeNameOf(typeUrl).ToString();
    }

    /// <summary>Says whether the packed message is of a type, by the type URL alone.</summary>
    /// <param name="descriptor">The type to ask for.</param>
    /// <returns>True when the URL names the type.</returns>
    public bool Is(MessageDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        return Reflection.TypeUrl.TypeNameOf(TypeUrl).SequenceEqual(descriptor.FullName);
    }

    /// <summary>Parses the packed message as <typeparamref name="T"/>.</summary>
    /// <typeparam name="T">The type that the URL must name.</typeparam>
    /// <returns>A new message.</returns>
    /// <exception cref="InvalidProtocolBufferException">The URL names another type, or the bytes are malformed.</exception>
    public T Unpack<T>()
        where T : IMessage, new()
    {
        T target = new();
        if (!Is(target.Descriptor))
        {
            throw new InvalidProtocolBufferException(
                $"Any holds '{TypeUrl}', so it cannot be unpacked as {target.Descriptor.FullName}.");
        }

        target.MergeFrom(Value);
        return target;
    }

    /// <summary>Parses the packed message as <typeparamref name="T"/> if the URL names that type.</summary>
    /// <typeparam name="T">The type to ask for.</typeparam>
    /// <param name="result">A new message, or null when the URL names another type.</param>
    /// <returns>Whether the URL names the type.</returns>
    /// <exception cref="InvalidProtocolBufferException">The type is right but the bytes are malformed.</exception>
    public bool TryUnpack<T>([NotNullWhen(true)] out T? result)
        where T : IMessage, new()
    {
        T target = new();
        if (!Is(target.Descriptor))
        {
            result = default;
            return false;
        }

        target.MergeFrom(Value);
        result = target;
        return true;
    }

    /// <summary>Parses the packed message as the type that the registry knows by the URL's name.</summary>
    /// <param name="registry">The types to look in.</param>
    /// <returns>A new message, or null when the registry lacks the type.</returns>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed.</exception>
    public IMessage? Unpack(TypeRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.Find(GetTypeName(TypeUrl))?.KnownParser!.ParseFrom(Value);
    }

    /// <summary>Packs a message under the URL prefix <c>type.googleapis.com</c>.</summary>
    /// <param name="message">The message; it is serialized at once.</param>
    /// <returns>A new <see cref="Any"/>.</returns>
    public static Any Pack(IMessage message) => Pack(message, DefaultPrefix);

    /// <summary>Packs a message under a URL prefix.</summary>
    /// <param name="message">The message; it is serialized at once.</param>
    /// <param name="typeUrlPrefix">What stands before the type name; a slash is added if it ends with none.</param>
    /// <returns>A new <see cref="Any"/>.</returns>
    public static Any Pack(IMessage message, string typeUrlPrefix)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(typeUrlPrefix);
        string separator = typeUrlPrefix.EndsWith('/') ? "" : "/";
        return new Any
        {
            TypeUrl = typeUrlPrefix + separator + message.Descriptor.FullName,
            Value = message.ToByteString(),
        };
    }
}
