// SPDX-License-Identifier: Apache-2.0
using System;
using System.Globalization;

namespace Peregrine.Transport;

/// <summary>Reads the addresses that servers listen on.</summary>
internal static class ListenAddress
{
    /// <summary>Splits <c>host:port</c>; an IPv6 address stands in brackets.</summary>
    /// <exception cref="ArgumentException">It has another form; the message shows the right one.</exception>
    public static (string Host, int Port) Parse(string address)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        var colon = address.LastIndexOf(':');
        var host = colon > 0 ? address[..colon] : "";
        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            host = host[1..^1];
        }
        else if (host.Contains(':', StringComparison.Ordinal))
        {
            host = "";
        }

        return host.Length > 0
            && ushort.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? (host, port)
            : throw new ArgumentException(
                $"'{address}' is not an address to listen on: host:port is expected, such as 127.0.0.1:9090, localhost:0 or [::]:9090.",
                nameof(address));
    }
}
