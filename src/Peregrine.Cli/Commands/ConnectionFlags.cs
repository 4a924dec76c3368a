// SPDX-License-Identifier: Apache-2.0

using System;
using System.Buffers;
using System.CommandLine;
using System.Linq;
using Peregrine.Cli.Calls;

namespace Peregrine.Cli.Commands;

/// <summary>The options of commands that talk to a server: how to reach it, and what to say to it.</summary>
internal sealed class ConnectionFlags
{
    // RFC 3986 section 3.2, without user information (RFC 9113 section 8.3.1).
    private static readonly SearchValues<char> AuthorityCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:[]%!$&'()*+,;=");

    private readonly Option<bool> _tls = new("--tls") { Description = "Use TLS." };
    private readonly Option<bool> _plaintext = new("--plaintext") { Description = "Use no TLS. Without either flag: what http:// or https:// says, else plaintext on this machine and TLS elsewhere." };
    private readonly Option<string?> _caCertificate = new("--cacert") { Description = "Trust the certificates of this PEM file instead of the system's.", HelpName = "FILE" };
    private readonly Option<string?> _certificate = new("--cert") { Description = "The client's certificate chain (PEM), with --key.", HelpName = "FILE" };
    private readonly Option<string?> _key = new("--key") { Description = "The client's private key (PEM).", HelpName = "FILE" };
    private readonly Option<bool> _insecure = new("--insecure", "-k") { Description = "Accept any certificate of the server: anybody can be it." };
    private readonly Option<string?> _serverName = new("--servername") { Description = "The name to expect in the server's certificate.", HelpName = "NAME" };
    private readonly Option<string?> _authority = new("--authority") { Description = "The :authority of calls.", HelpName = "NAME" };
    private readonly Option<string[]> _headers = new("--header", "-H") { Description = "Send a header; may be given several times. The value of a -bin name is base64.", HelpName = "'NAME: VALUE'" };
    private readonly Option<string?> _token = new("--token") { Description = "Send \"authorization: Bearer TOKEN\"; @FILE reads it from a file.", HelpName = "TOKEN" };
    private readonly OAuth2Flags _oauth2 = new();
    private readonly Option<TimeSpan?> _connectTimeout = DurationArgument.Option("--connect-timeout", "How long a connection, or an answer of reflection, may take; 10s by default.");
    private readonly Option<int?> _maxMessageSize = new("--max-message-size") { Description = "The largest message to accept, in bytes; 64 MiB by default, 0 for no limit.", HelpName = "BYTES" };

    /// <summary>Makes them.</summary>
    public ConnectionFlags() => Group = new OptionGroup("Connection", [_tls, _plaintext, _caCertificate, _certificate, _key, _insecure, _serverName, _authority, _headers, _token, .. _oauth2.Options, _connectTimeout, _maxMessageSize]);

    /// <summary>All of them.</summary>
    public OptionGroup Group { get; }

    /// <summary>What the user chose.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="address">The address on it.</param>
    /// <param name="terminal">Where warnings go.</param>
    /// <exception cref="ToolException">Flags contradict each other, or a value cannot be used.</exception>
    public ConnectionSettings Read(ParseResult result, string address, Terminal terminal)
    {
        if (result.GetValue(_tls) && result.GetValue(_plaintext))
        {
            throw new ToolException("--tls and --plaintext exclude each other.", ExitCode.Usage);
        }

        Metadata headers = [.. (result.GetValue(_headers) ?? []).Select(HeaderArgument.Parse)];
        if (result.GetValue(_token) is { } token)
        {
            // Often a variable that is not set.
            headers.Add(token.Length > 0 ? HeaderArgument.OfToken(token) : throw new ToolException("--token is empty.", ExitCode.Usage));
        }

        if (result.GetValue(_authority) is { } authority && (authority.Length == 0 || authority.AsSpan().ContainsAnyExcept(AuthorityCharacters)))
        {
            throw new ToolException($"--authority \"{authority}\" is malformed. Write a host, or host:port.", ExitCode.Usage);
        }

        var credentials = _oauth2.Read(result);
        if (credentials is not null && result.GetValue(_token) is not null)
        {
            throw new ToolException("--token and --oauth2-url exclude each other.", ExitCode.Usage);
        }

        var settings = new ConnectionSettings
        {
            Address = address,
            Tls = result.GetValue(_tls) ? true : result.GetValue(_plaintext) ? false : null,
            CaCertificate = result.GetValue(_caCertificate),
            Certificate = result.GetValue(_certificate),
            Key = result.GetValue(_key),
            SkipsVerification = result.GetValue(_insecure),
            ServerName = result.GetValue(_serverName),
            Authority = result.GetValue(_authority),
            Headers = headers,
            Credentials = credentials,
            ConnectTimeout = result.GetValue(_connectTimeout) ?? ConnectionSettings.DefaultConnectTimeout,
        };
        if (result.GetValue(_maxMessageSize) is { } size)
        {
            settings = settings with
            {
                MaxMessageSize = size switch { > 0 => size, 0 => null, _ => throw new ToolException($"--max-message-size {size} is negative.", ExitCode.Usage) },
            };
        }

        if (settings.SkipsVerification && settings.UsesTls)
        {
            terminal.Warn("the server's certificate is not checked (--insecure): whoever answers may be another.");
        }

        if ((credentials is not null || result.GetValue(_token) is not null) && !settings.UsesTls && !settings.IsOnThisMachine)
        {
            terminal.Warn($"the token goes to \"{address}\" in plain text, readable for everybody on the way.");
        }

        return settings;
    }
}
