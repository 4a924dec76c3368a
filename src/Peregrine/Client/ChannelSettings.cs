// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Peregrine.Compression;
using Peregrine.Diagnostics;
using Peregrine.Http2.Hpack;
using Peregrine.LoadBalancing;
using Peregrine.Protocol;

namespace Peregrine.Client;

/// <summary>What all calls of a channel share, worked out once from its target and options. Thread-safe.</summary>
internal sealed class ChannelSettings
{
    // A program has some methods; a proxy that makes a Method for each call must not fill memory with their paths.
    private const int MaxCachedPaths = 1024;

    private readonly ConcurrentDictionary<string, HeaderTemplate> _paths = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, HeaderTemplate> _contentTypes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(MessageFormat Format, IMethod Method), IMethod?> _formatted = new();

    internal required Subchannel Subchannel { get; init; }

    /// <summary>The target as the user wrote it, for messages.</summary>
    internal required string Target { get; init; }

    /// <summary>The value of <c>:authority</c> for calls that name no host.</summary>
    internal required string Authority { get; init; }

    /// <summary>Writes the request headers, with all constant ones prepared.</summary>
    internal required RequestHeadersWriter RequestHeaders { get; init; }

    /// <summary>The encodings that responses may use.</summary>
    internal required CompressionProviderSet Compression { get; init; }

    /// <summary>What compresses the requests of calls that choose nothing else; null for nothing.</summary>
    internal required ICompressionProvider? RequestCompression { get; init; }

    /// <summary>The formats of messages that calls may choose.</summary>
    internal required IReadOnlyList<MessageFormat> MessageFormats { get; init; }

    internal required bool IsSecure { get; init; }

    /// <summary>The channel's own call credentials, if any.</summary>
    internal required CallCredentials? CallCredentials { get; init; }

    internal required bool AllowInsecureCallCredentials { get; init; }

    /// <summary>In bytes; <see cref="int.MaxValue"/> for no limit.</summary>
    internal required int MaxSendMessageSize { get; init; }

    /// <summary>In bytes; -1 for no limit, as the transport has it.</summary>
    internal required int MaxReceiveMessageSize { get; init; }

    internal required bool ThrowOperationCanceled { get; init; }

    internal required TimeProvider Time { get; init; }

    /// <summary>Gives each call what observes it.</summary>
    internal required CallTracer Tracer { get; init; }

    internal required ILogger Logger { get; init; }

    /// <summary>Counts the calls.</summary>
    internal CallCounters Calls { get; } = new();

    /// <summary>The <c>content-type</c> of a message format, encoded once; null for protobuf's binary one.</summary>
    internal HeaderTemplate? ContentTypeOf(string? subtype) => subtype is null ? null
        : _contentTypes.TryGetValue(subtype, out var known) ? known
        : _contentTypes.Count < MaxCachedPaths ? _contentTypes.GetOrAdd(subtype, RequestHeadersWriter.CreateContentType)
        : RequestHeadersWriter.CreateContentType(subtype);

    /// <summary>A method with its messages in another format; null when the channel has no such format, or the format not these messages.</summary>
    internal Method<TRequest, TResponse>? InFormat<TRequest, TResponse>(Method<TRequest, TResponse> method, string subtype)
        where TRequest : class
        where TResponse : class
    {
        foreach (var format in MessageFormats)
        {
            if (format.ContentSubtype != subtype)
            {
                continue;
            }

            if (_formatted.TryGetValue((format, method), out var known))
            {
                return (Method<TRequest, TResponse>?)known;
            }

            var formatted = format.Apply(method);
            if (_formatted.Count < MaxCachedPaths)
            {
                _ = _formatted.TryAdd((format, method), formatted);
            }

            return formatted;
        }

        return null;
    }

    /// <summary>The <c>:path</c> of a method, encoded once.</summary>
    internal HeaderTemplate PathOf(IMethod method)
    {
        if (_paths.TryGetValue(method.FullName, out var known))
        {
            return known;
        }

        var path = RequestHeadersWriter.CreatePath(method);
        if (_paths.Count < MaxCachedPaths)
        {
            _ = _paths.TryAdd(method.FullName, path);
        }

        return path;
    }
}
