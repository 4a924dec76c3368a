// SPDX-License-Identifier: Apache-2.0

using System;

namespace Peregrine.Cli.Calls;

/// <summary>How a method is called and what is shown of it.</summary>
internal sealed record CallSettings
{
    /// <summary>Where requests come from.</summary>
    public required RequestSettings Requests { get; init; }

    /// <summary>How long the call may take; null for as long as it takes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The encoding of requests, such as gzip; null for none.</summary>
    public string? Compression { get; init; }

    /// <summary>Whether the call waits for a server that is not there yet.</summary>
    public bool WaitForReady { get; init; }

    /// <summary>Whether headers, trailers and times are shown, too.</summary>
    public bool Verbose { get; init; }

    /// <summary>Whether output is JSON lines for scripts.</summary>
    public bool Json { get; init; }

    /// <summary>Whether JSON has fields without presence that hold their default.</summary>
    public bool EmitsDefaults { get; init; }
}
