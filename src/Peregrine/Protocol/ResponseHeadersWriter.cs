// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Peregrine.Http2.Hpack;

namespace Peregrine.Protocol;

/// <summary>
/// Writes the headers of responses. What is the same for all calls is prepared once. Immutable.
/// <code>Response-Headers -> :status content-type [grpc-encoding] [grpc-accept-encoding] *Custom-Metadata</code>
/// </summary>
internal sealed class ResponseHeadersWriter
{
    internal static readonly HeaderTemplate StatusOk = new(":status", "200");
    internal static readonly HeaderTemplate GrpcContent = new("content-type", ContentType.Grpc);

    private readonly HeaderTemplate _acceptEncoding;

    /// <summary>Prepares the constant fields.</summary>
    /// <param name="acceptEncoding">Every encoding that requests may use, comma-separated.</param>
    /// <param name="contentSubtype">The format of the messages; null for protobuf's binary one.</param>
    public ResponseHeadersWriter(string acceptEncoding, string? contentSubtype = null)
    {
        _acceptEncoding = new HeaderTemplate("grpc-accept-encoding", acceptEncoding);
        Content = contentSubtype is null ? GrpcContent : new HeaderTemplate("content-type", ContentType.Of(contentSubtype));
    }

    /// <summary>The content-type; also for Trailers-Only answers.</summary>
    public HeaderTemplate Content { get; }

    /// <summary>The field that tells which encodings requests may use; also for Trailers-Only answers to an unknown one.</summary>
    public HeaderTemplate AcceptEncoding => _acceptEncoding;

    /// <summary>Writes the headers of one response.</summary>
    /// <param name="headers">Takes the fields; not cleared first.</param>
    /// <param name="encoding">The encoding of compressed messages; null for none.</param>
    /// <param name="metadata">The handler's metadata.</param>
    public void Write(OutgoingHeaders headers, string? encoding, Metadata? metadata)
    {
        headers.Add(StatusOk);
        headers.Add(Content);
        if (encoding is not null)
        {
            headers.Add(HeaderNames.GrpcEncoding, Encoding.ASCII.GetBytes(encoding), HeaderIndexing.Incremental);
        }

        headers.Add(_acceptEncoding);
        MetadataWriter.Write(headers, metadata);
    }
}
