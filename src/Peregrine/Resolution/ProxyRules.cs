// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Resolution;

/// <summary>Which proxy, if any, leads to a host. Immutable.</summary>
internal sealed class ProxyRules
{
    private readonly HttpProxy? _proxy;
    private readonly NoProxyList? _exceptions;

    private ProxyRules(HttpProxy? proxy, NoProxyList? exceptions)
    {
        _proxy = proxy;
        _exceptions = exceptions;
    }

    /// <summary>No proxy at all.</summary>
    internal static ProxyRules None { get; } = new(null, null);

    /// <summary>One proxy for every host.</summary>
    internal static ProxyRules Always(HttpProxy proxy) => new(proxy, null);

    /// <summary>
    /// What gRPC's environment variables say (the document "environment_variables"): the first that is set of <c>grpc_proxy</c>,
    /// <c>https_proxy</c>, <c>http_proxy</c>, where an empty one means none; and of <c>no_grpc_proxy</c>, <c>no_proxy</c>.
    /// </summary>
    /// <param name="variable">Gives the value of a variable, or null.</param>
    /// <exception cref="InvalidOperationException">The variable does not hold the address of a proxy.</exception>
    internal static ProxyRules FromEnvironment(Func<string, string?> variable)
    {
        foreach (var name in (ReadOnlySpan<string>)["grpc_proxy", "https_proxy", "http_proxy"])
        {
            if (variable(name)?.Trim() is not { } address)
            {
                continue;
            }

            if (address.Length == 0)
            {
                break;
            }

            return HttpProxy.TryParse(address, $"the environment variable {name}", out var proxy, out var problem)
                ? new ProxyRules(proxy, new NoProxyList(variable("no_grpc_proxy") ?? variable("no_proxy")))
                : throw new InvalidOperationException($"{char.ToUpperInvariant(problem[0])}{problem[1..]}");
        }

        return None;
    }

    /// <summary>The proxy that leads to a host, or null.</summary>
    internal HttpProxy? Find(string host, int port) => _exceptions is not null && _exceptions.Includes(host, port) ? null : _proxy;
}
