// SPDX-License-Identifier: Apache-2.0
using System;
using System.Text;

namespace Peregrine.Protocol;

/// <summary>What a <c>content-type</c> means (gRPC PROTOCOL-HTTP2, "Content-Type").</summary>
internal static class ContentType
{
    /// <summary>What this library sends.</summary>
    public const string Grpc = "application/grpc";

    /// <summary>The kinds a server and a client tell apart.</summary>
    internal enum Kind : byte
    {
        /// <summary>Not gRPC: the server answers 415, the client maps the HTTP status.</summary>
        Other,

        /// <summary>gRPC with protobuf messages, said or by default.</summary>
        Grpc,

        /// <summary>gRPC with messages in a format this library does not speak: <c>+foo</c>.</summary>
        UnknownFormat,
    }

    /// <summary>
    /// Classifies a value: <c>application/grpc</c>, then the end, <c>+</c> or <c>;</c>. So <c>application/grpc-web</c> is not gRPC.
    /// Media types are case-insensitive (RFC 9110 section 8.3.1).
    /// </summary>
    public static Kind Classify(ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> type = value;
        int parameters = type.IndexOf((byte)';');
        if (parameters >= 0)
        {
            type = type[..parameters];
        }

        type = type.Trim(" \t"u8);
        if (type.Length < Grpc.Length || !Ascii.EqualsIgnoreCase(type[..Grpc.Length], Grpc))
        {
            return Kind.Other;
        }

        ReadOnlySpan<byte> format = type[Grpc.Length..];
        return format.IsEmpty || Ascii.EqualsIgnoreCase(format, "+proto") ? Kind.Grpc
            : format[0] == '+' ? Kind.UnknownFormat
            : Kind.Other;
    }
}
