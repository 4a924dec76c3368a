// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Peregrine.Resolution;

/// <summary>
/// A channel's target, parsed once: what to resolve, which port, which <c>:authority</c>. Takes <c>http://</c> and <c>https://</c>
/// addresses and the targets of the gRPC document "naming": <c>host:port</c>, <c>dns:host:port</c>, <c>dns:///host:port</c>,
/// <c>ipv4:a:p,b:p</c>, <c>ipv6:[a]:p</c>, <c>unix:path</c>, <c>unix:///path</c>, <c>unix-abstract:name</c>;
/// and <c>inproc:name</c>, a server of this process. Immutable.
/// </summary>
internal sealed class ChannelTarget
{
    private const int HttpPort = 80;
    private const int HttpsPort = 443;

    // What stands for the host of a Unix domain socket or an in-process name, which have none: in :authority, and in certificates.
    private const string LocalAuthority = "localhost";

    private ChannelTarget(string text, bool? isSecure, string authority, string host, int? port, EndPoint[]? addresses)
    {
        Text = text;
        IsSecure = isSecure;
        Authority = authority;
        Host = host;
        Port = port;
        Addresses = addresses;
    }

    /// <summary>The target as the user wrote it.</summary>
    internal string Text { get; }

    /// <summary>Whether the scheme asked for TLS (<c>https</c>) or is without (<c>http</c>, <c>inproc</c>); null when the target does not say.</summary>
    internal bool? IsSecure { get; }

    /// <summary>The value of <c>:authority</c>: the endpoint as written.</summary>
    internal string Authority { get; }

    /// <summary>The host alone, without port and without the brackets of an IPv6 address: what DNS resolves and TLS checks.</summary>
    internal string Host { get; }

    /// <summary>The port, or null when the target names none.</summary>
    internal int? Port { get; }

    /// <summary>Addresses that the target names outright, so that nothing is resolved; null when <see cref="Host"/> is a name.</summary>
    internal IReadOnlyList<EndPoint>? Addresses { get; }

    /// <summary>Whether the server is in this process: nothing that is sent leaves its memory.</summary>
    internal bool IsInProcess => Addresses is [InProcessEndPoint];

    /// <summary>The port to connect to when the target names none: 443 with TLS, 80 without.</summary>
    internal int PortOrDefault(bool secure) => Port ?? (secure ? HttpsPort : HttpPort);

    /// <summary>The target with its scheme, as gRFC A66 wants it for <c>grpc.target</c>.</summary>
    internal string CanonicalText =>
        Addresses is null or [IPEndPoint] && (IsSecure is not null || Text == Authority) ? $"dns:///{Authority}" : Text;

    /// <summary>The one host, address or socket that the target names, or else the whole target (OpenTelemetry's <c>server.address</c>).</summary>
    internal string ServerAddress => Addresses switch
    {
        null or [IPEndPoint] => Host,
        [UnixDomainSocketEndPoint socket] => socket.ToString(),
        _ => Text,
    };

    /// <summary>The port to <see cref="ServerAddress"/>; null where that has none.</summary>
    internal int? ServerPort(bool secure) => Addresses is null or [IPEndPoint] ? PortOrDefault(secure) : null;

    /// <summary>Parses <paramref name="target"/>.</summary>
    /// <exception cref="ArgumentException">The target is not one of the forms above; the message says why.</exception>
    internal static ChannelTarget Parse(string target)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(target);
        if (InProcessEndPoint.TryParse(target, out var name, out var problem))
        {
            return name is null
                ? throw Malformed(target, problem!)
                : new ChannelTarget(target, isSecure: false, LocalAuthority, LocalAuthority, null, [name]);
        }

        var separator = target.IndexOf("://", StringComparison.Ordinal);
        if (separator > 0)
        {
            var scheme = target[..separator].ToLowerInvariant();
            return scheme switch
            {
                "http" => ParseHttp(target, secure: false),
                "https" => ParseHttp(target, secure: true),
                "dns" => ParseDns(target, target[(separator + 3)..]),
                "unix" => ParseUnix(target, target[(separator + 3)..], isRooted: true),
                _ => throw Unknown(target, scheme),
            };
        }

        if (target.StartsWith("dns:", StringComparison.OrdinalIgnoreCase) && !IsPortOnly(target, 4))
        {
            return ParseEndpoint(target, target[4..], isSecure: null);
        }

        if (target.StartsWith("ipv4:", StringComparison.OrdinalIgnoreCase))
        {
            return ParseAddresses(target, target[5..], AddressFamily.InterNetwork);
        }

        if (target.StartsWith("ipv6:", StringComparison.OrdinalIgnoreCase))
        {
            return ParseAddresses(target, target[5..], AddressFamily.InterNetworkV6);
        }

        if (target.StartsWith("unix:", StringComparison.OrdinalIgnoreCase) && !IsPortOnly(target, 5))
        {
            return ParseUnix(target, target[5..], isRooted: false);
        }

        if (target.StartsWith("unix-abstract:", StringComparison.OrdinalIgnoreCase))
        {
            return OfUnixSocket(target, UnixSocketPath.Abstract(target[14..]));
        }

        return ParseEndpoint(target, target, isSecure: null);
    }

    private static ChannelTarget ParseHttp(string target, bool secure)
    {
        if (!Uri.TryCreate(target, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            throw Malformed(target, "it is not a valid URI");
        }

        if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.AbsolutePath is not ("/" or ""))
        {
            throw Malformed(target, "a gRPC address has a scheme, a host and a port only; the path is that of the called method");
        }

        var host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host.Trim('[', ']') : uri.IdnHost;
        var authority = uri.IsDefaultPort
            ? BracketIfIPv6(host)
            : string.Create(CultureInfo.InvariantCulture, $"{BracketIfIPv6(host)}:{uri.Port}");
        return new ChannelTarget(target, secure, authority, host, uri.Port, LiteralAddress(host, uri.Port));
    }

    private static ChannelTarget ParseDns(string target, string rest)
    {
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            throw Malformed(target, "write dns:///host:port, with three slashes, or dns:host:port");
        }

        if (slash > 0)
        {
            throw Malformed(target, $"a DNS server of one's own ('{rest[..slash]}') is not supported; write dns:///host:port");
        }

        return ParseEndpoint(target, rest[1..], isSecure: null);
    }

    // unix:path, relative or absolute; of unix://authority/path the authority is empty.
    private static ChannelTarget ParseUnix(string target, string path, bool isRooted) =>
        isRooted && !path.StartsWith('/')
            ? throw Malformed(target, "write unix:///absolute/path, with three slashes, or unix:path")
            : OfUnixSocket(target, path);

    private static ChannelTarget OfUnixSocket(string target, string path)
    {
        if (UnixSocketPath.TryCreate(path, out var endPoint, out var problem))
        {
            return new ChannelTarget(target, null, LocalAuthority, LocalAuthority, null, [endPoint]);
        }

        throw Malformed(target, problem);
    }

    private static ChannelTarget ParseEndpoint(string target, string endpoint, bool? isSecure)
    {
        string host;
        int? port = null;
        if (endpoint.StartsWith('['))
        {
            var close = endpoint.IndexOf(']', StringComparison.Ordinal);
            if (close < 0)
            {
                throw Malformed(target, "the bracket of the IPv6 address is not closed");
            }

            host = endpoint[1..close];
            var rest = endpoint[(close + 1)..];
            if (rest.Length > 0)
            {
                port = rest[0] == ':' ? ParsePort(target, rest[1..]) : throw Malformed(target, "after the bracket only :port may stand");
            }
        }
        else
        {
            var colon = endpoint.IndexOf(':', StringComparison.Ordinal);
            if (colon >= 0 && colon != endpoint.LastIndexOf(':'))
            {
                // Two colons without brackets: a bare IPv6 address, which can have no port.
                host = endpoint;
            }
            else if (colon >= 0)
            {
                host = endpoint[..colon];
                port = ParsePort(target, endpoint[(colon + 1)..]);
            }
            else
            {
                host = endpoint;
            }
        }

        if (host.Length == 0)
        {
            throw Malformed(target, "the host is missing");
        }

        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            throw Malformed(target, $"'{host}' is not a host name or an IP address");
        }

        var authority = host == endpoint ? BracketIfIPv6(host) : endpoint;
        return new ChannelTarget(target, isSecure, authority, host, port, port is { } known ? LiteralAddress(host, known) : null);
    }

    private static ChannelTarget ParseAddresses(string target, string list, AddressFamily family)
    {
        var parts = list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length == 0)
        {
            throw Malformed(target, "it names no address");
        }

        var addresses = new IPEndPoint[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!IPEndPoint.TryParse(parts[i], out var address) || address.AddressFamily != family)
            {
                throw Malformed(target, $"'{parts[i]}' is not an address of the kind that the scheme names");
            }

            if (address.Port == 0)
            {
                address.Port = HttpsPort;
            }

            addresses[i] = address;
        }

        return new ChannelTarget(target, null, parts[0], addresses[0].Address.ToString(), addresses[0].Port, addresses);
    }

    private static IPEndPoint[]? LiteralAddress(string host, int port) =>
        IPAddress.TryParse(host, out var address) ? [new IPEndPoint(address, port)] : null;

    private static string BracketIfIPv6(string host) => host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;

    // "dns:53" and "unix:80" are hosts named "dns" and "unix" with a port.
    private static bool IsPortOnly(string target, int start) =>
        start < target.Length && !target.AsSpan(start).ContainsAnyExceptInRange('0', '9');

    private static int ParsePort(string target, string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? port
            : throw Malformed(target, $"'{text}' is not a port (1 to 65535)");

    private static ArgumentException Unknown(string target, string scheme) => Malformed(
        target,
        $"the scheme '{scheme}' is not known; use http://, https://, dns:///host:port, ipv4:, ipv6:, unix:, inproc: or plain host:port");

    private static ArgumentException Malformed(string target, string why) =>
        new($"'{target}' is not a channel target: {why}.", nameof(target));
}
