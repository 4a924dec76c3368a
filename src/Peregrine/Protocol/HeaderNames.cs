// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protocol;

/// <summary>The header names of gRPC over HTTP/2, and which of them belong to the library alone.</summary>
internal static class HeaderNames
{
    public static ReadOnlySpan<byte> GrpcTimeout => "grpc-timeout"u8;

    public static ReadOnlySpan<byte> GrpcEncoding => "grpc-encoding"u8;

    public static ReadOnlySpan<byte> GrpcAcceptEncoding => "grpc-accept-encoding"u8;

    public static ReadOnlySpan<byte> GrpcStatus => "grpc-status"u8;

    public static ReadOnlySpan<byte> GrpcMessage => "grpc-message"u8;

    public static ReadOnlySpan<byte> GrpcMessageType => "grpc-message-type"u8;

    public static ReadOnlySpan<byte> ContentType => "content-type"u8;

    public static ReadOnlySpan<byte> UserAgent => "user-agent"u8;

    public static ReadOnlySpan<byte> TransferEncodings => "te"u8;

    public static ReadOnlySpan<byte> Host => "host"u8;

    /// <summary>The key of <c>google.rpc.Status</c> in trailers. Not reserved: applications read it.</summary>
    public const string StatusDetails = "grpc-status-details-bin";

    /// <summary>The key by which existing C# code asks for the compression of a call's requests. It stays in the process.</summary>
    public const string RequestEncoding = "grpc-internal-encoding-request";

    /// <summary>
    /// Whether a name is never sent from, nor shown in, user metadata. Other <c>grpc-*</c> names pass through: details, tracing and
    /// retry push-back are read by applications. Connection headers are illegal in HTTP/2 (RFC 9113 section 8.2.2), and a user's
    /// <c>host</c> or <c>content-length</c> would contradict the library's own fields.
    /// </summary>
    public static bool IsReserved(ReadOnlySpan<byte> name) => name.IsEmpty || name[0] == ':' || name.Length switch
    {
        2 => name.SequenceEqual(TransferEncodings),
        4 => name.SequenceEqual(Host),
        7 => name.SequenceEqual("upgrade"u8),
        10 => name.SequenceEqual(UserAgent) || name.SequenceEqual("connection"u8) || name.SequenceEqual("keep-alive"u8),
        11 => name.SequenceEqual(GrpcStatus),
        12 => name.SequenceEqual(ContentType) || name.SequenceEqual(GrpcTimeout) || name.SequenceEqual(GrpcMessage),
        13 => name.SequenceEqual(GrpcEncoding),
        14 => name.SequenceEqual("content-length"u8),
        16 => name.SequenceEqual("proxy-connection"u8),
        17 => name.SequenceEqual(GrpcMessageType) || name.SequenceEqual("transfer-encoding"u8),
        20 => name.SequenceEqual(GrpcAcceptEncoding),
        30 => name.SequenceEqual("grpc-internal-encoding-request"u8),
        _ => false,
    };

    /// <summary>Whether the value is base64.</summary>
    public static bool IsBinary(ReadOnlySpan<byte> name) => name.EndsWith("-bin"u8);
}
