// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Resolution;

/// <summary>
/// Turns a channel's target into addresses: those it names outright, or what the system's resolver answers, in the order it answers
/// (RFC 6724); behind a proxy, the proxy's addresses with the tunnels to ask it for. Asked anew before each attempt to connect, so a
/// changed name is noticed at the next reconnect. Thread-safe.
/// </summary>
internal sealed class DnsResolver
{
    private readonly ChannelTarget _target;
    private readonly int _port;
    private readonly ProxyRules _proxies;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _lookup;

    /// <param name="target">What to resolve.</param>
    /// <param name="secure">Whether the channel uses TLS: decides the port when the target names none.</param>
    /// <param name="proxies">Which proxies lead to it.</param>
    /// <param name="lookup">The name lookup; null means the system's.</param>
    internal DnsResolver(
        ChannelTarget target, bool secure, ProxyRules proxies, Func<string, CancellationToken, Task<IPAddress[]>>? lookup = null)
    {
        _target = target;
        _port = target.PortOrDefault(secure);
        _proxies = proxies;
        _lookup = lookup ?? Dns.GetHostAddressesAsync;
    }

    /// <summary>The name that is looked up, for messages.</summary>
    internal string Subject => _proxies.Find(_target.Host, _port) is { } proxy
        ? $"the proxy '{proxy.Host}' ({proxy.Source}) of target '{_target.Text}'"
        : $"'{_target.Host}' of target '{_target.Text}'";

    /// <summary>Resolves the target once.</summary>
    /// <exception cref="SocketException">The name does not exist or the resolver cannot be reached.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal async ValueTask<IReadOnlyList<EndPoint>> ResolveAsync(CancellationToken cancellationToken)
    {
        if (_target.Addresses is not { } known)
        {
            return _proxies.Find(_target.Host, _port) is { } proxy
                ? await ResolveTunnelsAsync(proxy, _target.Host, _port, cancellationToken).ConfigureAwait(false)
                : await LookUpAsync(_target.Host, _port, cancellationToken).ConfigureAwait(false);
        }

        var endpoints = new List<EndPoint>(known.Count);
        foreach (var address in known)
        {
            // Sockets of this machine and servers of this process have no proxy.
            if (address is IPEndPoint ip && _proxies.Find(ip.Address.ToString(), ip.Port) is { } proxy)
            {
                endpoints.AddRange(await ResolveTunnelsAsync(proxy, ip.Address.ToString(), ip.Port, cancellationToken).ConfigureAwait(false));
            }
            else
            {
                endpoints.Add(address);
            }
        }

        return endpoints;
    }

    private async Task<List<ProxiedEndPoint>> ResolveTunnelsAsync(HttpProxy proxy, string host, int port, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(proxy.Host, out var literal)
            ? [new IPEndPoint(literal, proxy.Port)]
            : await LookUpAsync(proxy.Host, proxy.Port, cancellationToken).ConfigureAwait(false);
        var target = HttpProxy.FormatEndpoint(host, port);
        return addresses.ConvertAll(address => new ProxiedEndPoint(proxy, address, target));
    }

    private async Task<List<IPEndPoint>> LookUpAsync(string host, int port, CancellationToken cancellationToken)
    {
        var found = await _lookup(host, cancellationToken).ConfigureAwait(false);
        var endpoints = new List<IPEndPoint>(found.Length);
        foreach (var address in found)
        {
            var endpoint = new IPEndPoint(address, port);
            if (!endpoints.Contains(endpoint))
            {
                endpoints.Add(endpoint);
            }
        }

        return endpoints;
    }
}
