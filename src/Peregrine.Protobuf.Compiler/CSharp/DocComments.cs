// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.Text;

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>Writes .proto comments as XML documentation.</summary>
internal static class DocComments
{
    /// <summary>Writes a summary: the comment, or the substitute when there is none.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="comment">The text of the .proto comment; any characters.</param>
    /// <param name="substitute">What to write for an empty comment: XML, one line.</param>
    public static void Summary(CodeWriter writer, string comment, string substitute)
    {
        var lines = Lines(comment);
        if (lines.Count == 0)
        {
            writer.Line($"/// <summary>{substitute}</summary>");
            return;
        }

        writer.Line("/// <summary>");
        foreach (var line in lines)
        {
            writer.Line(line.Length == 0 ? "///" : "/// " + Escape(line));
        }

        writer.Line("/// </summary>");
    }

    /// <summary>The text as XML text: markup escaped, what XML or a C# line cannot hold replaced.</summary>
    public static string Escape(string text)
    {
        var result = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '&':
                    result.Append("&amp;");
                    break;
                case '<':
                    result.Append("&lt;");
                    break;
                case '>':
                    result.Append("&gt;");
                    break;

                // Control characters, and the two noncharacters, are not XML characters; the rest ends a line in C#.
                case < 0x20 and not '\t':
                case 0x7F or 0x85 or 0x2028 or 0x2029 or 0xFFFE or 0xFFFF:
                    result.Append(' ');
                    break;
                default:
                    result.Append(rune.ToString());
                    break;
            }
        }

        return result.ToString();
    }

    // One blank after the comment sign is style, not text; blank lines at both ends say nothing.
    private static List<string> Lines(string comment)
    {
        var lines = new List<string>();
        foreach (var line in comment.Split('\n'))
        {
            var text = line.TrimEnd();
            lines.Add(text.StartsWith(' ') ? text[1..] : text);
        }

        while (lines.Count > 0 && lines[^1].Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        var first = lines.FindIndex(line => line.Length != 0);
        if (first > 0)
        {
            lines.RemoveRange(0, first);
        }

        return lines;
    }
}
