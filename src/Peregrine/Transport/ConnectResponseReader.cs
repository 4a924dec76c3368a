// SPDX-License-Identifier: Apache-2.0
using System;
using System.Globalization;

namespace Peregrine.Transport;

/// <summary>
/// Reads the heads of a proxy's responses to CONNECT, up to the final one, in pieces of any size (RFC 9112). It takes nothing behind it:
/// those bytes are the tunnel's. Not safe for concurrent use.
/// </summary>
internal sealed class ConnectResponseReader
{
    // What servers and proxies send at most, all fields together.
    internal const int MaxLength = 16 * 1024;
    private const int MaxShownLength = 200;

    private static ReadOnlySpan<byte> Protocol => "HTTP/1."u8;

    private readonly byte[] _head = new byte[MaxLength];
    private int _length;

    /// <summary>Whether the final head is there.</summary>
    internal bool IsComplete { get; private set; }

    /// <summary>Whether what came cannot become a head: it is not HTTP/1, or too long.</summary>
    internal bool IsMalformed { get; private set; }

    /// <summary>The status of the final head, 200 to 599 and beyond.</summary>
    internal int Status { get; private set; }

    /// <summary>The first line, shortened and without what could disturb a terminal.</summary>
    internal string StatusLine { get; private set; } = "";

    /// <summary>Takes bytes of the head; all of them, unless it is <see cref="IsComplete"/> or <see cref="IsMalformed"/> before their end.</summary>
    /// <returns>How many belong to the head.</returns>
    internal int Read(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (_length == MaxLength)
            {
                EndMalformed();
                return i;
            }

            if (Status == 0 && _length < Protocol.Length && bytes[i] != Protocol[_length])
            {
                // No newline need come of a peer that speaks something else.
                _head[_length++] = bytes[i];
                EndMalformed();
                return i + 1;
            }

            _head[_length++] = bytes[i];
            if (bytes[i] == '\n' && EndLine())
            {
                return i + 1;
            }
        }

        return bytes.Length;
    }

    // True: nothing more is to be read. A line may end without CR (RFC 9112 section 2.2); an empty one ends the head.
    private bool EndLine()
    {
        var head = _head.AsSpan(0, _length);
        if (Status == 0 && !TryReadStatusLine(head))
        {
            EndMalformed();
            return true;
        }

        if (!head.EndsWith("\n\r\n"u8) && !head.EndsWith("\n\n"u8))
        {
            return false;
        }

        // RFC 9110 section 15.2: interim responses may precede the final one.
        if (Status < 200)
        {
            Status = 0;
            head.Clear();
            _length = 0;
            return false;
        }

        IsComplete = true;
        return true;
    }

    // HTTP/1.1 SP 3DIGIT SP reason
    private bool TryReadStatusLine(ReadOnlySpan<byte> line)
    {
        StatusLine = Shown(line);
        if (line.Length < 13
            || line[8] != ' '
            || !int.TryParse(line[9..12], NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            || status < 100
            || line[12] is not ((byte)' ' or (byte)'\r' or (byte)'\n'))
        {
            return false;
        }

        Status = status;
        return true;
    }

    private void EndMalformed()
    {
        IsMalformed = true;
        if (StatusLine.Length == 0)
        {
            StatusLine = Shown(_head.AsSpan(0, _length));
        }
    }

    private static string Shown(ReadOnlySpan<byte> line) =>
        string.Create(Math.Min(line.TrimEnd("\r\n"u8).Length, MaxShownLength), line, static (text, bytes) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = bytes[i] is >= 0x20 and < 0x7F ? (char)bytes[i] : '?';
            }
        });
}
