// SPDX-License-Identifier: Apache-2.0
using System;
using System.Globalization;
using System.Net.Sockets;

namespace Peregrine.Transport;

/// <summary>An address that a server listens on: a host and a port, a Unix domain socket, or a name of this process.</summary>
/// <param name="Text">The address as errors show it.</param>
/// <param name="Host">An IP address, a host name, <c>localhost</c>, or <c>*</c> for every address; empty beside a socket's path or a name.</param>
/// <param name="Port">The port; 0 lets the system choose.</param>
/// <param name="Unix">The Unix domain socket; null for other addresses.</param>
/// <param name="InProcess">The name of this process; null for other addresses.</param>
internal sealed record ListenAddress(string Text, string Host, int Port, UnixDomainSocketEndPoint? Unix = null, InProcessEndPoint? InProcess = null)
{
    private const string UnixScheme = "unix:";
    private const string AbstractScheme = "unix-abstract:";

    /// <summary>The address of a host and a port.</summary>
    public static ListenAddress Of(string host, int port) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{host}:{port}"), host, port);

    /// <summary>Reads <c>host:port</c>, where an IPv6 address stands in brackets, <c>unix:path</c>, <c>unix-abstract:name</c> or <c>inproc:name</c>.</summary>
    /// <exception cref="ArgumentException">It has another form; the message shows the right one.</exception>
    public static ListenAddress Parse(string address)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        if (InProcessEndPoint.TryParse(address, out var name, out var wrong))
        {
            return name is null ? throw Malformed(address, wrong!) : new ListenAddress(address, "", 0, InProcess: name);
        }

        if (address.StartsWith(UnixScheme, StringComparison.OrdinalIgnoreCase)
            && address.AsSpan(UnixScheme.Length).ContainsAnyExceptInRange('0', '9'))
        {
            // unix:///path is the same as unix:/path.
            var path = address[UnixScheme.Length..];
            return OfUnix(address, path.StartsWith("///", StringComparison.Ordinal) ? path[2..] : path);
        }

        if (address.StartsWith(AbstractScheme, StringComparison.OrdinalIgnoreCase))
        {
            return OfUnix(address, UnixSocketPath.Abstract(address[AbstractScheme.Length..]));
        }

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
            ? Of(host, port)
            : throw Malformed(address, "host:port is expected, such as 127.0.0.1:9090, localhost:0 or [::]:9090; or unix:path; or inproc:name");
    }

    private static ListenAddress OfUnix(string address, string path) => UnixSocketPath.TryCreate(path, out var endPoint, out var problem)
        ? new ListenAddress(address, "", 0, endPoint)
        : throw Malformed(address, problem);

    private static ArgumentException Malformed(string address, string why) =>
        new($"'{address}' is not an address to listen on: {why}.", nameof(address));
}
