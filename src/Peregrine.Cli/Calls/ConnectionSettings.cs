// SPDX-License-Identifier: Apache-2.0

using System;
using System.Net;

namespace Peregrine.Cli.Calls;

/// <summary>Which server to connect to, and how.</summary>
internal sealed record ConnectionSettings
{
    /// <summary>How long a connection may take, TLS and the server's first HTTP/2 frame included, if nothing else is said.</summary>
    public static readonly TimeSpan DefaultConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The address as the user wrote it.</summary>
    public required string Address { get; init; }

    /// <summary>Whether to use TLS; null when the user leaves it to the address.</summary>
    public bool? Tls { get; init; }

    /// <summary>A PEM file of certificates to trust; null for those of the system.</summary>
    public string? CaCertificate { get; init; }

    /// <summary>The PEM file of the client's certificate chain, or null.</summary>
    public string? Certificate { get; init; }

    /// <summary>The PEM file of the client's private key, or null.</summary>
    public string? Key { get; init; }

    /// <summary>Whether any certificate of the server is accepted.</summary>
    public bool SkipsVerification { get; init; }

    /// <summary>The <c>:authority</c> of calls; null for the address.</summary>
    public string? Authority { get; init; }

    /// <summary>The name to expect in the server's certificate; null for that of the address.</summary>
    public string? ServerName { get; init; }

    /// <summary>How long a connection may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = DefaultConnectTimeout;

    /// <summary>The largest message to accept, in bytes; null for no limit.</summary>
    public int? MaxMessageSize { get; init; } = 64 << 20;

    /// <summary>Headers of all calls, those for reflection included.</summary>
    public Metadata Headers { get; init; } = [];

    /// <summary>Further credentials of all calls, which need a request to be had; null for none.</summary>
    public CallCredentials? Credentials { get; init; }

    /// <summary>Whether TLS is used: as the user says, or as the address's scheme says; without both, unless the server is on this machine.</summary>
    /// <exception cref="ToolException">The user's choice contradicts the scheme.</exception>
    public bool UsesTls
    {
        get
        {
            bool? byScheme = Address.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? true
                : Address.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? false
                : null;
            if (Tls is { } wanted && byScheme is { } said && wanted != said)
            {
                throw new ToolException($"The address \"{Address}\" says {(said ? "TLS" : "plaintext")}, but the flag says {(wanted ? "TLS" : "plaintext")}. Leave one away.", ExitCode.Usage);
            }

            return Tls ?? byScheme ?? !IsOnThisMachine;
        }
    }

    /// <summary>Whether the address is one of this machine, so that nobody reads what is sent.</summary>
    public bool IsOnThisMachine =>
        Address.StartsWith("unix", StringComparison.OrdinalIgnoreCase) && !TryGetHost(out _, out _)
        || (TryGetHost(out var host, out _) && (host == "localhost" || host.EndsWith(".localhost", StringComparison.Ordinal)
            || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address))));

    /// <summary>The host and port of the address; false when it has none, such as that of a Unix socket.</summary>
    public bool TryGetHost(out string host, out int port)
    {
        (host, port) = ("", 0);
        var scheme = Address.IndexOf("://", StringComparison.Ordinal);
        var rest = scheme < 0 ? Address : Address[(scheme + 3)..].TrimStart('/');
        foreach (var prefix in new[] { "dns:", "ipv4:", "ipv6:" })
        {
            rest = rest.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? rest[prefix.Length..].TrimStart('/') : rest;
        }

        if (Address.StartsWith("unix:/", StringComparison.OrdinalIgnoreCase) || Address.StartsWith("unix-abstract:", StringComparison.OrdinalIgnoreCase)
            || !Uri.TryCreate("tcp://" + rest, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            return false;
        }

        (host, port) = (uri.Host.Trim('[', ']'), uri.Port > 0 ? uri.Port : Address.StartsWith("http:", StringComparison.OrdinalIgnoreCase) ? 80 : 443);
        return true;
    }
}
