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

        /// <summary>gRPC with messages in another format: <c>+foo</c>; see <see cref="SubtypeOf"/>.</summary>
        OtherFormat,
    }

    /// <summary>
    /// Classifies a value: <c>application/grpc</c>, then the end, <c>+</c> or <c>;</c>. So <c>application/grpc-web</c> is not gRPC.
    /// Media types are case-insensitive (RFC 9110 section 8.3.1).
    /// </summary>
    public static Kind Classify(ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> type = WithoutParameters(value);
        if (type.Length < Grpc.Length || !Ascii.EqualsIgnoreCase(type[..Grpc.Length], Grpc))
        {
            return Kind.Other;
        }

        ReadOnlySpan<byte> format = type[Grpc.Length..];
        return format.IsEmpty || Ascii.EqualsIgnoreCase(format, "+proto") ? Kind.Grpc
            : format[0] == '+' ? Kind.OtherFormat
            : Kind.Other;
    }

    /// <summary>The content-subtype of an <see cref="Kind.OtherFormat"/>: what stands behind the <c>+</c>.</summary>
    public static ReadOnlySpan<byte> SubtypeOf(ReadOnlySpan<byte> value) => WithoutParameters(value)[(Grpc.Length + 1)..];

    /// <summary>The content-subtype of a gRPC <c>content-type</c> as <see cref="Of"/> takes it; null for protobuf's binary one, and for all else.</summary>
    public static string? FindSubtype(ReadOnlySpan<byte> value) => Classify(value) == Kind.OtherFormat ? ReadSubtype(SubtypeOf(value)) : null;

    /// <summary>A content-subtype of the wire in lower case; null when it is none that a program could name.</summary>
    public static string? ReadSubtype(ReadOnlySpan<byte> subtype)
    {
        foreach (byte b in subtype)
        {
            if (!IsOfSubtype((char)b))
            {
                return null;
            }
        }

        return subtype.IsEmpty ? null : Encoding.ASCII.GetString(subtype).ToLowerInvariant();
    }

    /// <summary>The value for messages of a format; null for protobuf's binary one.</summary>
    public static string Of(string? subtype) => subtype is null ? Grpc : $"{Grpc}+{subtype}";

    /// <summary>Checks a content-subtype that a program names.</summary>
    /// <returns>In lower case; null for <c>proto</c>, which is what a plain <c>application/grpc</c> means.</returns>
    /// <exception cref="ArgumentException">It has other characters than letters, digits and <c>.</c>, <c>-</c>, <c>_</c>.</exception>
    public static string? CheckSubtype(string subtype, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(subtype, parameter);
        foreach (char c in subtype)
        {
            if (!IsOfSubtype(c))
            {
                throw new ArgumentException(
                    $"'{subtype}' is not a content-subtype: letters, digits, '.', '-' and '_' are expected, without \"application/grpc+\".", parameter);
            }
        }

        string lower = subtype.ToLowerInvariant();
        return lower == "proto" ? null : lower;
    }

    private static bool IsOfSubtype(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_';

    private static ReadOnlySpan<byte> WithoutParameters(ReadOnlySpan<byte> value)
    {
        int parameters = value.IndexOf((byte)';');
        return (parameters >= 0 ? value[..parameters] : value).Trim(" \t"u8);
    }
}
