// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers.Text;

namespace Peregrine.Protocol;

/// <summary>
/// The value of <c>grpc-timeout</c>: one to eight digits and a unit (gRPC PROTOCOL-HTTP2, "Timeout"):
/// <code>Timeout -> "grpc-timeout" 1*8DIGIT ( "H" / "M" / "S" / "m" / "u" / "n" )</code>
/// </summary>
internal static class GrpcTimeout
{
    /// <summary>The longest value: eight digits and a unit.</summary>
    public const int MaxLength = MaxDigits + 1;

    private const int MaxDigits = 8;
    private const long MaxNumber = 99_999_999;
    private const long NanosecondsPerTick = 100;

    /// <summary>
    /// Writes the finest unit whose number has at most eight digits, rounded up, so that the server never gives up earlier than
    /// the client. Never writes 0: an expired call fails at the client and is not sent.
    /// </summary>
    /// <param name="timeout">What is left, more than zero.</param>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Encode(TimeSpan timeout, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        long ticks = timeout.Ticks;
        (long number, char unit) =
            ticks <= MaxNumber / NanosecondsPerTick ? (ticks * NanosecondsPerTick, 'n')
            : Fits(ticks, TimeSpan.TicksPerMicrosecond, out long micros) ? (micros, 'u')
            : Fits(ticks, TimeSpan.TicksPerMillisecond, out long millis) ? (millis, 'm')
            : Fits(ticks, TimeSpan.TicksPerSecond, out long seconds) ? (seconds, 'S')
            : Fits(ticks, TimeSpan.TicksPerMinute, out long minutes) ? (minutes, 'M')
            : Fits(ticks, TimeSpan.TicksPerHour, out long hours) ? (hours, 'H')
            : (MaxNumber, 'H'); // 11,415 years: longer spans are cut
        Utf8Formatter.TryFormat(number, destination, out int length);
        destination[length] = (byte)unit;
        return length + 1;
    }

    /// <summary>
    /// Reads a value. Zero means expired; hours beyond the range of <see cref="TimeSpan"/> mean the longest span; a number of
    /// nanoseconds below one tick becomes one tick, not zero.
    /// </summary>
    /// <returns>False when the value is malformed: more than eight digits, none, another unit, a sign or blanks.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> value, out TimeSpan timeout)
    {
        timeout = default;
        if (value.Length is < 2 or > MaxLength)
        {
            return false;
        }

        long number = 0;
        foreach (byte digit in value[..^1])
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return false;
            }

            number = (number * 10) + (digit - '0');
        }

        long ticksPerUnit = value[^1] switch
        {
            (byte)'u' => TimeSpan.TicksPerMicrosecond,
            (byte)'m' => TimeSpan.TicksPerMillisecond,
            (byte)'S' => TimeSpan.TicksPerSecond,
            (byte)'M' => TimeSpan.TicksPerMinute,
            (byte)'H' => TimeSpan.TicksPerHour,
            (byte)'n' => 0,
            _ => -1,
        };
        if (ticksPerUnit < 0)
        {
            return false;
        }

        timeout = ticksPerUnit == 0 ? TimeSpan.FromTicks((number + NanosecondsPerTick - 1) / NanosecondsPerTick)
            : number > long.MaxValue / ticksPerUnit ? TimeSpan.MaxValue
            : TimeSpan.FromTicks(number * ticksPerUnit);
        return true;
    }

    private static bool Fits(long ticks, long ticksPerUnit, out long number)
    {
        number = (ticks / ticksPerUnit) + (ticks % ticksPerUnit == 0 ? 0 : 1);
        return number <= MaxNumber;
    }
}
