// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Protobuf.WellKnownTypes;

namespace Peregrine.Protobuf.Json;

/// <summary>The RFC 3339 text of timestamps in JSON: four-digit years 1 to 9999, 0, 3, 6 or 9 fraction digits, and Z.</summary>
internal static class TimestampText
{
    /// <summary>Room for the longest text: <c>9999-12-31T23:59:59.999999999Z</c>.</summary>
    public const int MaxLength = 30;

    private const int NanoDigits = 9;

    /// <summary>Writes the text of a normalized timestamp.</summary>
    /// <returns>The number of bytes written, or 0 when the timestamp is not normalized.</returns>
    public static int Format(long seconds, int nanos, Span<byte> destination)
    {
        if (!TimeRanges.IsTimestamp(seconds, nanos))
        {
            return 0;
        }

        DateTime time = new((seconds - TimeRanges.MinTimestampSeconds) * TimeSpan.TicksPerSecond, DateTimeKind.Utc);
        WriteDigits(destination, time.Year, 4);
        destination[4] = (byte)'-';
        WriteDigits(destination[5..], time.Month, 2);
        destination[7] = (byte)'-';
        WriteDigits(destination[8..], time.Day, 2);
        destination[10] = (byte)'T';
        WriteDigits(destination[11..], time.Hour, 2);
        destination[13] = (byte)':';
        WriteDigits(destination[14..], time.Minute, 2);
        destination[16] = (byte)':';
        WriteDigits(destination[17..], time.Second, 2);
        int length = 19 + WriteFraction(destination[19..], nanos);
        destination[length++] = (byte)'Z';
        return length;
    }

    /// <summary>Reads RFC 3339 text with any offset. Leap seconds are refused: the standard's minutes have 60 seconds.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long seconds, out int nanos)
    {
        seconds = 0;
        nanos = 0;
        if (text.Length < 20
            || !TryReadDigits(text[..4], out int year) || text[4] != '-'
            || !TryReadDigits(text[5..7], out int month) || text[7] != '-'
            || !TryReadDigits(text[8..10], out int day) || text[10] != 'T'
            || !TryReadDigits(text[11..13], out int hour) || text[13] != ':'
            || !TryReadDigits(text[14..16], out int minute) || text[16] != ':'
            || !TryReadDigits(text[17..19], out int second))
        {
            return false;
        }

        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        ReadOnlySpan<char> rest = text[19..];
        if (!TryReadFraction(ref rest, out nanos) || !TryReadOffset(rest, out int offset))
        {
            return false;
        }

        DateTime time = new(year, month, day, hour, minute, second, DateTimeKind.Utc);
        seconds = (time.Ticks / TimeSpan.TicksPerSecond) + TimeRanges.MinTimestampSeconds - offset;
        return TimeRanges.IsTimestamp(seconds, nanos);
    }

    /// <summary>Writes a dot and 3, 6 or 9 digits; nothing when there is no fraction.</summary>
    public static int WriteFraction(Span<byte> destination, int nanos)
    {
        if (nanos == 0)
        {
            return 0;
        }

        destination[0] = (byte)'.';
        (int value, int digits) = nanos % 1_000_000 == 0 ? (nanos / 1_000_000, 3)
            : nanos % 1_000 == 0 ? (nanos / 1_000, 6)
            : (nanos, NanoDigits);
        WriteDigits(destination[1..], value, digits);
        return 1 + digits;
    }

    /// <summary>Reads a dot and 1 to 9 digits, if there is a dot, as nanoseconds.</summary>
    public static bool TryReadFraction(ref ReadOnlySpan<char> text, out int nanos)
    {
        nanos = 0;
        if (text.IsEmpty || text[0] != '.')
        {
            return true;
        }

        int digits = 0;
        while (digits + 1 < text.Length && char.IsAsciiDigit(text[digits + 1]))
        {
            digits++;
            if (digits > NanoDigits)
            {
                return false;
            }

            nanos = (nanos * 10) + (text[digits] - '0');
        }

        if (digits == 0)
        {
            return false;
        }

        for (int i = digits; i < NanoDigits; i++)
        {
            nanos *= 10;
        }

        text = text[(1 + digits)..];
        return true;
    }

    private static bool TryReadOffset(ReadOnlySpan<char> text, out int seconds)
    {
        seconds = 0;
        if (text is "Z")
        {
            return true;
        }

        if (text.Length != 6 || text[0] is not ('+' or '-') || text[3] != ':'
            || !TryReadDigits(text[1..3], out int hours) || !TryReadDigits(text[4..6], out int minutes)
            || hours > 23 || minutes > 59)
        {
            return false;
        }

        seconds = ((hours * 60) + minutes) * 60;
        seconds = text[0] == '-' ? -seconds : seconds;
        return true;
    }

    private static bool TryReadDigits(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        foreach (char c in text)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }

            value = (value * 10) + (c - '0');
        }

        return true;
    }

    private static void WriteDigits(Span<byte> destination, int value, int count)
    {
        for (int i = count - 1; i >= 0; i--)
        {
            destination[i] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }
}
