// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Credentials;

/// <summary>How a client proves to a token endpoint who it is (RFC 6749 section 2.3.1).</summary>
public enum OAuth2ClientAuthentication
{
    /// <summary>By HTTP Basic authentication, <c>client_secret_basic</c>: what every endpoint must support.</summary>
    Basic,

    /// <summary>By parameters of the request, <c>client_secret_post</c>.</summary>
    Post,
}
