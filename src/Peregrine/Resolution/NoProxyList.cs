// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;

namespace Peregrine.Resolution;

/// <summary>
/// The hosts that are reached without a proxy, as the variable <c>no_proxy</c> lists them, separated by commas. Immutable.
/// <list type="table">
/// <item><term><c>example.com</c></term><description>the host and all below it</description></item>
/// <item><term><c>.example.com</c>, <c>*.example.com</c></term><description>what is below it</description></item>
/// <item><term><c>10.1.2.3</c>, <c>::1</c></term><description>an address</description></item>
/// <item><term><c>10.0.0.0/8</c>, <c>fd00::/8</c></term><description>a network (RFC 4632)</description></item>
/// <item><term><c>*</c></term><description>everything</description></item>
/// </list>
/// A port after an entry, <c>example.com:443</c>, restricts it to that port. Names are compared without regard to case and are not resolved.
/// </summary>
internal sealed class NoProxyList
{
    private readonly List<Entry> _entries = [];

    internal NoProxyList(string? list)
    {
        foreach (var text in (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            _entries.Add(Entry.Parse(text));
        }
    }

    /// <summary>Whether the list names the host.</summary>
    /// <param name="host">A name or an address, without brackets.</param>
    /// <param name="port">The port.</param>
    internal bool Includes(string host, int port)
    {
        var name = host.TrimEnd('.');
        var address = IPAddress.TryParse(host, out var parsed) ? Unmapped(parsed) : null;
        return _entries.Exists(entry => (entry.Port is null || entry.Port == port) && entry.Includes(name, address));
    }

    private static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private sealed record Entry(int? Port, string? Name, bool IsBelowOnly, IPAddress? Network, int PrefixLength)
    {
        internal static Entry Parse(string text)
        {
            if (text == "*")
            {
                return new Entry(null, "", IsBelowOnly: false, null, 0);
            }

            var slash = text.IndexOf('/', StringComparison.Ordinal);
            if (slash > 0
                && IPAddress.TryParse(text.AsSpan(0, slash), out var network)
                && byte.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                && length <= network.GetAddressBytes().Length * 8)
            {
                return new Entry(null, null, false, network, length);
            }

            var (host, port) = SplitPort(text);
            if (IPAddress.TryParse(host, out var address))
            {
                address = Unmapped(address);
                return new Entry(port, null, false, address, address.GetAddressBytes().Length * 8);
            }

            var name = host.StartsWith("*.", StringComparison.Ordinal) ? host[1..] : host;
            return new Entry(port, name.Trim('.'), name.StartsWith('.'), null, 0);
        }

        internal bool Includes(string name, IPAddress? address)
        {
            if (Network is not null)
            {
                return address is not null && IsInNetwork(address.GetAddressBytes(), Network.GetAddressBytes(), PrefixLength);
            }

            // "" stands for "*". Other names have no addresses below them.
            return Name is ""
                || (address is null
                    && name.EndsWith(Name!, StringComparison.OrdinalIgnoreCase)
                    && (name.Length == Name!.Length ? !IsBelowOnly : name[^(Name.Length + 1)] == '.'));
        }

        // host:port, [address]:port, host, address. Two colons without brackets are an address without port.
        private static (string Host, int? Port) SplitPort(string text)
        {
            var colon = text.LastIndexOf(':');
            var isPort = colon > 0
                && (text[colon - 1] == ']' || text.IndexOf(':', StringComparison.Ordinal) == colon)
                && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);
            var host = isPort ? text[..colon] : text;
            return (host.Trim('[', ']'), isPort ? int.Parse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture) : null);
        }

        private static bool IsInNetwork(byte[] address, byte[] network, int prefixLength)
        {
            if (address.Length != network.Length)
            {
                return false;
            }

            var (whole, rest) = Math.DivRem(prefixLength, 8);
            return address.AsSpan(0, whole).SequenceEqual(network.AsSpan(0, whole))
                && (rest == 0 || (address[whole] ^ network[whole]) >> (8 - rest) == 0);
        }
    }
}
