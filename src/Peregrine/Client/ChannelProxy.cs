// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Resolution;

namespace Peregrine.Client;

/// <summary>
/// Whether a channel reaches its server through an HTTP proxy, by CONNECT (RFC 9110 section 9.3.6): with plaintext and with TLS, which
/// stays between channel and server. The proxy, not the channel, resolves the server's name. Immutable.
/// </summary>
public sealed class ChannelProxy
{
    private readonly Func<ProxyRules> _rules;

    private ChannelProxy(Func<ProxyRules> rules) => _rules = rules;

    /// <summary>
    /// What gRPC's environment variables say when the channel is made: the proxy is the first that is set of <c>grpc_proxy</c>,
    /// <c>https_proxy</c>, <c>http_proxy</c> (an empty one means none); hosts without proxy are those of <c>no_grpc_proxy</c>, or else of
    /// <c>no_proxy</c>. As in gRPC's other implementations, the names are in lower case and loopback addresses are no exception.
    /// </summary>
    public static ChannelProxy FromEnvironment { get; } = FromVariables(Environment.GetEnvironmentVariable);

    /// <summary>No proxy, whatever the environment says.</summary>
    public static ChannelProxy None { get; } = new(() => ProxyRules.None);

    /// <summary>A proxy for this channel, whatever the environment says.</summary>
    /// <param name="address">
    /// <c>http://host:port</c> or <c>http://user:password@host:port</c>; user and password, percent-encoded, are sent as
    /// <c>Proxy-Authorization: Basic</c> and appear in no message.
    /// </param>
    /// <returns>The setting.</returns>
    /// <exception cref="ArgumentException">The address is not of that form.</exception>
    public static ChannelProxy ForAddress(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!HttpProxy.TryParse(address.OriginalString, "the address of ChannelProxy.ForAddress", out var proxy, out var problem))
        {
            throw new ArgumentException($"{char.ToUpperInvariant(problem[0])}{problem[1..]}", nameof(address));
        }

        var rules = ProxyRules.Always(proxy);
        return new ChannelProxy(() => rules);
    }

    /// <summary>Like <see cref="FromEnvironment"/>, with variables from elsewhere.</summary>
    internal static ChannelProxy FromVariables(Func<string, string?> variable) => new(() => ProxyRules.FromEnvironment(variable));

    /// <summary>The rules for a channel that is made now.</summary>
    /// <exception cref="InvalidOperationException">A variable does not hold the address of a proxy.</exception>
    internal ProxyRules Read() => _rules();
}
