// SPDX-License-Identifier: Apache-2.0
using System;
using System.Text;

namespace Peregrine.Transport;

/// <summary>
/// Recognizes what else than HTTP/2 reaches a plaintext port, and answers it in a way that its sender understands.
/// </summary>
internal static class ForeignProtocol
{
    /// <summary>What first bytes look like.</summary>
    public enum Kind
    {
        /// <summary>None of those below.</summary>
        Unknown,

        /// <summary>The beginning of one of those below; more bytes decide.</summary>
        Undecided,

        /// <summary>A TLS ClientHello.</summary>
        Tls,

        /// <summary>An HTTP/1.x request line.</summary>
        Http1,
    }

    // The length of a request line that servers have to take (RFC 9112 section 3); no more is collected before it is refused.
    private const int MaxRequestLine = 8000;

    /// <summary>The answer to an HTTP/1.x request.</summary>
    public static ReadOnlyMemory<byte> Http1Answer { get; } = MakeHttp1Answer();

    /// <summary>Classifies the bytes that stand where the preface of RFC 9113 section 3.4 should.</summary>
    public static Kind Classify(ReadOnlySpan<byte> bytes)
    {
        // TLS record: type handshake (22), version 3.x, length.
        if (bytes is [22] or [22, 3, ..])
        {
            return bytes.Length >= 3 ? Kind.Tls : Kind.Undecided;
        }

        // METHOD SP target SP HTTP/1.x CRLF
        var lineEnd = bytes.IndexOf((byte)'\n');
        if (lineEnd < 0)
        {
            return MayBecomeRequestLine(bytes) ? Kind.Undecided : Kind.Unknown;
        }

        var line = bytes[..lineEnd].TrimEnd((byte)'\r');
        var methodEnd = line.IndexOf((byte)' ');
        var versionStart = line.LastIndexOf((byte)' ');
        return methodEnd > 0 && versionStart > methodEnd + 1
            && line[..methodEnd].IndexOfAnyExceptInRange((byte)'A', (byte)'Z') < 0
            && line[(versionStart + 1)..] is [(byte)'H', (byte)'T', (byte)'T', (byte)'P', (byte)'/', (byte)'1', (byte)'.', _]
            ? Kind.Http1
            : Kind.Unknown;
    }

    private static bool MayBecomeRequestLine(ReadOnlySpan<byte> bytes)
    {
        var methodLength = bytes.IndexOfAnyExceptInRange((byte)'A', (byte)'Z');
        return bytes.Length < MaxRequestLine
            && (methodLength < 0 || (methodLength > 0 && bytes[methodLength] == ' ' && bytes.IndexOfAnyInRange((byte)0, (byte)12) < 0));
    }

    private static byte[] MakeHttp1Answer()
    {
        const string body = "This port speaks gRPC over HTTP/2 without TLS (\"prior knowledge\"); HTTP/1.x is not served here.\n";
        return Encoding.ASCII.GetBytes(
            $"HTTP/1.1 505 HTTP Version Not Supported\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");
    }
}
