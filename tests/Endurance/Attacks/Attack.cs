// SPDX-License-Identifier: Apache-2.0
namespace Endurance.Attacks;

/// <summary>What one attacker does on each of its connections: an opening, then the same round again and again.</summary>
internal sealed class Attack(string name, Outcome outcome, Func<AttackConnection, byte[]> round)
{
    public string Name => name;

    public Outcome Outcome => outcome;

    /// <summary>The octets of the next round.</summary>
    public byte[] NextRound(AttackConnection connection) => round(connection);

    /// <summary>What is sent behind preface and SETTINGS; null for nothing.</summary>
    public Func<AttackConnection, byte[]>? Opening { get; init; }

    /// <summary>The settings that the attacker announces.</summary>
    public (ushort Id, uint Value)[] Settings { get; init; } = [];

    /// <summary>Whether it sends preface and SETTINGS at all.</summary>
    public bool SpeaksHttp2 { get; init; } = true;

    /// <summary>Whether it reads what the server sends.</summary>
    public bool Reads { get; init; } = true;

    /// <summary>How many rounds a connection sees; it is then held open without a word when <see cref="Holds"/>, else closed.</summary>
    public int Rounds { get; init; } = int.MaxValue;

    /// <summary>Whether a connection stays open behind its last round.</summary>
    public bool Holds { get; init; }

    /// <summary>How many connections there are at a time.</summary>
    public int Connections { get; init; } = 1;

    /// <summary>The time that the server takes to lose its patience, in seconds.</summary>
    public int LeastSeconds { get; init; } = 1;

    /// <summary>The limit of handshakes on the server, in seconds, within which it must end every connection; 0 for the default, and no check.</summary>
    public int HandshakeSeconds { get; init; }

    /// <summary>Whether the server speaks TLS, and all who call it with it. The attack does not.</summary>
    public bool IsTlsExpected { get; init; }

    /// <summary>The most by which the server's resident memory may grow, in MB.</summary>
    public int MemoryBound { get; init; } = 100;
}
