// SPDX-License-Identifier: Apache-2.0

using System;
using System.Globalization;
using System.Text;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Breaking;

/// <summary>Compares what absent fields hold, whatever their types: that a type changed is found by other rules.</summary>
internal static class DefaultValues
{
    /// <summary>Whether two fields hold the same when they are absent; also true where one has no default.</summary>
    public static bool AreSame(FieldDescriptor before, FieldDescriptor after)
    {
        if (before.DefaultValue is not { } was || after.DefaultValue is not { } now)
        {
            return true;
        }

        if (was is string or ByteString || now is string or ByteString)
        {
            return IsZero(was) && IsZero(now) ? true : TextOf(was) is { } text && text == TextOf(now);
        }

        // A float and a double are the same if they are as floats.
        if (was is float or double && now is float or double && was.GetType() != now.GetType())
        {
            return Convert.ToSingle(was, CultureInfo.InvariantCulture).Equals(Convert.ToSingle(now, CultureInfo.InvariantCulture));
        }

        return IsWhole(was, out var wholeBefore) && IsWhole(now, out var wholeAfter)
            ? wholeBefore == wholeAfter
            : Convert.ToDouble(was, CultureInfo.InvariantCulture) is var first && Convert.ToDouble(now, CultureInfo.InvariantCulture) is var second
                && (first == second || (double.IsNaN(first) && double.IsNaN(second)));
    }

    /// <summary>A value as messages have it.</summary>
    public static string Show(FieldDescriptor field) => field.DefaultValue switch
    {
        null => "none",
        int number when field.FieldType == FieldType.Enum => field.EnumType.FindValueByNumber(number)?.Name ?? number.ToString(CultureInfo.InvariantCulture),
        ByteString bytes => TextOf(bytes)!,
        var value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "none",
    };

    // A text as its bytes, one character for each.
    private static string? TextOf(object value) => value switch
    {
        string text => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text)),
        ByteString bytes => Encoding.Latin1.GetString(bytes.Span),
        _ => null,
    };

    private static bool IsZero(object value) => value switch
    {
        string or ByteString => TextOf(value)!.Length == 0,
        _ => Convert.ToDouble(value, CultureInfo.InvariantCulture) == 0,
    };

    private static bool IsWhole(object value, out decimal number)
    {
        number = value is float or double ? 0 : Convert.ToDecimal(value, CultureInfo.InvariantCulture);
        return value is not (float or double);
    }
}
