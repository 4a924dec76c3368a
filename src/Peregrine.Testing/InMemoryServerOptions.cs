// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Client;

namespace Peregrine.Testing;

/// <summary>What an <see cref="InMemoryServer"/> is made with. Read when it starts, but for <see cref="Channel"/>, which each new channel reads.</summary>
public sealed class InMemoryServerOptions
{
    /// <summary>The options of the server.</summary>
    public GrpcServerOptions Server { get; } = new();

    /// <summary>The options of the channels that are made without others.</summary>
    public GrpcChannelOptions Channel { get; } = new();

    /// <summary>
    /// The clock of server, channels and faults, such as a <see cref="ManualTimeProvider"/>. Null, the default: those of <see cref="Server"/> and
    /// <see cref="Channel"/> stay as they are, and faults use the system's.
    /// </summary>
    public TimeProvider? TimeProvider { get; set; }
}
