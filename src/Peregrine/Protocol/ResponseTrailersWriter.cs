// SPDX-License-Identifier: Apache-2.0
using System;
using System.Globalization;
using System.Linq;
using Peregrine.Http2.Hpack;

namespace Peregrine.Protocol;

/// <summary>
/// Writes the status that ends a response: as trailers, or as the only header block when nothing was sent before.
/// <code>
/// Trailers      -> grpc-status [grpc-message] *Custom-Metadata
/// Trailers-Only -> :status content-type Trailers
/// </code>
/// </summary>
internal static class ResponseTrailersWriter
{
    /// <summary>The header list limit that most implementations have by default; long messages are kept below it.</summary>
    private const int UsualLimit = 8192;

    private static readonly HeaderTemplate[] StatusFields =
        [.. Enumerable.Range(0, 17).Select(code => new HeaderTemplate(
            "grpc-status", code.ToString(CultureInfo.InvariantCulture)))];

    /// <summary>
    /// Writes status, message and metadata, as much as the peer takes: a message that is too long is cut; when that does not
    /// suffice, metadata is left out, then the message. The status itself always goes.
    /// </summary>
    /// <param name="headers">Takes the fields; not cleared first.</param>
    /// <param name="status">The status.</param>
    /// <param name="metadata">The trailing metadata.</param>
    /// <param name="isTrailersOnly">Whether no headers were sent before.</param>
    /// <param name="maxHeaderListSize">The peer's SETTINGS_MAX_HEADER_LIST_SIZE.</param>
    /// <param name="extra">A further field for Trailers-Only responses, such as the accepted encodings; null for none.</param>
    /// <param name="content">The content-type of a Trailers-Only response; null for protobuf's binary format.</param>
    /// <returns>False when something had to be left out: worth a log entry.</returns>
    public static bool Write(
        OutgoingHeaders headers,
        Status status,
        Metadata? metadata,
        bool isTrailersOnly,
        long maxHeaderListSize,
        HeaderTemplate? extra = null,
        HeaderTemplate? content = null)
    {
        if (isTrailersOnly)
        {
            headers.Add(ResponseHeadersWriter.StatusOk);
            headers.Add(content ?? ResponseHeadersWriter.GrpcContent);
            if (extra is not null)
            {
                headers.Add(extra);
            }
        }

        headers.Add(StatusFields[(int)StatusMapping.FromNumber((int)status.StatusCode)]);
        long metadataSize = MetadataWriter.SizeOf(metadata);
        long messageOverhead = HeaderNames.GrpcMessage.Length + 32;
        bool metadataFits = headers.Size + metadataSize <= maxHeaderListSize;
        bool isComplete = metadataFits;
        if (status.Detail.Length > 0)
        {
            // The usual limit counts for the message alone: cutting metadata that nobody asked to be cut would lose data.
            long room = Math.Min(maxHeaderListSize, Math.Max(UsualLimit, headers.Size + metadataSize + messageOverhead))
                - headers.Size - messageOverhead - (metadataFits ? metadataSize : 0);
            byte[] message = room > 0 ? PercentEncoding.Encode(status.Detail, (int)Math.Min(room, int.MaxValue)) : [];
            isComplete &= message.Length >= status.Detail.Length;
            if (message.Length > 0)
            {
                headers.Add(HeaderNames.GrpcMessage, message);
            }
        }

        if (metadataFits)
        {
            MetadataWriter.Write(headers, metadata);
        }

        return isComplete;
    }
}
