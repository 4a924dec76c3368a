// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;

namespace Peregrine.Cli.Mock;

/// <summary>What is told of a call when it has ended.</summary>
/// <param name="Id">Its number, from 1.</param>
/// <param name="Method">Its path without the first slash.</param>
/// <param name="Peer">Who called.</param>
internal sealed record CallRecord(long Id, string Method, string Peer)
{
    /// <summary>How many requests came.</summary>
    public int Requests { get; set; }

    /// <summary>How many responses were sent.</summary>
    public int Responses { get; set; }

    /// <summary>Where the rules stand that applied, each once.</summary>
    public IList<string> Rules { get; } = [];

    /// <summary>The fault that a rule put in; null for none.</summary>
    public RuleFaultKind? Fault { get; set; }

    /// <summary>How it ended.</summary>
    public Status Status { get; set; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; set; }
}
