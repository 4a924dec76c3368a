// SPDX-License-Identifier: Apache-2.0
using System;
using System.Diagnostics.CodeAnalysis;
using Peregrine.Compression;
using Peregrine.Http2.Hpack;
using Peregrine.Protocol;

namespace Peregrine.Serving;

/// <summary>
/// The head of one request, which lies in the connection's header list until the call ends. Metadata and host are made of it when they are first asked
/// for. A part of <see cref="ServerCall"/>, which holds its lock over each of these.
/// </summary>
internal struct RequestHead(HeaderList headers, in RequestHeadersReader reader)
{
    private HeaderList? _headers = headers;
    private RequestHeadersReader _reader = reader;
    private Metadata? _metadata;
    private string? _host;

    /// <summary>The time the client gives; <see cref="TimeSpan.MaxValue"/> when it names none.</summary>
    public readonly TimeSpan Timeout => _reader.Timeout;

    /// <summary>The client's metadata.</summary>
    /// <exception cref="InvalidOperationException">The call has ended, and nobody asked before.</exception>
    public Metadata GetMetadata()
    {
        if (_metadata is null)
        {
            ThrowIfTaken();

            // The values were checked when the request was accepted.
            MetadataReader.TryRead(_headers, out _metadata, out _);
        }

        return _metadata;
    }

    /// <summary>The host that the client called.</summary>
    /// <exception cref="InvalidOperationException">The call has ended, and nobody asked before.</exception>
    public string GetHost()
    {
        if (_host is null)
        {
            ThrowIfTaken();
            _host = _reader.GetHost();
        }

        return _host;
    }

    /// <summary>Whether the client accepts an encoding; not when the call has ended.</summary>
    public readonly bool AcceptsEncoding(string name) => _headers is not null && CompressionProviderSet.IsAccepted(_reader.AcceptEncoding, name);

    /// <summary>Moves what a handler may still ask for into a list of the call's own.</summary>
    /// <returns>The connection's list, to be released; null when the call has ended.</returns>
    public HeaderList? Retain()
    {
        var pooled = _headers;
        if (pooled is not null)
        {
            _reader = _reader.Retain(out _headers);
        }

        return pooled;
    }

    /// <summary>The call has ended.</summary>
    /// <returns>The list, to be released.</returns>
    public HeaderList? TakeHeaders()
    {
        var taken = _headers;
        _headers = null;
        return taken;
    }

    [MemberNotNull(nameof(_headers))]
    private readonly void ThrowIfTaken()
    {
        if (_headers is null)
        {
            throw new InvalidOperationException("The call has ended; read what you need of its request headers before the handler returns.");
        }
    }
}
