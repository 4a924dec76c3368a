// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Text;
using Peregrine.Http2.Hpack;

namespace Peregrine.Protocol;

/// <summary>
/// The request headers of one call as the server reads them, in one pass and without copies: the list must stay until the call has
/// read its metadata. Metadata itself is made on first use, by <see cref="MetadataReader"/>.
/// </summary>
internal readonly struct RequestHeadersReader
{
    private const int Absent = -1;

    // RFC 3986 section 3.2 without user information; a percent sign occurs in the zone of an IPv6 address and in socket paths.
    private static readonly SearchValues<byte> AuthorityOctets =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:[]%*!$&'()+,;="u8);

    private readonly HeaderList _headers;
    private readonly int _encodingIndex;
    private readonly int _acceptEncodingIndex;
    private readonly int _hostIndex;
    private readonly int _otherFormatIndex;

    private RequestHeadersReader(
        HeaderList headers,
        TimeSpan timeout,
        bool hasTrailersAccepted,
        int encodingIndex,
        int acceptEncodingIndex,
        int hostIndex,
        int otherFormatIndex)
    {
        _headers = headers;
        _encodingIndex = encodingIndex;
        _acceptEncodingIndex = acceptEncodingIndex;
        _hostIndex = hostIndex;
        _otherFormatIndex = otherFormatIndex;
        Timeout = timeout;
        HasTrailersAccepted = hasTrailersAccepted;
    }

    /// <summary>The path, for the method table.</summary>
    public ReadOnlySpan<byte> Path => _headers[_headers.PathIndex].Value;

    /// <summary>The index of the path's field; its table entry can remember the method.</summary>
    public int PathIndex => _headers.PathIndex;

    /// <summary>The time the client gives; <see cref="TimeSpan.MaxValue"/> when it names none, zero when it is over.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>Whether <c>te: trailers</c> came. Its absence hints at a proxy that drops trailers; it is tolerated.</summary>
    public bool HasTrailersAccepted { get; }

    /// <summary>The encoding of compressed messages; empty when none is named.</summary>
    public ReadOnlySpan<byte> Encoding => ValueAt(_encodingIndex);

    /// <summary>The encodings the client accepts, comma-separated; empty when it names none.</summary>
    public ReadOnlySpan<byte> AcceptEncoding => ValueAt(_acceptEncodingIndex);

    /// <summary>The format of the messages, the content-subtype; empty for protobuf's binary one.</summary>
    public ReadOnlySpan<byte> ContentSubtype => _otherFormatIndex >= 0 ? ContentType.SubtypeOf(_headers[_otherFormatIndex].Value) : default;

    /// <summary>The host the client called: <c>:authority</c>, or else <c>host</c>.</summary>
    public string GetHost() => System.Text.Encoding.Latin1.GetString(
        _headers.AuthorityIndex >= 0 ? _headers[_headers.AuthorityIndex].Value : ValueAt(_hostIndex));

    /// <summary>The content-subtype as far as it can be read, for a status.</summary>
    public string GetContentSubtype() => Printable(ContentSubtype);

    /// <summary>The path as a string, for <see cref="ServerCallContext.Method"/>.</summary>
    public string GetPath() => System.Text.Encoding.Latin1.GetString(Path);

    /// <summary>
    /// The same request over a list of its own, of the fields that a handler may still ask for: host, accepted encodings, metadata. The
    /// path is not among them.
    /// </summary>
    /// <param name="retained">That list.</param>
    public RequestHeadersReader Retain(out HeaderList retained)
    {
        Span<int> places = _headers.Count <= 64 ? stackalloc int[64] : new int[_headers.Count];
        int count = 0, host = Absent, acceptEncoding = Absent;
        for (int i = 0; i < _headers.Count; i++)
        {
            if (i == _headers.AuthorityIndex || (i == _hostIndex && _headers.AuthorityIndex < 0))
            {
                host = count;
            }
            else if (i == _acceptEncodingIndex)
            {
                acceptEncoding = count;
            }
            else if (HeaderNames.IsReserved(_headers[i].Name))
            {
                continue;
            }

            places[count++] = i;
        }

        retained = _headers.Retain(places[..count]);
        return new RequestHeadersReader(retained, Timeout, HasTrailersAccepted, Absent, acceptEncoding, host, otherFormatIndex: Absent);
    }

    /// <summary>Reads and checks the headers of a request, before any interceptor sees it.</summary>
    /// <param name="headers">The received fields.</param>
    /// <param name="request">The request, when it is one.</param>
    /// <param name="rejection">What to answer otherwise.</param>
    /// <returns>Whether the request is a gRPC call.</returns>
    public static bool TryRead(HeaderList headers, out RequestHeadersReader request, out RequestRejection rejection)
    {
        request = default;
        int encoding = Absent, acceptEncoding = Absent, timeoutIndex = Absent, contentType = Absent, host = Absent, hosts = 0;
        int malformedBinary = Absent;
        bool trailersAccepted = false;
        ReadOnlySpan<HeaderField> fields = headers.Fields;
        for (int i = 0; i < fields.Length; i++)
        {
            ReadOnlySpan<byte> name = fields[i].Name;
            switch (name.Length)
            {
                case 2 when name.SequenceEqual(HeaderNames.TransferEncodings):
                    trailersAccepted = true; // another value than "trailers" is malformed and did not come this far
                    break;
                case 4 when name.SequenceEqual(HeaderNames.Host):
                    host = i;
                    hosts++;
                    break;
                case 12 when name.SequenceEqual(HeaderNames.ContentType):
                    contentType = i;
                    break;
                case 12 when name.SequenceEqual(HeaderNames.GrpcTimeout):
                    timeoutIndex = i;
                    break;
                case 13 when name.SequenceEqual(HeaderNames.GrpcEncoding):
                    encoding = i;
                    break;
                case 20 when name.SequenceEqual(HeaderNames.GrpcAcceptEncoding):
                    acceptEncoding = i;
                    break;
                default:
                    if (HeaderNames.IsBinary(name) && malformedBinary < 0 && !BinaryMetadata.IsValid(fields[i].Value))
                    {
                        malformedBinary = i;
                    }

                    break;
            }
        }

        // First what is not gRPC at all: plain HTTP answers.
        if (headers.IsTooLarge)
        {
            rejection = RequestRejection.Http(431, "The request headers are larger than this server accepts.");
            return false;
        }

        if (headers.MethodIndex < 0 || !headers[headers.MethodIndex].Value.SequenceEqual("POST"u8))
        {
            rejection = RequestRejection.Http(405, "This is a gRPC server: requests must use the method POST.");
            return false;
        }

        if (hosts > 1)
        {
            rejection = RequestRejection.Http(400, "The request has more than one host header.");
            return false;
        }

        ContentType.Kind kind = contentType < 0 ? ContentType.Kind.Other : ContentType.Classify(fields[contentType].Value);
        if (kind == ContentType.Kind.Other)
        {
            rejection = RequestRejection.Http(415, "This is a gRPC server: the content-type must be application/grpc.");
            return false;
        }

        // Then what a gRPC client should learn as a status.
        if (kind == ContentType.Kind.OtherFormat && ContentType.SubtypeOf(fields[contentType].Value).IsEmpty)
        {
            rejection = RequestRejection.Grpc(StatusCode.Unimplemented, "The content-type 'application/grpc+' names no message format behind the '+'.");
            return false;
        }

        if (headers.PathIndex < 0 || !IsCanonicalPath(headers[headers.PathIndex]))
        {
            rejection = RequestRejection.Grpc(
                StatusCode.Unimplemented,
                $"The path '{(headers.PathIndex < 0 ? "" : Printable(headers[headers.PathIndex].Value))}' is not of the form /package.Service/Method.");
            return false;
        }

        if (headers.SchemeIndex < 0 || !IsKnownScheme(headers[headers.SchemeIndex].Value))
        {
            rejection = RequestRejection.Grpc(StatusCode.Internal, "The :scheme of the request is neither http nor https.");
            return false;
        }

        if (headers.AuthorityIndex >= 0 && !IsPlausibleAuthority(headers[headers.AuthorityIndex].Value))
        {
            rejection = RequestRejection.Grpc(StatusCode.Internal, "The :authority of the request is malformed.");
            return false;
        }

        TimeSpan timeout = TimeSpan.MaxValue;
        if (timeoutIndex >= 0 && !GrpcTimeout.TryDecode(fields[timeoutIndex].Value.Trim(" \t"u8), out timeout))
        {
            rejection = RequestRejection.Grpc(
                StatusCode.Internal,
                $"The grpc-timeout '{Printable(fields[timeoutIndex].Value)}' is malformed: one to eight digits and one of H, M, S, m, u, n are expected.");
            return false;
        }

        if (malformedBinary >= 0)
        {
            rejection = new RequestRejection(
                200, MetadataReader.MalformedBinaryValue(System.Text.Encoding.ASCII.GetString(fields[malformedBinary].Name)));
            return false;
        }

        rejection = default;
        request = new RequestHeadersReader(
            headers, timeout, trailersAccepted, encoding, acceptEncoding, host, kind == ContentType.Kind.OtherFormat ? contentType : Absent);
        return true;
    }

    // A slash at the start, a service, a slash, a method; nothing a URL parser would rewrite (the CVE-2026-33186 class).
    private static bool IsCanonicalPath(in HeaderField field)
    {
        // A path that was resolved before was looked at before.
        if (field.Entry?.Memo is not null)
        {
            return true;
        }

        ReadOnlySpan<byte> path = field.Value;
        int method = path.LastIndexOf((byte)'/');
        return path.Length > 0 && path[0] == '/' && method > 1 && method < path.Length - 1
            && path.IndexOfAny("?#%\\ "u8) < 0 && path.IndexOf("//"u8) < 0
            && path.IndexOf("/./"u8) < 0 && path.IndexOf("/../"u8) < 0;
    }

    private static bool IsKnownScheme(ReadOnlySpan<byte> scheme) => scheme.SequenceEqual("http"u8) || scheme.SequenceEqual("https"u8);

    private static bool IsPlausibleAuthority(ReadOnlySpan<byte> authority) => authority.Length > 0 && !authority.ContainsAnyExcept(AuthorityOctets);

    // What the peer sent goes into a status only as far as it can be read, and not endlessly.
    private static string Printable(ReadOnlySpan<byte> value)
    {
        const int longest = 100;
        StringBuilder text = new();
        foreach (byte b in value[..Math.Min(value.Length, longest)])
        {
            text.Append(b is >= 0x20 and <= 0x7E ? (char)b : '?');
        }

        return value.Length > longest ? text.Append("...").ToString() : text.ToString();
    }

    private ReadOnlySpan<byte> ValueAt(int index) => index >= 0 ? _headers[index].Value.Trim(" \t"u8) : default;
}
