// SPDX-License-Identifier: Apache-2.0
using System;
using System.Text;

namespace Peregrine.Protobuf.WellKnownTypes;

/// <summary>The text of field masks in JSON: paths in lower camel case, joined by commas.</summary>
internal static class FieldMaskText
{
    /// <summary>Turns a path into its JSON form.</summary>
    /// <returns>False when the way back would not lead to the same path, so that the path has no JSON form.</returns>
    public static bool TryAppendJsonPath(StringBuilder destination, string path)
    {
        bool raise = false;
        bool partStarts = true;
        foreach (char c in path)
        {
            if (raise)
            {
                if (!char.IsAsciiLetterLower(c))
                {
                    return false;
                }

                destination.Append((char)(c - 'a' + 'A'));
                raise = false;
            }
            else if (c == '_')
            {
                raise = true;
                partStarts = false;
            }
            else if (char.IsAsciiLetterLower(c) || ((char.IsAsciiDigit(c) || c == '.') && !partStarts))
            {
                destination.Append(c);
                partStarts = c == '.';
            }
            else
            {
                return false;
            }
        }

        return !raise && !partStarts;
    }

    /// <summary>Turns one path of the JSON form into a path of declared names; null when it is not a path.</summary>
    public static string? FromJsonPath(ReadOnlySpan<char> jsonPath)
    {
        StringBuilder result = new(jsonPath.Length + 4);
        bool partStarts = true;
        foreach (char c in jsonPath)
        {
            if (char.IsAsciiLetterUpper(c))
            {
                result.Append('_').Append((char)(c - 'A' + 'a'));
            }
            else if (char.IsAsciiLetterLower(c) || (char.IsAsciiDigit(c) && !partStarts))
            {
                result.Append(c);
            }
            else if (c == '.' && !partStarts)
            {
                result.Append('.');
            }
            else
            {
                return null;
            }

            partStarts = c == '.';
        }

        return partStarts ? null : result.ToString();
    }
}
