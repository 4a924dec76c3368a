// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.WellKnownTypes;

namespace Google.Rpc;

/// <content>Reads the details.</content>
public sealed partial class Status
{
    // On first use only: it builds the descriptors of the file.
    private static class StandardDetails
    {
        internal static readonly TypeRegistry Registry = TypeRegistry.FromFiles(ErrorDetailsReflection.Descriptor);
    }

    /// <summary>Finds a detail of a type.</summary>
    /// <typeparam name="T">The type, such as <see cref="BadRequest"/>.</typeparam>
    /// <returns>The first detail of the type, newly parsed; null when there is none.</returns>
    /// <exception cref="InvalidProtocolBufferException">The detail is there, but its bytes are malformed.</exception>
    public T? GetDetail<T>()
        where T : class, IMessage<T>, new()
    {
        foreach (Any detail in Details)
        {
            if (detail.TryUnpack(out T? message))
            {
                return message;
            }
        }

        return null;
    }

    /// <summary>Parses the details whose types stand in <c>google/rpc/error_details.proto</c>; others are left out.</summary>
    /// <returns>The details in their order, each parsed when the enumeration comes to it.</returns>
    /// <exception cref="InvalidProtocolBufferException">Thrown by the enumeration: the bytes of a detail are malformed.</exception>
    public IEnumerable<IMessage> UnpackDetailMessages() => UnpackDetailMessages(StandardDetails.Registry);

    /// <summary>Parses the details whose types a registry knows; others are left out.</summary>
    /// <param name="registry">The types.</param>
    /// <returns>The details in their order, each parsed when the enumeration comes to it.</returns>
    /// <exception cref="InvalidProtocolBufferException">Thrown by the enumeration: the bytes of a detail are malformed.</exception>
    public IEnumerable<IMessage> UnpackDetailMessages(TypeRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return Unpack(registry);
    }

    private IEnumerable<IMessage> Unpack(TypeRegistry registry)
    {
        foreach (Any detail in Details)
        {
            if (detail.Unpack(registry) is { } message)
            {
                yield return message;
            }
        }
    }
}
