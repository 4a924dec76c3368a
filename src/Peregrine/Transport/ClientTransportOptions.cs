// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Credentials;
using Peregrine.Http2;

namespace Peregrine.Transport;

/// <summary>What a client connection needs to know.</summary>
internal sealed class ClientTransportOptions
{
    /// <summary>The channel's TLS; null for plaintext.</summary>
    public ClientTls? Tls { get; init; }

    /// <summary>The host: the name looked for in the server's certificate, and the name in messages.</summary>
    public required string TargetName { get; init; }

    /// <summary>Windows, limits, time-outs.</summary>
    public Http2ConnectionOptions Http2 { get; init; } = new();

    /// <summary>How long sent bytes may stay unacknowledged before the connection is given up; null for the system's own limit.</summary>
    public TimeSpan? UserTimeout { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
