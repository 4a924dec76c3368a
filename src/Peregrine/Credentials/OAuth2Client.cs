// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Credentials;

/// <summary>
/// Gets access tokens of an OAuth 2.0 token endpoint: by the client's own id and secret (RFC 6749 section 4.4), or for a signed assertion (RFC 7523
/// section 2.1). Give it to a <see cref="TokenSource"/>, which keeps the tokens. Thread-safe. No exception and no log shows id, secret, assertion or token.
/// </summary>
/// <example>
/// <code>
/// var client = new OAuth2Client(new OAuth2ClientOptions
/// {
///     TokenEndpoint = new Uri("https://id.example.com/oauth2/token"),
///     ClientId = "reports",
///     ClientSecret = Environment.GetEnvironmentVariable("REPORTS_SECRET"),
///     Scopes = { "orders.read" },
/// });
/// CallCredentials credentials = CallCredentials.FromTokenSource(new TokenSource(client.GetTokenAsync));
/// </code>
/// </example>
public sealed class OAuth2Client
{
    private static readonly HttpClient DefaultHttpClient = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) });

    private readonly HttpClient _http;
    private readonly Uri _endpoint;
    private readonly string? _clientId;
    private readonly string? _clientSecret;
    private readonly OAuth2ClientAuthentication _authentication;
    private readonly KeyValuePair<string, string>[] _parameters;
    private readonly TimeProvider _time;

    /// <summary>Makes a client. Nothing is sent yet.</summary>
    /// <param name="options">The endpoint, and what to ask for.</param>
    /// <exception cref="ArgumentException">
    /// The endpoint is missing, holds a password, or is reached by another way than <c>https</c> and not on this machine; or the parameters hold one
    /// that is the request's own.
    /// </exception>
    public OAuth2Client(OAuth2ClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.TokenEndpoint is not { IsAbsoluteUri: true } endpoint)
        {
            throw new ArgumentException($"{nameof(options.TokenEndpoint)} is missing, or not a whole URL such as https://id.example.com/oauth2/token.", nameof(options));
        }

        // RFC 6749 section 3.2: TLS, as secrets are sent.
        if (endpoint.Scheme != Uri.UriSchemeHttps && !(endpoint.Scheme == Uri.UriSchemeHttp && endpoint.IsLoopback))
        {
            throw new ArgumentException(
                $"{nameof(options.TokenEndpoint)} is reached by '{endpoint.Scheme}' at '{endpoint.Host}', where everybody on the way could read the secret: use https.", nameof(options));
        }

        if (endpoint.UserInfo.Length > 0)
        {
            throw new ArgumentException(
                $"{nameof(options.TokenEndpoint)} holds a name or password; give them as {nameof(options.ClientId)} and {nameof(options.ClientSecret)}.", nameof(options));
        }

        if (options.Parameters.Keys.FirstOrDefault(name => name is "grant_type" or "scope" or "client_id" or "client_secret" or "assertion") is { } taken)
        {
            throw new ArgumentException($"The parameter '{taken}' is the request's own; it cannot be given in {nameof(options.Parameters)}.", nameof(options));
        }

        _endpoint = endpoint;
        _http = options.HttpClient ?? DefaultHttpClient;
        _clientId = options.ClientId;
        _clientSecret = options.ClientSecret;
        _authentication = options.ClientAuthentication;
        _time = options.TimeProvider;
        _parameters = options.Scopes.Count == 0
            ? [.. options.Parameters]
            : [.. options.Parameters, new("scope", string.Join(' ', options.Scopes))];
    }

    /// <summary>Gets a token by the client credentials grant (RFC 6749 section 4.4).</summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The token, with the expiry that the endpoint gave it.</returns>
    /// <exception cref="InvalidOperationException">The options have no id or no secret.</exception>
    /// <exception cref="HttpRequestException">
    /// The endpoint was not reached, redirected, or refused; the message has the error that it gave (section 5.2).
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<AccessToken> GetTokenAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(_clientId) || string.IsNullOrEmpty(_clientSecret))
        {
            throw new InvalidOperationException(
                $"The client credentials grant needs {nameof(OAuth2ClientOptions.ClientId)} and {nameof(OAuth2ClientOptions.ClientSecret)}.");
        }

        return RequestAsync([new("grant_type", "client_credentials")], [_clientSecret], cancellationToken);
    }

    /// <summary>Gets a token for a signed assertion (RFC 7523 section 2.1), such as a service account's (<see cref="JsonWebTokenSigner.Sign"/>).</summary>
    /// <param name="assertion">The assertion; the endpoint is its audience, most often.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The token, with the expiry that the endpoint gave it.</returns>
    /// <exception cref="HttpRequestException">The endpoint was not reached, or refused; the message has the error that it gave (RFC 6749 section 5.2).</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<AccessToken> ExchangeAsync(AccessToken assertion, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(assertion);
        return RequestAsync(
            [new("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), new("assertion", assertion.Value)],
            [assertion.Value, .. _clientSecret is { Length: > 0 } secret ? [secret] : Array.Empty<string>()],
            cancellationToken);
    }

    /// <summary>Names the endpoint's host, and nothing that is secret.</summary>
    /// <returns>A one-line description.</returns>
    public override string ToString() => $"OAuth2Client({_endpoint.Host})";

    private async Task<AccessToken> RequestAsync(
        IEnumerable<KeyValuePair<string, string>> grant, IReadOnlyList<string> secrets, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _endpoint);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        IEnumerable<KeyValuePair<string, string>> form = [.. grant, .. _parameters];
        if (_clientId is { Length: > 0 } id && _clientSecret is { Length: > 0 } secret)
        {
            if (_authentication == OAuth2ClientAuthentication.Post)
            {
                form = [.. form, new("client_id", id), new("client_secret", secret)];
            }
            else
            {
                // Both are form-encoded first, so that a colon in the id is none of Basic's (RFC 6749 section 2.3.1).
                var pair = $"{WebUtility.UrlEncode(id)}:{WebUtility.UrlEncode(secret)}";
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
            }
        }

        request.Content = new FormUrlEncodedContent(form);
        var sentAt = _time.GetUtcNow();
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.RequestMessage?.RequestUri is { } answered && answered != _endpoint)
        {
            throw new HttpRequestException(
                $"The token endpoint {_endpoint.GetLeftPart(UriPartial.Path)} redirects to '{answered.Host}', and the {nameof(OAuth2ClientOptions.HttpClient)} given went there, perhaps with the secret: its handler must not follow redirects (AllowAutoRedirect = false).",
                inner: null,
                HttpStatusCode.Redirect);
        }

        var answer = await OAuth2Answer.ReadAsync(response, cancellationToken).ConfigureAwait(false);
        return answer.ToToken(_endpoint, sentAt, secrets);
    }
}
