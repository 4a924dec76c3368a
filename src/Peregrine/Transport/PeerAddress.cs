// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Peregrine.Transport;

/// <summary>Addresses as gRPC writes them: <c>ipv4:127.0.0.1:1234</c>, <c>ipv6:[::1]:1234</c>.</summary>
internal static class PeerAddress
{
    /// <summary>The text of an end point; IPv4 addresses mapped into IPv6 are written as IPv4.</summary>
    public static string Format(EndPoint? endPoint)
    {
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
