// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;

namespace Peregrine.Cli.Mock;

/// <summary>One rule of an answers file: to which calls it applies, and what they get. Thread-safe.</summary>
internal sealed class AnswerRule
{
    /// <summary>Where it stands, <c>answers.yaml:12</c>.</summary>
    public required string Place { get; init; }

    /// <summary>On which requests it is looked at.</summary>
    public required RulePhase Phase { get; init; }

    /// <summary>What the request must be; null for any.</summary>
    public RequestPattern? Request { get; init; }

    /// <summary>What the metadata must be.</summary>
    public IReadOnlyList<MetadataPattern> Metadata { get; init; } = [];

    /// <summary>How probable it is that it applies.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>How many times it applies at most; null for as many as come.</summary>
    public RuleLimit? Limit { get; init; }

    /// <summary>The responses; null for the one that a call without rule gets.</summary>
    public IReadOnlyList<MessageTemplate>? Reply { get; init; }

    /// <summary>How many times the responses are sent; null for ever.</summary>
    public int? Repeat { get; init; } = 1;

    /// <summary>How long it takes to the first response.</summary>
    public DelayRange Delay { get; init; }

    /// <summary>How long it takes from a response to the next.</summary>
    public DelayRange Interval { get; init; }

    /// <summary>How the call ends; null for OK, and of a rule for each request of a stream: not with it.</summary>
    public RuleStatus? Status { get; init; }

    /// <summary>Metadata before the first response.</summary>
    public IReadOnlyList<RuleMetadata> Headers { get; init; } = [];

    /// <summary>Metadata at the end.</summary>
    public IReadOnlyList<RuleMetadata> Trailers { get; init; } = [];

    /// <summary>What goes wrong; null for nothing.</summary>
    public RuleFault? Fault { get; init; }

    /// <summary>Whether the call ends with it.</summary>
    public bool EndsCall => Phase != RulePhase.Each || Status is not null;

    /// <summary>Whether something in it asks for all requests of the call.</summary>
    public bool NeedsAllRequests => (Reply?.Any(message => message.NeedsAllRequests) ?? false) || (Status?.NeedsAllRequests ?? false)
        || Headers.Concat(Trailers).Any(entry => entry.Value.NeedsAllRequests);

    /// <summary>Takes it for a request, if it applies: counted, and chosen by chance where it says so.</summary>
    /// <param name="scope">The call and its request.</param>
    /// <param name="random">Chance.</param>
    public bool TryTake(AnswerScope scope, Random random)
    {
        if (Request is { } pattern && (scope.Request is null || !pattern.Matches(scope.Request)))
        {
            return false;
        }

        if (!Metadata.All(each => each.Matches(scope.Metadata)) || (Probability < 1 && random.NextDouble() >= Probability))
        {
            return false;
        }

        return Limit?.TryTake() ?? true;
    }
}
