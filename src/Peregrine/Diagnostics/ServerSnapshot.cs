// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Diagnostics;

/// <summary>A server at one moment.</summary>
public sealed record ServerSnapshot
{
    /// <summary>Its number, positive, of one entity in the process.</summary>
    public required long Id { get; init; }

    /// <summary>The calls.</summary>
    public required CallCounts Calls { get; init; }
}
