// SPDX-License-Identifier: Apache-2.0
using System;
using System.Text;
using Peregrine.Http2.Hpack;

namespace Peregrine.Protocol;

/// <summary>
/// Writes the request headers of the calls of one channel. What is the same for all calls is prepared once. Immutable.
/// <code>
/// Request-Headers -> Call-Definition *Custom-Metadata
/// Call-Definition -> :method :scheme :path :authority [grpc-timeout] te content-type [grpc-encoding] [grpc-accept-encoding] [user-agent]
/// </code>
/// </summary>
internal sealed class RequestHeadersWriter
{
    private static readonly HeaderTemplate MethodPost = new(":method", "POST");
    private static readonly HeaderTemplate SchemeHttp = new(":scheme", "http");
    private static readonly HeaderTemplate SchemeHttps = new(":scheme", "https");
    private static readonly HeaderTemplate TrailersAccepted = new("te", "trailers");
    private static readonly HeaderTemplate GrpcContent = new("content-type", ContentType.Grpc);

    private readonly HeaderTemplate _scheme;
    private readonly HeaderTemplate _authority;
    private readonly HeaderTemplate _userAgent;
    private readonly HeaderTemplate _acceptEncoding;

    /// <summary>Prepares the constant fields.</summary>
    /// <param name="isTransportSecure">Whether the scheme is https.</param>
    /// <param name="authority">The authority of calls that name none.</param>
    /// <param name="userAgent">The product of this library, an application's in front of it.</param>
    /// <param name="acceptEncoding">Every encoding that responses may use, comma-separated.</param>
    public RequestHeadersWriter(bool isTransportSecure, string authority, string userAgent, string acceptEncoding)
    {
        _scheme = isTransportSecure ? SchemeHttps : SchemeHttp;
        _authority = new HeaderTemplate(":authority", authority);
        _userAgent = new HeaderTemplate("user-agent", userAgent);
        _acceptEncoding = new HeaderTemplate("grpc-accept-encoding", acceptEncoding);
    }

    /// <summary>Prepares the path of a method; make it once per method and channel.</summary>
    public static HeaderTemplate CreatePath(IMethod method) => new(":path", method.FullName);

    /// <summary>Prepares the content-type of a message format; make it once per format and channel.</summary>
    /// <param name="subtype">The content-subtype.</param>
    public static HeaderTemplate CreateContentType(string subtype) => new("content-type", ContentType.Of(subtype));

    /// <summary>Writes the headers of one call.</summary>
    /// <param name="headers">Takes the fields; not cleared first.</param>
    /// <param name="path">From <see cref="CreatePath"/>.</param>
    /// <param name="host">The authority of this call; null for the channel's.</param>
    /// <param name="timeout">What is left until the deadline; <see cref="TimeSpan.MaxValue"/> for none. More than zero.</param>
    /// <param name="encoding">The encoding of compressed request messages; null for none.</param>
    /// <param name="metadata">The caller's metadata.</param>
    /// <param name="credentials">The metadata of call credentials.</param>
    /// <param name="contentType">From <see cref="CreateContentType"/>; null for protobuf's binary format.</param>
    public void Write(
        OutgoingHeaders headers,
        HeaderTemplate path,
        string? host,
        TimeSpan timeout,
        string? encoding,
        Metadata? metadata,
        Metadata? credentials,
        HeaderTemplate? contentType = null)
    {
        headers.Add(MethodPost);
        headers.Add(_scheme);
        headers.Add(path);
        if (host is null)
        {
            headers.Add(_authority);
        }
        else
        {
            headers.Add(":authority"u8, Encoding.Latin1.GetBytes(host));
        }

        if (timeout != TimeSpan.MaxValue)
        {
            Span<byte> value = stackalloc byte[GrpcTimeout.MaxLength];
            headers.Add(HeaderNames.GrpcTimeout, value[..GrpcTimeout.Encode(timeout, value)]);
        }

        headers.Add(TrailersAccepted);
        headers.Add(contentType ?? GrpcContent);
        if (encoding is not null)
        {
            headers.Add(HeaderNames.GrpcEncoding, Encoding.ASCII.GetBytes(encoding), HeaderIndexing.Incremental);
        }

        headers.Add(_acceptEncoding);
        headers.Add(_userAgent);
        MetadataWriter.Write(headers, metadata);
        MetadataWriter.Write(headers, credentials);
    }
}
