// SPDX-License-Identifier: Apache-2.0

using System;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Peregrine.Http2;
using Peregrine.Http2.Hpack;

namespace Peregrine.Cli.Bench;

/// <summary>The status of a call that is made without the client, by the tables of gRPC over HTTP/2.</summary>
internal static class RawStatus
{
    /// <summary>What a header list says: trailers, or a head that is all there is.</summary>
    /// <param name="headers">The list.</param>
    /// <param name="detail">What it says more.</param>
    public static StatusCode Of(HeaderList headers, out string? detail)
    {
        detail = null;
        foreach (ref readonly var field in headers.Fields)
        {
            if (field.Name.SequenceEqual("grpc-status"u8))
            {
                if (!Utf8Parser.TryParse(field.Value, out int code, out var length) || length != field.Value.Length)
                {
                    break;
                }

                if (code is < (int)StatusCode.OK or > (int)StatusCode.Unauthenticated)
                {
                    // The exit code, and what is kept of each status, must not be the server's choice.
                    detail = string.Create(CultureInfo.InvariantCulture, $"The server ended the call with grpc-status {code}, which gRPC does not have.");
                    return StatusCode.Unknown;
                }

                detail = code == 0 ? null : MessageOf(headers);
                return (StatusCode)code;
            }
        }

        detail = "The server ended the call without grpc-status.";
        return StatusCode.Unknown;
    }

    /// <summary>What the status code of HTTP means for a call.</summary>
    public static StatusCode OfHttp(int status) => status switch
    {
        400 => StatusCode.Internal,
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 => StatusCode.Unimplemented,
        429 or 502 or 503 or 504 => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };

    /// <summary>What the end of a stream, or of its connection, means for a call.</summary>
    public static StatusCode Of(in Http2Error error) => error.Scope == Http2ErrorScope.Connection ? StatusCode.Unavailable : error.Code switch
    {
        Http2ErrorCode.RefusedStream => StatusCode.Unavailable,
        Http2ErrorCode.Cancel => StatusCode.Cancelled,
        Http2ErrorCode.EnhanceYourCalm => StatusCode.ResourceExhausted,
        Http2ErrorCode.InadequateSecurity => StatusCode.PermissionDenied,
        _ => StatusCode.Internal,
    };

    /// <summary>What a head says that is none of gRPC's.</summary>
    public static string HttpDetail(int status) => string.Create(CultureInfo.InvariantCulture, $"The server answered with HTTP status {status}.");

    // Percent-encoded, as gRPC has it.
    private static string? MessageOf(HeaderList headers)
    {
        foreach (ref readonly var field in headers.Fields)
        {
            if (field.Name.SequenceEqual("grpc-message"u8))
            {
                return Uri.UnescapeDataString(Encoding.Latin1.GetString(field.Value));
            }
        }

        return null;
    }
}
