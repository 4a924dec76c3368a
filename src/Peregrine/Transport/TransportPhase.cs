// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Transport;

/// <summary>The step of connecting in which it failed.</summary>
internal enum TransportPhase
{
    /// <summary>The TCP connection.</summary>
    Connect,

    /// <summary>The tunnel through a proxy.</summary>
    Proxy,

    /// <summary>The TLS handshake.</summary>
    Tls,

    /// <summary>The wait for the peer's HTTP/2 SETTINGS.</summary>
    Settings,
}
