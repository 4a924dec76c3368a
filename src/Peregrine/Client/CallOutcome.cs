// SPDX-License-Identifier: Apache-2.0
using Peregrine.Diagnostics;

namespace Peregrine.Client;

/// <summary>How a call ended: exactly one for each call. Immutable but for its timeline, of which anyone asked for is as good as another.</summary>
internal sealed class CallOutcome
{
    /// <summary>OK without trailing metadata: the outcome of most calls, made once.</summary>
    internal static readonly CallOutcome Success = new(Status.DefaultSuccess);

    internal CallOutcome(Status status)
        : this(status, Metadata.Empty)
    {
    }

    internal CallOutcome(Status status, Metadata trailers)
    {
        Status = status;
        Trailers = trailers;
    }

    internal CallOutcome(StatusCode code, string detail)
        : this(new Status(code, detail))
    {
    }

    internal Status Status { get; }

    internal Metadata Trailers { get; }

    /// <summary>What cut the call off, when it was not its server's status that ended it.</summary>
    internal CancellationReason Reason { get; init; }

    /// <summary>What happened to the call; null until it is asked for, and for ever when it ended well.</summary>
    internal CallTimeline? Timeline { get; set; }

    internal bool IsSuccess => Status.StatusCode == StatusCode.OK;
}
