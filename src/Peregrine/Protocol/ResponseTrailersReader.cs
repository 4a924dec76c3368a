// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Http2.Hpack;

namespace Peregrine.Protocol;

/// <summary>Reads the block that ends a response: trailers, or the only header block of a Trailers-Only response.</summary>
internal static class ResponseTrailersReader
{
    /// <summary>
    /// Reads status and metadata. <c>grpc-status</c> wins over the HTTP status; without it, the HTTP status decides, and 200 means
    /// UNKNOWN. Metadata that cannot be read turns success into INTERNAL, but never replaces an error.
    /// </summary>
    /// <param name="headers">The block.</param>
    /// <param name="httpStatus">The HTTP status of the response: of this block, or of the headers before.</param>
    /// <param name="metadata">The trailing metadata.</param>
    /// <returns>How the call ended.</returns>
    public static Status Read(HeaderList headers, int httpStatus, out Metadata metadata)
    {
        bool readable = MetadataReader.TryRead(headers, out metadata, out string? malformedKey);
        int statusIndex = -1, messageIndex = -1;
        ReadOnlySpan<HeaderField> fields = headers.Fields;
        for (int i = 0; i < fields.Length; i++)
        {
            ReadOnlySpan<byte> name = fields[i].Name;
            if (name.Length == 11 && statusIndex < 0 && name.SequenceEqual(HeaderNames.GrpcStatus))
            {
                statusIndex = i;
            }
            else if (name.Length == 12 && messageIndex < 0 && name.SequenceEqual(HeaderNames.GrpcMessage))
            {
                messageIndex = i;
            }
        }

        if (statusIndex < 0)
        {
            return headers.IsTooLarge ? TooLarge() : WithoutStatus(httpStatus);
        }

        StatusCode code = ReadCode(fields[statusIndex].Value.Trim(" \t"u8));
        string detail = messageIndex < 0 ? "" : PercentEncoding.Decode(fields[messageIndex].Value);
        if (code != StatusCode.OK)
        {
            return new Status(code, detail);
        }

        return headers.IsTooLarge ? TooLarge()
            : readable ? new Status(StatusCode.OK, detail)
            : MetadataReader.MalformedBinaryValue(malformedKey!);
    }

    /// <summary>The status of a response that ended without <c>grpc-status</c>.</summary>
    public static Status WithoutStatus(int httpStatus) => httpStatus == 200
        ? new Status(StatusCode.Unknown, "The response ended without a grpc-status.")
        : new Status(
            StatusMapping.FromHttpStatus(httpStatus), $"The server answered with HTTP status {httpStatus} and no grpc-status.");

    private static Status TooLarge() =>
        new(StatusCode.ResourceExhausted, "The response trailers are larger than this client accepts.");

    // Decimal, 0 to 16; anything else is UNKNOWN.
    private static StatusCode ReadCode(ReadOnlySpan<byte> value)
    {
        if (value.Length is 0 or > 2 || value.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return StatusCode.Unknown;
        }

        int number = 0;
        foreach (byte digit in value)
        {
            number = (number * 10) + (digit - '0');
        }

        return StatusMapping.FromNumber(number);
    }
}
