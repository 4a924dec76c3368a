// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Peregrine.Transport;

/// <summary>
/// Addresses as gRPC writes them: <c>ipv4:127.0.0.1:1234</c>, <c>ipv6:[::1]:1234</c>, <c>unix:/run/service.sock</c>, <c>unix-abstract:name</c>,
/// <c>inproc:name</c>; <c>unix:</c> alone is a client of a Unix domain socket, which has no path.
/// </summary>
internal static class PeerAddress
{
    /// <summary>The text of an end point; IPv4 addresses mapped into IPv6 are written as IPv4.</summary>
    public static string Format(EndPoint? endPoint)
    {
        if (endPoint is UnixDomainSocketEndPoint unix)
        {
            // Its text has '@' for the NUL that abstract names begin with.
            var path = unix.ToString();
            return path.StartsWith('@') ? $"unix-abstract:{path[1..]}" : $"unix:{path}";
        }

        if (endPoint is not IPEndPoint ip)
        {
            return endPoint?.ToString() ?? "unknown";
        }

        var address = ip.Address.IsIPv4MappedToIPv6 ? ip.Address.MapToIPv4() : ip.Address;
        return address.AddressFamily == AddressFamily.InterNetwork
            ? string.Create(CultureInfo.InvariantCulture, $"ipv4:{address}:{ip.Port}")
            : string.Create(CultureInfo.InvariantCulture, $"ipv6:[{address}]:{ip.Port}");
    }
}
