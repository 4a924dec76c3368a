// SPDX-License-Identifier: Apache-2.0
using System;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Credentials;

/// <summary>A certificate with its private key and intermediates, ready for handshakes. Immutable; shared by all connections.</summary>
internal sealed class TlsIdentity : IDisposable
{
    private readonly X509Certificate2Collection _intermediates;

    public TlsIdentity(X509Certificate2 certificate, X509Certificate2Collection intermediates)
    {
        Certificate = certificate;
        _intermediates = intermediates;

        // Offline: intermediates come from the PEM text, never from the network in the middle of a handshake.
        Context = SslStreamCertificateContext.Create(certificate, intermediates, offline: true);
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>What <see cref="SslStream"/> sends: the certificate and its intermediates.</summary>
    public SslStreamCertificateContext Context { get; }

    public void Dispose()
    {
        Certificate.Dispose();
        PemDecoder.DisposeAll(_intermediates);
    }
}
