// SPDX-License-Identifier: Apache-2.0
using System;
using System.Text;
using Peregrine.Compression;
using Peregrine.Http2.Hpack;
using Peregrine.Protocol;

namespace Peregrine.Serving;

/// <summary>What the server's, the service's and the method's options come to for the calls of one method. Immutable.</summary>
internal sealed record MethodSettings
{
    /// <summary>What a server's options say for all methods.</summary>
    /// <exception cref="ArgumentException">An option has a value that cannot be used.</exception>
    public MethodSettings(GrpcServerOptions options)
    {
        MaxReceiveMessageSize = options.MaxReceiveMessageSize ?? -1;
        MaxSendMessageSize = options.MaxSendMessageSize ?? -1;
        ResponseCompression = options.ResponseCompressionAlgorithm is { } algorithm ? FindCompression(algorithm) : null;
        EnableDetailedErrors = options.EnableDetailedErrors;
        Authorization = options.Authorization;
    }

    /// <summary>The largest request message, decompressed; -1 for none.</summary>
    public int MaxReceiveMessageSize { get; private init; }

    /// <summary>The largest response message, before compression; -1 for none.</summary>
    public int MaxSendMessageSize { get; private init; }

    /// <summary>How responses are compressed for clients that accept it; null for not.</summary>
    public ICompressionProvider? ResponseCompression { get; private init; }

    /// <summary>Whether clients see the messages of exceptions that handlers throw.</summary>
    public bool EnableDetailedErrors { get; private init; }

    /// <summary>Decides which calls may be made; null for all.</summary>
    public AuthorizationPolicy? Authorization { get; private init; }

    /// <summary>The constant fields of response heads.</summary>
    public ResponseHeadersWriter ResponseHeaders { get; private init; } = PlainHeaders;

    /// <summary>The head of a response without metadata and compression: shared by all calls, never changed.</summary>
    public OutgoingHeaders PlainHead { get; private init; } = MakeHead(PlainHeaders);

    /// <summary>These settings, for messages in a format; null for protobuf's binary one.</summary>
    public MethodSettings InFormat(string? contentSubtype)
    {
        if (contentSubtype is null)
        {
            return this;
        }

        var headers = new ResponseHeadersWriter(CompressionProviderSet.Default.AcceptEncoding, contentSubtype);
        return this with { ResponseHeaders = headers, PlainHead = MakeHead(headers) };
    }

    /// <summary>These settings, where the options say nothing else.</summary>
    /// <exception cref="ArgumentException">An option has a value that cannot be used.</exception>
    public MethodSettings With(MethodOptions options) => this with
    {
        MaxReceiveMessageSize = NotNegative(options.MaxReceiveMessageSize, nameof(options.MaxReceiveMessageSize)) ?? MaxReceiveMessageSize,
        MaxSendMessageSize = NotNegative(options.MaxSendMessageSize, nameof(options.MaxSendMessageSize)) ?? MaxSendMessageSize,
        ResponseCompression = options.ResponseCompressionAlgorithm is { } algorithm ? FindCompression(algorithm) : ResponseCompression,
        EnableDetailedErrors = options.EnableDetailedErrors ?? EnableDetailedErrors,
        Authorization = options.Authorization ?? Authorization,
    };

    private static ResponseHeadersWriter PlainHeaders { get; } = new(CompressionProviderSet.Default.AcceptEncoding);

    private static OutgoingHeaders MakeHead(ResponseHeadersWriter writer)
    {
        var headers = new OutgoingHeaders();
        writer.Write(headers, encoding: null, metadata: null);
        return headers;
    }

    private static int? NotNegative(int? value, string name) => value is null or >= 0
        ? value
        : throw new ArgumentException($"{name} is {value}; it must not be negative. Use int.MaxValue for no limit, or null for the server's.", name);

    private static ICompressionProvider? FindCompression(string algorithm) => algorithm == CompressionProviderSet.Identity
        ? null
        : CompressionProviderSet.Default.Find(Encoding.ASCII.GetBytes(algorithm))
            ?? throw new ArgumentException(
                $"'{algorithm}' is not a known response compression; known are {CompressionProviderSet.Default.AcceptEncoding}.");
}
