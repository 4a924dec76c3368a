// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers.Text;
using Peregrine.Http2.Hpack;

namespace Peregrine.Http2;

/// <summary>
/// What makes a header block malformed (RFC 9113 section 8). Each check returns null or the reason; the stream ends with
/// PROTOCOL_ERROR then (section 8.1.1), the connection goes on.
/// </summary>
internal static class HeaderRules
{
    public static string? CheckRequest(HeaderList list)
    {
        string? problem = CheckFields(list, isRequest: true);
        if (problem is not null || list.IsTooLarge)
        {
            return problem;
        }

        if (list.MethodIndex < 0)
        {
            return "the request has no :method";
        }

        // RFC 9113 section 8.5: CONNECT has neither :scheme nor :path, and needs :authority.
        if (list[list.MethodIndex].Value.SequenceEqual("CONNECT"u8))
        {
            return list.SchemeIndex >= 0 || list.PathIndex >= 0 || list.AuthorityIndex < 0
                ? "a CONNECT request has :authority alone"
                : null;
        }

        // RFC 9113 section 8.3.1: "All HTTP/2 requests MUST include exactly one valid value for the ":method", ":scheme", and ":path"
        // pseudo-header fields", and ":path" "MUST NOT be empty for http or https URIs".
        if (list.SchemeIndex < 0)
        {
            return "the request has no :scheme";
        }

        return list.PathIndex < 0 || list[list.PathIndex].Value.IsEmpty ? "the request has no :path" : null;
    }

    public static string? CheckResponse(HeaderList list)
    {
        string? problem = CheckFields(list, isRequest: false);
        if (problem is not null || (list.IsTooLarge && list.Status == 0))
        {
            return problem;
        }

        // RFC 9113 section 8.3.2: ":status" "MUST be included in all responses"; 101 is not used with HTTP/2 (section 8.6).
        return list.Status switch
        {
            0 => "the response has no valid :status",
            101 => "HTTP/2 has no status 101",
            _ => null,
        };
    }

    public static string? CheckTrailers(HeaderList list)
    {
        foreach (ref readonly HeaderField field in list.Fields)
        {
            // RFC 9113 section 8.1: "Trailers MUST NOT include pseudo-header fields".
            string? problem = field.IsPseudo ? "trailers hold a pseudo-header field" : CheckRegular(list, field);
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    private static string? CheckFields(HeaderList list, bool isRequest)
    {
        bool regularSeen = false;
        ReadOnlySpan<HeaderField> fields = list.Fields;
        for (int index = 0; index < fields.Length; index++)
        {
            ref readonly HeaderField field = ref fields[index];
            if (!field.IsPseudo)
            {
                regularSeen = true;
                if (CheckRegular(list, field) is { } problem)
                {
                    return problem;
                }

                continue;
            }

            // RFC 9113 section 8.3: "All pseudo-header fields MUST appear in a field block before all regular field lines", "the same
            // pseudo-header field name MUST NOT appear more than once", and none but the defined ones are allowed.
            if (regularSeen)
            {
                return "a pseudo-header field stands behind a regular one";
            }

            bool accepted = isRequest
                ? field.Kind switch
                {
                    HeaderKind.Method => (list.MethodIndex, list.MethodIndex = index).Item1 < 0,
                    HeaderKind.Path => (list.PathIndex, list.PathIndex = index).Item1 < 0,
                    HeaderKind.Scheme => (list.SchemeIndex, list.SchemeIndex = index).Item1 < 0,
                    HeaderKind.Authority => (list.AuthorityIndex, list.AuthorityIndex = index).Item1 < 0,
                    _ => false,
                }
                : field.Kind == HeaderKind.Status && list.Status == 0 && (list.Status = ParseStatus(field.Value)) != 0;
            if (!accepted)
            {
                return "a pseudo-header field is repeated, unknown, misplaced or has no valid value";
            }
        }

        return null;
    }

    private static string? CheckRegular(HeaderList list, in HeaderField field)
    {
        switch (field.Kind)
        {
            case HeaderKind.Malformed:
                return "a field has characters that HTTP/2 forbids in its name or value";

            // RFC 9113 section 8.2.2: "Any message containing connection-specific header fields MUST be treated as malformed".
            case HeaderKind.ConnectionSpecific:
                return "a field is specific to a connection of HTTP/1.1";
            case HeaderKind.ContentLength:
                if (!Utf8Parser.TryParse(field.Value, out long length, out int consumed)
                    || consumed != field.Value.Length
                    || field.Value[0] is < (byte)'0' or > (byte)'9'
                    || (list.ContentLength >= 0 && list.ContentLength != length))
                {
                    return "content-length is not a number or contradicts itself";
                }

                list.ContentLength = length;
                return null;
            default:
                return null;
        }
    }

    private static int ParseStatus(ReadOnlySpan<byte> value) =>
        value.Length == 3
        && value[0] is >= (byte)'1' and <= (byte)'9'
        && value[1] is >= (byte)'0' and <= (byte)'9'
        && value[2] is >= (byte)'0' and <= (byte)'9'
            ? ((value[0] - '0') * 100) + ((value[1] - '0') * 10) + (value[2] - '0')
            : 0;
}
