// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.CommandLine;
using Peregrine.Cli.Calls;
using Peregrine.Credentials;

namespace Peregrine.Cli.Commands;

/// <summary>The options by which a token is got of an OAuth 2.0 endpoint, with the client credentials grant.</summary>
internal sealed class OAuth2Flags
{
    private readonly Option<string?> _url = new("--oauth2-url") { Description = "Send a token of this OAuth 2.0 token endpoint.", HelpName = "URL" };
    private readonly Option<string?> _clientId = new("--oauth2-client-id") { Description = "The client's id at the endpoint.", HelpName = "ID" };
    private readonly Option<string?> _clientSecret = new("--oauth2-client-secret") { Description = "The client's secret; @FILE reads it from a file.", HelpName = "SECRET" };
    private readonly Option<string[]> _scopes = new("--oauth2-scope") { Description = "What the token is to be good for; may be given several times.", HelpName = "SCOPE" };

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> Options => [_url, _clientId, _clientSecret, _scopes];

    /// <summary>The credentials that the user chose; null for none.</summary>
    /// <exception cref="ToolException">A flag is missing, or a value cannot be used.</exception>
    public CallCredentials? Read(ParseResult result)
    {
        var (url, id, secret) = (result.GetValue(_url), result.GetValue(_clientId), result.GetValue(_clientSecret));
        if (url is null && id is null && secret is null)
        {
            return null;
        }

        if (url is null || id is null || secret is null)
        {
            throw new ToolException("--oauth2-url, --oauth2-client-id and --oauth2-client-secret are needed together.", ExitCode.Usage);
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var endpoint))
        {
            throw new ToolException($"--oauth2-url \"{url}\" is no URL such as https://id.example.com/token.", ExitCode.Usage);
        }

        var options = new OAuth2ClientOptions { TokenEndpoint = endpoint, ClientId = id, ClientSecret = HeaderArgument.ReadSecret(secret, "client secret") };
        foreach (var scope in result.GetValue(_scopes) ?? [])
        {
            options.Scopes.Add(scope);
        }

        try
        {
            return CallCredentials.FromTokenSource(new TokenSource(new OAuth2Client(options).GetTokenAsync));
        }
        catch (ArgumentException problem)
        {
            var end = problem.Message.IndexOf(" (Parameter '", StringComparison.Ordinal);
            throw new ToolException($"--oauth2-url: {(end < 0 ? problem.Message : problem.Message[..end])}", ExitCode.Usage);
        }
    }
}
