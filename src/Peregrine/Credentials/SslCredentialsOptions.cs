// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine;

/// <summary>What <see cref="SslCredentials.FromOptions"/> makes credentials of.</summary>
public sealed class SslCredentialsOptions
{
    private CertificateTrust _serverTrust = new();

    /// <summary>The client's certificate, for mutual TLS; null, the default, for none.</summary>
    public CertificateSource? ClientCertificate { get; set; }

    /// <summary>Which servers are trusted. By default those of the operating system's authorities.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public CertificateTrust ServerTrust
    {
        get => _serverTrust;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _serverTrust = value;
        }
    }
}
