// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;

namespace Peregrine.Cli.Bench;

/// <summary>What was counted of calls and messages in some time. Not safe for several threads.</summary>
internal sealed class Recording
{
    /// <summary>How long calls took that ended with OK.</summary>
    public LatencyHistogram Calls { get; } = new();

    /// <summary>How long calls took that ended otherwise.</summary>
    public LatencyHistogram Failures { get; } = new();

    /// <summary>How long messages took: to their answer, or of a server's stream to its first.</summary>
    public LatencyHistogram Messages { get; } = new();

    /// <summary>How many calls ended with each status.</summary>
    public Dictionary<StatusCode, long> Statuses { get; } = [];

    /// <summary>What the first call of each status that is not OK was told.</summary>
    public Dictionary<StatusCode, string> Details { get; } = [];

    /// <summary>Messages sent.</summary>
    public long SentMessages { get; set; }

    /// <summary>Messages received.</summary>
    public long ReceivedMessages { get; set; }

    /// <summary>Octets of the messages sent.</summary>
    public long SentBytes { get; set; }

    /// <summary>Octets of the messages received.</summary>
    public long ReceivedBytes { get; set; }

    /// <summary>Calls that had no end when the run was cut off.</summary>
    public long Unfinished { get; set; }

    /// <summary>Connections of raw mode that the server ended before the run did.</summary>
    public long EndedConnections { get; set; }

    /// <summary>Whether a message of a stream came at any time: the server is alive, even if no call ended that counts.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>Calls that ended.</summary>
    public long Ended => Calls.Count + Failures.Count;

    /// <summary>Counts what another one has counted.</summary>
    public void Add(Recording other)
    {
        Calls.Add(other.Calls);
        Failures.Add(other.Failures);
        Messages.Add(other.Messages);
        foreach (var (status, count) in other.Statuses)
        {
            Statuses[status] = Statuses.GetValueOrDefault(status) + count;
        }

        foreach (var (status, detail) in other.Details)
        {
            _ = Details.TryAdd(status, detail);
        }

        SentMessages += other.SentMessages;
        ReceivedMessages += other.ReceivedMessages;
        SentBytes += other.SentBytes;
        ReceivedBytes += other.ReceivedBytes;
        Unfinished += other.Unfinished;
        EndedConnections += other.EndedConnections;
        IsAnswered |= other.IsAnswered;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        Calls.Clear();
        Failures.Clear();
        Messages.Clear();
        Statuses.Clear();
        Details.Clear();
        (SentMessages, ReceivedMessages, SentBytes, ReceivedBytes, Unfinished, EndedConnections) = (0, 0, 0, 0, 0, 0);
        IsAnswered = false;
    }
}
