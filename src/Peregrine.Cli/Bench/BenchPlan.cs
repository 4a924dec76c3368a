// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using Peregrine.Cli.Calls;

namespace Peregrine.Cli.Bench;

/// <summary>What a run is to do.</summary>
internal sealed record BenchPlan
{
    /// <summary>The full name of the service.</summary>
    public required string Service { get; init; }

    /// <summary>The name of the method.</summary>
    public required string Method { get; init; }

    /// <summary>What streams the method has.</summary>
    public required MethodType Kind { get; init; }

    /// <summary>Which server, and how to reach it.</summary>
    public required ConnectionSettings Connection { get; init; }

    /// <summary>The request messages, encoded once; streams send them in turn.</summary>
    public required IReadOnlyList<byte[]> Requests { get; init; }

    /// <summary>Whether calls are made straight on the HTTP/2 core, without the client.</summary>
    public bool Raw { get; init; }

    /// <summary>How many connections.</summary>
    public int Connections { get; init; } = 1;

    /// <summary>How many calls are open at once on each connection, in a closed loop.</summary>
    public int Streams { get; init; } = 1;

    /// <summary>How many calls begin in a second on all connections together; null for a closed loop.</summary>
    public double? Rate { get; init; }

    /// <summary>Whether calls of an open loop come at random times, as those of many users do.</summary>
    public bool Poisson { get; init; }

    /// <summary>Where random times begin.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How long calls count; null for as long as <see cref="Calls"/> take.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>How many calls count; null for as many as begin in <see cref="Duration"/>.</summary>
    public long? Calls { get; init; }

    /// <summary>How long calls are made that do not count.</summary>
    public TimeSpan WarmUp { get; init; }

    /// <summary>How many messages a stream sends; null for as many as it can until the end.</summary>
    public long? Messages { get; init; }

    /// <summary>How many messages a second each stream sends; null for as many as it can.</summary>
    public double? MessageRate { get; init; }

    /// <summary>How many messages of a stream both ways may wait for an answer, without <see cref="MessageRate"/>.</summary>
    public int InFlight { get; init; } = 1;

    /// <summary>The deadline of each call; null for none.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether the method takes a stream of requests.</summary>
    public bool StreamsRequests => Kind is MethodType.ClientStreaming or MethodType.DuplexStreaming;

    /// <summary>Whether the method gives a stream of responses.</summary>
    public bool StreamsResponses => Kind is MethodType.ServerStreaming or MethodType.DuplexStreaming;
}
