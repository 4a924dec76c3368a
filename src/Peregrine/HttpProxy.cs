// SPDX-License-Identifier: Apache-2.0
using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Peregrine;

/// <summary>An HTTP proxy that tunnels connections by CONNECT. Immutable; no text made of it names user or password.</summary>
internal sealed class HttpProxy
{
    private HttpProxy(string host, int port, string? authorization, string source)
    {
        Host = host;
        Port = port;
        Authorization = authorization;
        Source = source;
    }

    /// <summary>The host, without brackets.</summary>
    internal string Host { get; }

    internal int Port { get; }

    /// <summary>The value of <c>Proxy-Authorization</c> (RFC 7617); null when the address names no user.</summary>
    internal string? Authorization { get; }

    /// <summary>Where it was set: a variable or an option, for messages.</summary>
    internal string Source { get; }

    /// <summary>Host and port.</summary>
    public override string ToString() => FormatEndpoint(Host, Port);

    /// <summary>Host and port as HTTP writes them: an IPv6 address in brackets, a name in ASCII.</summary>
    internal static string FormatEndpoint(string host, int port)
    {
        var written = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]"
            : Ascii.IsValid(host) ? host
            : new IdnMapping().GetAscii(host);
        return string.Create(CultureInfo.InvariantCulture, $"{written}:{port}");
    }

    /// <summary>Parses <c>http://user:password@host:port</c>; the scheme, the user and the port (80) may be missing.</summary>
    /// <param name="address">The address.</param>
    /// <param name="source">Where it was set.</param>
    /// <param name="proxy">The proxy.</param>
    /// <param name="problem">What is wrong; does not repeat the address, which may hold a password.</param>
    internal static bool TryParse(
        string address, string source, [NotNullWhen(true)] out HttpProxy? proxy, [NotNullWhen(false)] out string? problem)
    {
        proxy = null;
        problem = null;
        var hasScheme = address.Contains("://", StringComparison.Ordinal);
        if (!Uri.TryCreate(hasScheme ? address : $"http://{address}", UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            problem = $"{source} is not the address of a proxy; write http://host:port or http://user:password@host:port.";
        }
        else if (uri.Scheme != Uri.UriSchemeHttp)
        {
            problem = $"{source} names a proxy of the scheme '{uri.Scheme}', and only http is supported: write http://host:port.";
        }
        else if (uri.PathAndQuery is not ("" or "/") || uri.Fragment.Length > 0)
        {
            problem = $"{source} has more than the address of a proxy; write http://host:port or http://user:password@host:port.";
        }
        else
        {
            var host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host.Trim('[', ']') : uri.IdnHost;
            var authorization = uri.UserInfo.Length == 0 ? null
                : "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(uri.UserInfo)));
            proxy = new HttpProxy(host, uri.Port, authorization, source);
        }

        return proxy is not null;
    }
}
