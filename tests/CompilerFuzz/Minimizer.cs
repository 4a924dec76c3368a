// SPDX-License-Identifier: Apache-2.0
namespace CompilerFuzz;

/// <summary>Makes a text smaller while it still shows what was found: first whole lines, then tokens.</summary>
internal static class Minimizer
{
    // Each try is a run of protoc; this bounds one finding to some seconds.
    private const int MaxTries = 700;

    /// <summary>Minimizes a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="shows">Whether a text still shows it.</param>
    public static byte[] Run(byte[] text, Func<byte[], bool> shows)
    {
        int tries = 0;
        List<byte[]> pieces = Reduce(Lines(text), shows, ref tries);
        pieces = Reduce(SourceTokens.Cut(SourceTokens.Join(pieces)), shows, ref tries);
        return SourceTokens.Join(pieces);
    }

    // Drops runs of pieces, half of all at first, then ever shorter ones.
    private static List<byte[]> Reduce(List<byte[]> pieces, Func<byte[], bool> shows, ref int tries)
    {
        for (int length = Math.Max(1, pieces.Count / 2); length > 0; length /= 2)
        {
            for (int start = 0; start < pieces.Count && tries < MaxTries;)
            {
                List<byte[]> candidate = [.. pieces];
                candidate.RemoveRange(start, Math.Min(length, pieces.Count - start));
                tries++;
                if (shows(SourceTokens.Join(candidate)))
                {
                    pieces = candidate;
                }
                else
                {
                    start += length;
                }
            }
        }

        return pieces;
    }

    private static List<byte[]> Lines(byte[] text)
    {
        List<byte[]> lines = [];
        for (int at = 0; at < text.Length;)
        {
            int end = text.AsSpan(at).IndexOf((byte)'\n');
            int length = end < 0 ? text.Length - at : end + 1;
            lines.Add(text[at..(at + length)]);
            at += length;
        }

        return lines;
    }
}
