// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Net.Http;

namespace Peregrine.Credentials;

/// <summary>What an <see cref="OAuth2Client"/> asks for, and of whom. Read when the client is made; later changes have no effect.</summary>
public sealed class OAuth2ClientOptions
{
    /// <summary>The token endpoint, by <c>https</c>; by <c>http</c> on this machine only. Needed.</summary>
    public Uri? TokenEndpoint { get; set; }

    /// <summary>The client's id. Needed for <see cref="OAuth2Client.GetTokenAsync"/>.</summary>
    public string? ClientId { get; set; }

    /// <summary>The client's secret. Needed for <see cref="OAuth2Client.GetTokenAsync"/>.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>How id and secret are sent; <see cref="OAuth2ClientAuthentication.Basic"/> by default.</summary>
    public OAuth2ClientAuthentication ClientAuthentication { get; set; }

    /// <summary>What the token is to be good for (RFC 6749 section 3.3); empty by default, for what the endpoint thinks right.</summary>
    public IList<string> Scopes { get; } = [];

    /// <summary>Further parameters of the request, such as the <c>audience</c> or <c>resource</c> that some endpoints want; empty by default.</summary>
    public IDictionary<string, string> Parameters { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Makes the requests, with certificates and proxies as it knows them; not disposed. Its handler must not follow redirects
    /// (<see cref="HttpClientHandler.AllowAutoRedirect"/> false): it would send the secret to wherever the answer points. Requests that it followed
    /// fail, when the secret is already on its way. Null, the default: one that trusts the system's authorities,
    /// uses the system's proxy and follows no redirects.
    /// </summary>
    public HttpClient? HttpClient { get; set; }

    /// <summary>The clock from which <c>expires_in</c> counts; the system's by default.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
