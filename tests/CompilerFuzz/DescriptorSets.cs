// SPDX-License-Identifier: Apache-2.0
namespace CompilerFuzz;

/// <summary>Writes descriptor sets, and says where two of them differ first.</summary>
internal static class DescriptorSets
{
    private const byte FileTag = (1 << 3) | 2;

    /// <summary>Adds a file to a set: a set is the concatenation of its only field.</summary>
    /// <param name="set">The set.</param>
    /// <param name="file">A serialized <c>FileDescriptorProto</c>.</param>
    public static void Add(MemoryStream set, ReadOnlySpan<byte> file)
    {
        set.WriteByte(FileTag);
        uint length = (uint)file.Length;
        for (; length >= 0x80; length >>= 7)
        {
            set.WriteByte((byte)(length | 0x80));
        }

        set.WriteByte((byte)length);
        set.Write(file);
    }

    /// <summary>The path of field numbers to the first difference, as deep as both sides can be read as messages.</summary>
    /// <param name="ours">One set.</param>
    /// <param name="theirs">The other.</param>
    public static string FirstDifference(ReadOnlySpan<byte> ours, ReadOnlySpan<byte> theirs)
    {
        List<int> path = [];
        while (true)
        {
            if (!TryReadFields(ours, out List<(int Number, Range Bytes, bool IsNested)> mine) || !TryReadFields(theirs, out List<(int Number, Range Bytes, bool IsNested)> others))
            {
                return string.Join('.', path) + " value";
            }

            int i = 0;
            while (i < mine.Count && i < others.Count && mine[i].Number == others[i].Number && ours[mine[i].Bytes].SequenceEqual(theirs[others[i].Bytes]))
            {
                i++;
            }

            if (i >= mine.Count || i >= others.Count || mine[i].Number != others[i].Number || !mine[i].IsNested || !others[i].IsNested)
            {
                string left = i < mine.Count ? mine[i].Number.ToString() : "end";
                string right = i < others.Count ? others[i].Number.ToString() : "end";
                return $"{string.Join('.', path)} [{left} / {right}]";
            }

            path.Add(mine[i].Number);
            ours = ours[mine[i].Bytes];
            theirs = theirs[others[i].Bytes];
        }
    }

    private static bool TryReadFields(ReadOnlySpan<byte> bytes, out List<(int Number, Range Bytes, bool IsNested)> fields)
    {
        fields = [];
        int at = 0;
        while (at < bytes.Length)
        {
            if (!TryReadVarint(bytes, ref at, out ulong tag) || tag >> 3 is 0 or > 536_870_911)
            {
                return false;
            }

            int start = at;
            switch (tag & 7)
            {
                case 0 when TryReadVarint(bytes, ref at, out _):
                    break;
                case 1:
                    at += 8;
                    break;
                case 2 when TryReadVarint(bytes, ref at, out ulong length) && length <= (ulong)(bytes.Length - at):
                    start = at;
                    at += (int)length;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    return false;
            }

            if (at > bytes.Length)
            {
                return false;
            }

            fields.Add(((int)(tag >> 3), start..at, (tag & 7) == 2));
        }

        return true;
    }

    private static bool TryReadVarint(ReadOnlySpan<byte> bytes, ref int at, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64 && at < bytes.Length; shift += 7)
        {
            byte b = bytes[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
