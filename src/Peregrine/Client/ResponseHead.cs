// SPDX-License-Identifier: Apache-2.0
using System;
using System.Text;
using Peregrine.Compression;
using Peregrine.Http2.Hpack;
using Peregrine.Protocol;

namespace Peregrine.Client;

/// <summary>The response headers, read once: whether they are gRPC's, their metadata, how messages are compressed. Immutable.</summary>
internal readonly struct ResponseHead
{
    private readonly ResponseHeadersReader _reader;
    private readonly HeaderList _headers;
    private readonly string? _contentSubtype;

    internal ResponseHead(HeaderList headers, CompressionProviderSet providers, string? contentSubtype)
    {
        _headers = headers;
        _contentSubtype = contentSubtype;
        _reader = new ResponseHeadersReader(headers, contentSubtype);
        var encoding = _reader.Encoding;
        HasEncoding = !CompressionProviderSet.IsIdentity(encoding);
        Compression = HasEncoding ? providers.Find(encoding) : null;
    }

    /// <summary>Whether this begins a gRPC response.</summary>
    internal bool IsGrpc => _reader.IsGrpc;

    /// <summary>Whether the headers exceeded what this client accepts, and were cut.</summary>
    internal bool IsTooLarge => _headers.IsTooLarge;

    /// <summary>Whether the content type is gRPC's, whatever the HTTP status.</summary>
    internal bool IsGrpcContent
    {
        get
        {
            foreach (ref readonly var one in _headers.Fields)
            {
                if (one.Name.SequenceEqual(HeaderNames.ContentType))
                {
                    return ResponseHeadersReader.IsExpected(one.Value, _contentSubtype);
                }
            }

            return false;
        }
    }

    /// <summary>Whether messages may be compressed.</summary>
    internal bool HasEncoding { get; }

    /// <summary>How to decompress messages; null when they are not compressed, or in an encoding that nobody offered.</summary>
    internal ICompressionProvider? Compression { get; }

    /// <summary>The name of the encoding, for messages.</summary>
    internal string EncodingName => Encoding.Latin1.GetString(_reader.Encoding);

    /// <summary>The metadata in the headers.</summary>
    /// <returns>False when a binary value is malformed: <paramref name="failure"/> then says which.</returns>
    internal bool TryReadMetadata(out Metadata metadata, out Status failure)
    {
        var readable = MetadataReader.TryRead(_headers, out metadata, out var malformed);
        failure = readable ? default : MetadataReader.MalformedBinaryValue(malformed!);
        return readable;
    }

    /// <summary>The status of a response that is not gRPC, with the start of its body as printable text.</summary>
    internal Status ToForeignStatus(ReadOnlySpan<byte> body)
    {
        var text = new StringBuilder(body.Length);
        foreach (var rune in Encoding.UTF8.GetString(body).EnumerateRunes())
        {
            _ = text.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return _reader.ToStatus(text.ToString().Trim());
    }

    internal static bool HasGrpcStatus(HeaderList headers)
    {
        foreach (ref readonly var field in headers.Fields)
        {
            if (field.Name.SequenceEqual(HeaderNames.GrpcStatus))
            {
                return true;
            }
        }

        return false;
    }
}
