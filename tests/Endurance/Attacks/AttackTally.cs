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

    public static AttackTally Parse(string line)
    {
        long[] numbers = [.. line.Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture))];
        return new AttackTally { Connections = numbers[0], Ended = numbers[1], Calmed = numbers[2], Octets = numbers[3] };
    }

    public readonly string ToString(IFormatProvider provider) => string.Create(provider, $"{Connections} {Ended} {Calmed} {Octets}");
}
