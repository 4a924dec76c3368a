// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Peregrine.Diagnostics;

/// <summary>An address that a server listens on, at one moment.</summary>
public sealed record ListenerSnapshot
{
    /// <summary>Its number, positive, of one entity in the process.</summary>
    public required long Id { get; init; }

    /// <summary>The address as gRPC writes it.</summary>
    public required string Address { get; init; }

    /// <summary>The address; null inside the process.</summary>
    public EndPoint? LocalEndPoint { get; init; }
}
