// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Peregrine;

/// <summary>An address that is reached by a tunnel through a proxy (RFC 9110 section 9.3.6). Immutable.</summary>
/// <param name="proxy">The proxy.</param>
/// <param name="proxyAddress">One of the proxy's addresses: what is connected to.</param>
/// <param name="target">Host and port that the proxy connects to; the proxy resolves the host.</param>
internal sealed class ProxiedEndPoint(HttpProxy proxy, IPEndPoint proxyAddress, string target) : EndPoint
{
    internal HttpProxy Proxy { get; } = proxy;

    internal IPEndPoint ProxyAddress { get; } = proxyAddress;

    internal string Target { get; } = target;

    /// <inheritdoc/>
    public override AddressFamily AddressFamily => ProxyAddress.AddressFamily;

    /// <summary>For messages.</summary>
    public override string ToString() => $"{Target} through the proxy {Proxy} at {ProxyAddress}";
}
