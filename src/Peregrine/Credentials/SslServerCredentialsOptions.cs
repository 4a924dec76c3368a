// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;

namespace Peregrine;

/// <summary>What <see cref="SslServerCredentials.FromOptions"/> makes credentials of.</summary>
public sealed class SslServerCredentialsOptions
{
    /// <summary>
    /// The server's certificates, at least one. With several, the first that is valid for the name that the client asks for (SNI) is sent, or the
    /// first of all.
    /// </summary>
    public IList<CertificateSource> Certificates { get; } = [];

    /// <summary>Whether clients are asked for certificates, and what is done with them. By default they are not asked.</summary>
    public SslClientCertificateRequestType ClientCertificateRequest { get; set; }

    /// <summary>
    /// Which clients are trusted; needed where they are verified. The authorities of the operating system are those of websites, and trusted in
    /// clients only where <see cref="CertificateTrust.IncludeSystemRoots"/> says so. Null by default.
    /// </summary>
    public CertificateTrust? ClientTrust { get; set; }
}
