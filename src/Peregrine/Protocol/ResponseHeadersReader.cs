// SPDX-License-Identifier: Apache-2.0
using System;
using System.Text;
using Peregrine.Http2.Hpack;

namespace Peregrine.Protocol;

/// <summary>
/// The first header block of a response as the client reads it, in one pass and without copies. Trailers-Only responses are read by
/// <see cref="ResponseTrailersReader"/>; their metadata are trailers.
/// </summary>
internal readonly struct ResponseHeadersReader
{
    private readonly HeaderList _headers;
    private readonly int _encodingIndex;
    private readonly int _contentTypeIndex;
    private readonly string? _contentSubtype;

    /// <summary>Reads a block.</summary>
    /// <param name="headers">The received fields.</param>
    /// <param name="contentSubtype">The format in which the call was made; null for protobuf's binary one.</param>
    public ResponseHeadersReader(HeaderList headers, string? contentSubtype = null)
    {
        _headers = headers;
        _contentSubtype = contentSubtype;
        _encodingIndex = _contentTypeIndex = -1;
        ReadOnlySpan<HeaderField> fields = headers.Fields;
        for (int i = 0; i < fields.Length; i++)
        {
            ReadOnlySpan<byte> name = fields[i].Name;
            if (name.Length == 12 && name.SequenceEqual(HeaderNames.ContentType))
            {
                _contentTypeIndex = i;
            }
            else if (name.Length == 13 && name.SequenceEqual(HeaderNames.GrpcEncoding))
            {
                _encodingIndex = i;
            }
        }
    }

    /// <summary>The HTTP status.</summary>
    public int HttpStatus => _headers.Status;

    /// <summary>The encoding of compressed messages; empty when none is named.</summary>
    public ReadOnlySpan<byte> Encoding => _encodingIndex >= 0 ? _headers[_encodingIndex].Value.Trim(" \t"u8) : default;

    /// <summary>
    /// Whether this starts a gRPC response. If not, the call fails with <see cref="ToStatus"/>; the first bytes of the body
    /// may tell more.
    /// </summary>
    public bool IsGrpc => _headers.Status == 200 && !_headers.IsTooLarge && _contentTypeIndex >= 0
        && IsExpected(_headers[_contentTypeIndex].Value, _contentSubtype);

    /// <summary>Whether a content-type is gRPC's, in the format of the call. A plain one is taken for the call's format, as others do.</summary>
    public static bool IsExpected(ReadOnlySpan<byte> contentType, string? contentSubtype) => ContentType.Classify(contentType) switch
    {
        ContentType.Kind.Grpc => true,
        ContentType.Kind.OtherFormat => contentSubtype is not null && Ascii.EqualsIgnoreCase(ContentType.SubtypeOf(contentType), contentSubtype),
        _ => false,
    };

    /// <summary>The status of a response that is not gRPC.</summary>
    /// <param name="body">The start of the body as text; empty when there is none.</param>
    public Status ToStatus(string body)
    {
        if (_headers.IsTooLarge)
        {
            return new Status(StatusCode.ResourceExhausted, "The response headers are larger than this client accepts.");
        }

        string contentType = _contentTypeIndex < 0
            ? "no content-type"
            : $"content-type '{System.Text.Encoding.Latin1.GetString(_headers[_contentTypeIndex].Value)}'";
        string detail = $"The server did not answer with gRPC: HTTP status {_headers.Status}, {contentType}.";
        return new Status(
            StatusMapping.FromHttpStatus(_headers.Status), body.Length == 0 ? detail : $"{detail} The body starts: {body}");
    }
}
