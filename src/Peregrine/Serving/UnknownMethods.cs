// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;
using Peregrine.Protocol;

namespace Peregrine.Serving;

/// <summary>What serves the methods that no service has. Their messages stay bytes, so any format will do.</summary>
internal sealed class UnknownMethods(MethodSettings settings, DuplexStreamingServerMethod<byte[], byte[]> handler)
{
    // A server meets two or three formats. Peers name them, so what is kept is bounded; beyond it they are made for each call.
    private const int MostKept = 16;

    private readonly ServerMethod _binary = Make(settings, handler, contentSubtype: null);
    private readonly Lock _gate = new();
    private volatile ServerMethod[] _others = [];

    /// <summary>What serves a content-subtype, empty for protobuf's binary one; null when it is no name of a format.</summary>
    public ServerMethod? InFormat(ReadOnlySpan<byte> contentSubtype)
    {
        if (contentSubtype.IsEmpty)
        {
            return _binary;
        }

        return Find(contentSubtype) ?? (ContentType.ReadSubtype(contentSubtype) is { } subtype ? Add(subtype, contentSubtype) : null);
    }

    private ServerMethod? Find(ReadOnlySpan<byte> contentSubtype)
    {
        foreach (var other in _others)
        {
            if (other.InFormat(contentSubtype) is not null)
            {
                return other;
            }
        }

        return null;
    }

    private ServerMethod Add(string contentSubtype, ReadOnlySpan<byte> octets)
    {
        lock (_gate)
        {
            if (Find(octets) is { } found)
            {
                return found;
            }

            var added = Make(settings.InFormat(contentSubtype), handler, contentSubtype);
            if (_others.Length < MostKept)
            {
                _others = [.. _others, added];
            }

            return added;
        }
    }

    private static DuplexStreamingShell<byte[], byte[]> Make(
        MethodSettings settings, DuplexStreamingServerMethod<byte[], byte[]> handler, string? contentSubtype) => new(
            new Method<byte[], byte[]>(MethodType.DuplexStreaming, "*", "*", Marshallers.BytesMarshaller, Marshallers.BytesMarshaller)
            {
                ContentSubtype = contentSubtype,
            },
            settings,
            handler)
        {
            IsAnyMethod = true,
        };
}
