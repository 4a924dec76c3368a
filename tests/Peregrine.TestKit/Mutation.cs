// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.TestKit;

/// <summary>Makes one input of a fuzzing program from another, or from two.</summary>
public static class Mutation
{
    private const int MostBytes = 1 << 16;

    private static readonly byte[] Interesting = [0, 1, 0x7F, 0x80, 0xFF, (byte)'"', (byte)'{', (byte)'}', (byte)'[', (byte)'\\', (byte)'-', (byte)'e'];

    public static byte[] Of(byte[] seed, byte[] other, Random random)
    {
        List<byte> bytes = [.. seed];
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            int at = random.Next(bytes.Count + 1);
            int left = bytes.Count - at;
            int length = left == 0 ? 0 : random.Next(1, Math.Min(left, 64) + 1);
            switch (random.Next(7))
            {
                case 0 when left > 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1 when left > 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2 when left > 0:
                    bytes.RemoveRange(at, length);
                    break;
                case 3 when bytes.Count < MostBytes:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 4 when other.Length > 0 && bytes.Count < MostBytes:
                    int from = random.Next(other.Length);
                    bytes.InsertRange(at, other.AsSpan(from, random.Next(1, Math.Min(other.Length - from, 64) + 1)).ToArray());
                    break;
                case 5:
                    bytes.Insert(at, Interesting[random.Next(Interesting.Length)]);
                    break;
                default:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
            }
        }

        return [.. bytes];
    }
}
