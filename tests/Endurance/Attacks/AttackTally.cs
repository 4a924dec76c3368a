// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Endurance.Attacks;

/// <summary>What an attacker sent and how its connections ended; a line of numbers between processes.</summary>
internal struct AttackTally
{
    public long Connections;
    public long Ended;
    public long Calmed;
    public long Octets;

    /// <summary>Milliseconds that the connection lived that the server let live longest; of those that it did not end, until they were given up.</summary>
    public long LongestLife;

    public static AttackTally Parse(string line)
    {
        long[] numbers = [.. line.Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture))];
        return new AttackTally { Connections = numbers[0], Ended = numbers[1], Calmed = numbers[2], Octets = numbers[3], LongestLife = numbers[4] };
    }

    public readonly string ToString(IFormatProvider provider) => string.Create(provider, $"{Connections} {Ended} {Calmed} {Octets} {LongestLife}");
}
