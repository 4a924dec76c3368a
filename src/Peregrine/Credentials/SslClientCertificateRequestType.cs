// SPDX-License-Identifier: Apache-2.0
namespace Peregrine;

/// <summary>Whether a server asks its clients for certificates, and what it does with them.</summary>
public enum SslClientCertificateRequestType
{
    /// <summary>No certificate is asked for.</summary>
    DontRequest = 0,

    /// <summary>A certificate is asked for; none will do, and one that comes is not verified: it proves nothing.</summary>
    RequestButDontVerify,

    /// <summary>A certificate is asked for; none will do, one that comes must be valid.</summary>
    RequestAndVerify,

    /// <summary>A certificate must come, but is not verified: it proves nothing.</summary>
    RequestAndRequireButDontVerify,

    /// <summary>A valid certificate must come: mutual TLS.</summary>
    RequestAndRequireAndVerify,
}
