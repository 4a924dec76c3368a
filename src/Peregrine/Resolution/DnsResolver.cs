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
/// (RFC 6724). Asked anew before each attempt to connect, so a changed name is noticed at the next reconnect. Thread-safe.
/// </summary>
internal sealed class DnsResolver
{
    private readonly ChannelTarget _target;
    private readonly int _port;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _lookup;

    /// <param name="target">What to resolve.</param>
    /// <param name="secure">Whether the channel uses TLS: decides the port when the target names none.</param>
    /// <param name="lookup">The name lookup; null means the system's.</param>
    internal DnsResolver(ChannelTarget target, bool secure, Func<string, CancellationToken, Task<IPAddress[]>>? lookup = null)
    {
        _target = target;
        _port = target.PortOrDefault(secure);
        _lookup = lookup ?? Dns.GetHostAddressesAsync;
    }

    /// <summary>Resolves the target once.</summary>
    /// <exception cref="SocketException">The name does not exist or the resolver cannot be reached.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal async ValueTask<IReadOnlyList<EndPoint>> ResolveAsync(CancellationToken cancellationToken)
    {
        if (_target.Addresses is { } known)
        {
            return known;
        }

        var found = await _lookup(_target.Host, cancellationToken).ConfigureAwait(false);
        var endpoints = new List<EndPoint>(found.Length);
        foreach (var address in found)
        {
            var endpoint = new IPEndPoint(address, _port);
            if (!endpoints.Contains(endpoint))
            {
                endpoints.Add(endpoint);
            }
        }

        return endpoints;
    }
}
