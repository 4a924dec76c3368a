// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers.Text;
using Peregrine.Protobuf.WellKnownTypes;

namespace Peregrine.Protobuf.Json;

/// <summary>The text of durations in JSON: seconds with 0, 3, 6 or 9 fraction digits and the suffix <c>s</c>.</summary>
internal static class DurationText
{
    /// <summary>Room for the longest text: <c>-315576000000.999999999s</c>.</summary>
    public const int MaxLength = 24;

    /// <summary>Writes the text of a normalized duration.</summary>
    /// <returns>The number of bytes written, or 0 when the duration is not normalized.</returns>
    public static int Format(long seconds, int nanos, Span<byte> destination)
    {
        if (!TimeRanges.IsDuration(seconds, nanos))
        {
            return 0;
        }

        int length = 0;
        if (seconds < 0 || nanos < 0)
        {
            destination[length++] = (byte)'-';
        }

        Utf8Formatter.TryFormat(Math.Abs(seconds), destination[length..], out int digits);
        length += digits;
        length += TimestampText.WriteFraction(destination[length..], Math.Abs(nanos));
        destination[length++] = (byte)'s';
        return length;
    }

    /// <summary>Reads the text of a duration.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long seconds, out int nanos)
    {
        seconds = 0;
        nanos = 0;
        bool negative = text.StartsWith('-');
        if (negative)
        {
            text = text[1..];
        }

        int digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            seconds = (seconds * 10) + (text[digits++] - '0');
            if (seconds > TimeRanges.MaxDurationSeconds)
            {
                return false;
            }
        }

        text = text[digits..];
        if (digits == 0 || !TimestampText.TryReadFraction(ref text, out nanos) || text is not "s")
        {
            return false;
        }

        if (negative)
        {
            seconds = -seconds;
            nanos = -nanos;
        }

        return TimeRanges.IsDuration(seconds, nanos);
    }
}
