// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace CompilerFuzz;

/// <summary>
/// A text cut into pieces, roughly as a compiler would: words, numbers, quoted strings, single symbols, and what lies between them.
/// It accepts every byte sequence, and joining the pieces gives the text back.
/// </summary>
internal static class SourceTokens
{
    /// <summary>Cuts a text.</summary>
    /// <param name="text">Any bytes.</param>
    public static List<byte[]> Cut(ReadOnlySpan<byte> text)
    {
        List<byte[]> pieces = [];
        int at = 0;
        while (at < text.Length)
        {
            int length = LengthAt(text[at..]);
            pieces.Add(text.Slice(at, length).ToArray());
            at += length;
        }

        return pieces;
    }

    /// <summary>Whether a piece is blank or a comment.</summary>
    /// <param name="piece">A piece.</param>
    public static bool IsTrivia(byte[] piece) =>
        piece.Length == 0 || piece[0] <= ' ' || (piece.Length > 1 && piece[0] == '/' && piece[1] is (byte)'/' or (byte)'*');

    /// <summary>Joins pieces.</summary>
    /// <param name="pieces">The pieces.</param>
    public static byte[] Join(List<byte[]> pieces)
    {
        byte[] text = new byte[pieces.Sum(piece => piece.Length)];
        int at = 0;
        foreach (byte[] piece in pieces)
        {
            piece.CopyTo(text, at);
            at += piece.Length;
        }

        return text;
    }

    /// <summary>A piece from text.</summary>
    /// <param name="text">The text.</param>
    public static byte[] Piece(string text) => Encoding.UTF8.GetBytes(text);

    private static int LengthAt(ReadOnlySpan<byte> text)
    {
        byte c = text[0];
        if (c <= ' ')
        {
            int length = text.IndexOfAnyExceptInRange((byte)0, (byte)' ');
            return length < 0 ? text.Length : length;
        }

        if (c == '/' && text.Length > 1 && text[1] == '/')
        {
            int end = text.IndexOf((byte)'\n');
            return end < 0 ? text.Length : end + 1;
        }

        if (c == '/' && text.Length > 1 && text[1] == '*')
        {
            int end = text[2..].IndexOf("*/"u8);
            return end < 0 ? text.Length : end + 4;
        }

        if (c is (byte)'"' or (byte)'\'')
        {
            return StringLength(text, c);
        }

        int word = 0;
        while (word < text.Length && (char.IsAsciiLetterOrDigit((char)text[word]) || text[word] == '_' || (word > 0 && text[word] == '.' && char.IsAsciiDigit((char)c))))
        {
            word++;
        }

        return Math.Max(1, word);
    }

    private static int StringLength(ReadOnlySpan<byte> text, byte quote)
    {
        for (int i = 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == quote || text[i] == '\n')
            {
                return i + 1;
            }
        }

        return text.Length;
    }
}
