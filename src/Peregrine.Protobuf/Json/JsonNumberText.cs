// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers.Text;
using System.Text;

namespace Peregrine.Protobuf.Json;

/// <summary>Writes numbers and bools as JSON values: 64-bit integers, and floating-point numbers that are not finite, in quotes.</summary>
internal static class JsonNumberText
{
    /// <summary>Room for the longest value: <c>-1.7976931348623157E-308</c>.</summary>
    public const int MaxLength = 32;

    // Beyond these the shortest text of a whole number is not always that of the integer.
    private const double WholeDoubleLimit = 1e15;
    private const float WholeFloatLimit = 1e7f;

    /// <summary>Writes a value that is not an enum, without spaces around it.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="bits">Its bits.</param>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>The number of bytes written.</returns>
    public static int Format(JsonKind kind, ulong bits, Span<byte> destination)
    {
        int length;
        switch (kind)
        {
            case JsonKind.Int32:
                Utf8Formatter.TryFormat(FieldAccess.ToInt32(bits), destination, out length);
                return length;
            case JsonKind.UInt32:
                Utf8Formatter.TryFormat(FieldAccess.ToUInt32(bits), destination, out length);
                return length;
            case JsonKind.Int64:
                destination[0] = (byte)'"';
                Utf8Formatter.TryFormat(FieldAccess.ToInt64(bits), destination[1..], out length);
                destination[length + 1] = (byte)'"';
                return length + 2;
            case JsonKind.UInt64:
                destination[0] = (byte)'"';
                Utf8Formatter.TryFormat(bits, destination[1..], out length);
                destination[length + 1] = (byte)'"';
                return length + 2;
            case JsonKind.Float:
                return Format(FieldAccess.ToSingle(bits), destination);
            case JsonKind.Double:
                return Format(FieldAccess.ToDouble(bits), destination);
            case JsonKind.Bool:
                ReadOnlySpan<byte> word = bits != 0 ? "true"u8 : "false"u8;
                word.CopyTo(destination);
                return word.Length;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a number or bool.");
        }
    }

    /// <summary>The text of a number that is not finite.</summary>
    private static string NonFinite(double value) =>
        double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";

    /// <summary>Whether the shortest text of a number is that of an integer, which takes a fraction of the time.</summary>
    private static bool IsWhole(double value, out long whole)
    {
        whole = (long)value;
        return whole == value && Math.Abs(value) < WholeDoubleLimit && (whole != 0 || !double.IsNegative(value));
    }

    /// <summary>Whether the shortest text of a number is that of an integer, which takes a fraction of the time.</summary>
    private static bool IsWhole(float value, out int whole)
    {
        whole = (int)value;
        return whole == value && Math.Abs(value) < WholeFloatLimit && (whole != 0 || !float.IsNegative(value));
    }

    private static int Format(double value, Span<byte> destination)
    {
        if (!double.IsFinite(value))
        {
            return FormatNonFinite(value, destination);
        }

        int length;
        if (IsWhole(value, out long whole))
        {
            Utf8Formatter.TryFormat(whole, destination, out length);
        }
        else
        {
            length = ShortestDecimal.Format(value, destination);
        }

        return length;
    }

    private static int Format(float value, Span<byte> destination)
    {
        if (!float.IsFinite(value))
        {
            return FormatNonFinite(value, destination);
        }

        int length;
        if (IsWhole(value, out int whole))
        {
            Utf8Formatter.TryFormat(whole, destination, out length);
        }
        else
        {
            length = ShortestDecimal.Format(value, destination);
        }

        return length;
    }

    private static int FormatNonFinite(double value, Span<byte> destination) =>
        Encoding.UTF8.GetBytes($"\"{NonFinite(value)}\"", destination);
}
