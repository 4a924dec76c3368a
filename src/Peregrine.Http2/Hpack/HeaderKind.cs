// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;

namespace Peregrine.Http2.Hpack;

/// <summary>What the rules of RFC 9113 section 8 need to know of a field, found once for a table entry and once for a literal.</summary>
internal enum HeaderKind : byte
{
    Regular,
    Method,
    Path,
    Scheme,
    Authority,
    Status,
    UnknownPseudo,
    Host,
    ContentLength,
    TransferEncodingTrailers,
    ConnectionSpecific,
    Malformed,
}

/// <summary>Sorts fields into <see cref="HeaderKind"/>.</summary>
internal static class HeaderKinds
{
    // RFC 9113 section 8.2.1: "A field name MUST NOT contain characters in the ranges 0x00-0x20, 0x41-0x5a, or 0x7f-0xff (all ranges
    // inclusive)" and no colon but the one that starts a pseudo-header field.
    private static readonly SearchValues<byte> NameOctets = SearchValues.Create(AllowedNameOctets());

    // RFC 9113 section 8.2.1: "A field value MUST NOT contain the zero value (0x00), line feed (0x0a), or carriage return (0x0d)".
    private static readonly SearchValues<byte> ForbiddenValueOctets = SearchValues.Create([0x00, 0x0a, 0x0d]);

    public static bool IsValidName(ReadOnlySpan<byte> name)
    {
        if (name.Length > 0 && name[0] == (byte)':')
        {
            name = name[1..];
        }

        return name.Length > 0 && !name.ContainsAnyExcept(NameOctets);
    }

    public static bool IsValidValue(ReadOnlySpan<byte> value) => !value.ContainsAny(ForbiddenValueOctets);

    public static HeaderKind Classify(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!IsValidName(name) || !IsValidValue(value))
        {
            return HeaderKind.Malformed;
        }

        if (name[0] == (byte)':')
        {
            return name.Length switch
            {
                5 when name.SequenceEqual(":path"u8) => HeaderKind.Path,
                7 when name.SequenceEqual(":method"u8) => HeaderKind.Method,
                7 when name.SequenceEqual(":scheme"u8) => HeaderKind.Scheme,
                7 when name.SequenceEqual(":status"u8) => HeaderKind.Status,
                10 when name.SequenceEqual(":authority"u8) => HeaderKind.Authority,
                _ => HeaderKind.UnknownPseudo,
            };
        }

        // RFC 9113 section 8.2.2 lists the connection-specific fields; TE may be there with the value "trailers" alone.
        return name.Length switch
        {
            2 when name.SequenceEqual("te"u8) =>
                value.SequenceEqual("trailers"u8) ? HeaderKind.TransferEncodingTrailers : HeaderKind.ConnectionSpecific,
            4 when name.SequenceEqual("host"u8) => HeaderKind.Host,
            7 when name.SequenceEqual("upgrade"u8) => HeaderKind.ConnectionSpecific,
            10 when name.SequenceEqual("connection"u8) || name.SequenceEqual("keep-alive"u8) => HeaderKind.ConnectionSpecific,
            14 when name.SequenceEqual("content-length"u8) => HeaderKind.ContentLength,
            16 when name.SequenceEqual("proxy-connection"u8) => HeaderKind.ConnectionSpecific,
            17 when name.SequenceEqual("transfer-encoding"u8) => HeaderKind.ConnectionSpecific,
            _ => HeaderKind.Regular,
        };
    }

    private static byte[] AllowedNameOctets()
    {
        byte[] octets = new byte[256];
        int count = 0;
        for (int octet = 0x21; octet < 0x7f; octet++)
        {
            if (octet is not ((>= 'A' and <= 'Z') or ':'))
            {
                octets[count++] = (byte)octet;
            }
        }

        return octets[..count];
    }
}
