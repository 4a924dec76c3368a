// SPDX-License-Identifier: Apache-2.0
namespace CompilerFuzz;

/// <summary>Makes mutants of texts. The same random numbers give the same mutant.</summary>
internal sealed class Mutator(IReadOnlyList<Seed> seeds, Random random)
{
    private const int MaxSize = 200_000;

    /// <summary>Makes a mutant.</summary>
    /// <param name="seed">What to mutate.</param>
    public byte[] Mutate(Seed seed)
    {
        List<byte[]> pieces = SourceTokens.Cut(seed.Text);
        if (random.Next(4) == 0)
        {
            ChangeBlanks(pieces);
            return SourceTokens.Join(pieces);
        }

        // Mostly a single change: the more there are, the more often a syntax error hides what follows.
        int changes = random.Next(10) switch
        {
            < 6 => 1,
            < 9 => random.Next(2, 4),
            _ => random.Next(4, 12),
        };
        for (int i = 0; i < changes; i++)
        {
            Change(pieces);
        }

        byte[] text = SourceTokens.Join(pieces);
        if (random.Next(40) == 0)
        {
            text = ChangeBytes(text);
        }

        return text.Length > MaxSize ? text[..MaxSize] : text;
    }

    // Comments and blanks only: the file stays valid, and every place and comment in its descriptor is another one.
    private void ChangeBlanks(List<byte[]> pieces)
    {
        for (int i = random.Next(1, 10); i > 0 && pieces.Count > 0; i--)
        {
            int at = random.Next(pieces.Count + 1);
            if (at < pieces.Count && SourceTokens.IsTrivia(pieces[at]) && random.Next(2) == 0)
            {
                pieces[at] = Text(Pick(HostilePieces.Blanks));
            }
            else
            {
                pieces.Insert(at, Text(Pick(HostilePieces.Blanks)));
            }
        }
    }

    private void Change(List<byte[]> pieces)
    {
        if (pieces.Count == 0)
        {
            pieces.Add(Text(Pick(HostilePieces.Statements)));
            return;
        }

        int at = AnyToken(pieces);
        switch (random.Next(24))
        {
            case 0 or 1:
                pieces.RemoveAt(at);
                break;
            case 2:
                pieces.RemoveRange(at, Math.Min(random.Next(2, 12), pieces.Count - at));
                break;
            case 3:
                pieces.Insert(at, pieces[at]);
                break;
            case 4:
                pieces.InsertRange(at, pieces.GetRange(at, Math.Min(random.Next(2, 30), pieces.Count - at)));
                break;
            case 5:
                int other = AnyToken(pieces);
                (pieces[at], pieces[other]) = (pieces[other], pieces[at]);
                break;
            case 6 or 7 or 8 or 9:
                pieces[at] = SameKind(pieces, pieces[at]);
                break;
            case 10 or 11:
                pieces[at] = pieces[AnyToken(pieces)];
                break;
            case 12:
                pieces.Insert(at, Text(" " + Pick(Pick([HostilePieces.Words, HostilePieces.Numbers, HostilePieces.Strings, HostilePieces.Symbols])) + " "));
                break;
            case 13 or 14 or 15:
                pieces.Insert(BehindStatement(pieces, at), Text(" " + Pick(HostilePieces.Statements) + Pick(["\n", " ", ""])));
                break;
            case 16 or 17:
                InsertBrackets(pieces, at);
                break;
            case 18 or 19:
                pieces.InsertRange(BehindStatement(pieces, at), Statement(SourceTokens.Cut(seeds[random.Next(seeds.Count)].Text)));
                break;
            case 20:
                MoveStatement(pieces, at);
                break;
            case 21:
                ChangeHeader(pieces);
                break;
            case 22:
                pieces.Insert(at, Text(Pick(HostilePieces.Noise)));
                break;
            default:
                ChangeStructure(pieces, at);
                break;
        }
    }

    private void ChangeStructure(List<byte[]> pieces, int at)
    {
        switch (random.Next(5))
        {
            case 0:
                pieces.RemoveRange(at, pieces.Count - at);
                break;
            case 1:
                // Around the limits on nesting, and far beyond.
                int depth = random.Next(6) == 0 ? 3000 : random.Next(28, 36);
                string open = Pick(["message M { ", "{ ", "[ ", "group G = 1 { ", "option (x) = { ", "a { ", "optional group G = 1 { ", "map< ", "( "]);
                pieces.Insert(at, Text(string.Concat(Enumerable.Repeat(open, depth)) + (random.Next(2) == 0 ? string.Concat(Enumerable.Repeat("} ", depth)) : "")));
                break;
            case 2:
                for (int i = 0; i < pieces.Count; i++)
                {
                    pieces[i] = pieces[i] is [(byte)'\n'] ? Text("\r\n") : pieces[i];
                }

                break;
            case 3:
                pieces.Insert(0, Text("\uFEFF"));
                break;
            default:
                // Everything on one line, which ends every comment at another place.
                for (int i = 0; i < pieces.Count; i++)
                {
                    pieces[i] = SourceTokens.IsTrivia(pieces[i]) && pieces[i][0] != '/' ? Text(Pick([" ", "\t", "\n"])) : pieces[i];
                }

                break;
        }
    }

    private byte[] ChangeBytes(byte[] text)
    {
        List<byte> bytes = [.. text];
        for (int i = random.Next(1, 4); i > 0 && bytes.Count > 0; i--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(3))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.Insert(at, (byte)Pick([0, 1, 9, 10, 13, 0x22, 0x27, 0x2F, 0x5C, 0x7F, 0x80, 0xBF, 0xC0, 0xE2, 0xED, 0xEF, 0xF4, 0xFF]));
                    break;
                default:
                    bytes.RemoveAt(at);
                    break;
            }
        }

        return [.. bytes];
    }

    // A number for a number, a name of the same file for a name.
    private byte[] SameKind(List<byte[]> pieces, byte[] piece)
    {
        char c = (char)piece[0];
        if (c is '"' or '\'')
        {
            return random.Next(2) == 0 ? FromFile(pieces, static first => first is (byte)'"' or (byte)'\'') : Text(Pick(HostilePieces.Strings));
        }

        if (char.IsAsciiDigit(c))
        {
            return random.Next(3) == 0 ? FromFile(pieces, static first => char.IsAsciiDigit((char)first)) : Text(Pick(HostilePieces.Numbers));
        }

        if (char.IsAsciiLetter(c) || c == '_')
        {
            return random.Next(2) == 0 ? FromFile(pieces, static first => char.IsAsciiLetter((char)first)) : Text(Pick(HostilePieces.Words));
        }

        return Text(Pick(HostilePieces.Symbols));
    }

    private byte[] FromFile(List<byte[]> pieces, Func<byte, bool> isKind)
    {
        List<byte[]> same = pieces.FindAll(piece => isKind(piece[0]));
        return same.Count == 0 ? Text("x") : same[random.Next(same.Count)];
    }

    private void InsertBrackets(List<byte[]> pieces, int at)
    {
        int end = pieces.FindIndex(at, piece => piece is [(byte)';']);
        if (end < 0)
        {
            return;
        }

        byte[] brackets = Text(Pick(HostilePieces.Brackets));
        int close = end > 0 && pieces[end - 1] is [(byte)']'] ? end - 1 : -1;
        if (close < 0)
        {
            pieces.Insert(end, brackets);
        }
        else
        {
            // Into the brackets that are there.
            pieces.Insert(close, [(byte)',', (byte)' ', .. brackets[1..^1]]);
        }
    }

    private void ChangeHeader(List<byte[]> pieces)
    {
        int start = pieces.FindIndex(piece => piece.AsSpan().SequenceEqual("syntax"u8) || piece.AsSpan().SequenceEqual("edition"u8));
        int end = start < 0 ? -1 : pieces.FindIndex(start, piece => piece is [(byte)';']);
        if (end > start)
        {
            pieces.RemoveRange(start, end - start + 1);
        }

        if (Pick(HostilePieces.Headers) is { Length: > 0 } header)
        {
            pieces.Insert(Math.Max(0, start), Text(header));
        }
    }

    private void MoveStatement(List<byte[]> pieces, int at)
    {
        (int start, int end) = StatementAt(pieces, at);
        List<byte[]> statement = pieces.GetRange(start, end - start);
        if (random.Next(2) == 0)
        {
            pieces.RemoveRange(start, end - start);
        }

        pieces.InsertRange(BehindStatement(pieces, random.Next(pieces.Count + 1)), statement);
    }

    private List<byte[]> Statement(List<byte[]> pieces)
    {
        if (pieces.Count == 0)
        {
            return [];
        }

        (int start, int end) = StatementAt(pieces, random.Next(pieces.Count));
        return pieces.GetRange(start, Math.Min(end - start, 400));
    }

    // From behind the last semicolon or brace to the next semicolon, or to the end of the block that opens before.
    private static (int Start, int End) StatementAt(List<byte[]> pieces, int at)
    {
        int start = at;
        while (start > 0 && pieces[start - 1] is not [(byte)';' or (byte)'{' or (byte)'}'])
        {
            start--;
        }

        int depth = 0;
        int end = start;
        while (end < pieces.Count)
        {
            depth += pieces[end] is [(byte)'{'] ? 1 : pieces[end] is [(byte)'}'] ? -1 : 0;
            bool ends = depth <= 0 && pieces[end] is [(byte)';' or (byte)'}'];
            end++;
            if (ends)
            {
                break;
            }
        }

        return (start, end);
    }

    private static int BehindStatement(List<byte[]> pieces, int at)
    {
        for (int i = at; i < pieces.Count; i++)
        {
            if (pieces[i] is [(byte)';' or (byte)'{' or (byte)'}'])
            {
                return i + 1;
            }
        }

        return pieces.Count;
    }

    private int AnyToken(List<byte[]> pieces)
    {
        // Blanks are half of all pieces; they matter less.
        for (int tries = 0; tries < 10; tries++)
        {
            int at = random.Next(pieces.Count);
            if (!SourceTokens.IsTrivia(pieces[at]))
            {
                return at;
            }
        }

        return random.Next(pieces.Count);
    }

    private T Pick<T>(T[] items) => items[random.Next(items.Length)];

    private static byte[] Text(string text) => SourceTokens.Piece(text);
}
