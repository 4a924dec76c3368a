// SPDX-License-Identifier: Apache-2.0
using System;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Peregrine.Credentials;

/// <summary>A certificate with its private key and intermediates, ready for handshakes. Shared by all connections, for which nothing of it changes.</summary>
internal sealed class TlsIdentity : IDisposable
{
    private readonly X509Certificate2Collection _intermediates;
    private readonly ContentOrigin? _origin;

    /// <summary>Makes one.</summary>
    /// <param name="certificate">The certificate with its key; owned from now on.</param>
    /// <param name="intermediates">What lies between it and the root; owned from now on.</param>
    /// <param name="origin">The hash of what it was made of; null when that does not change.</param>
    public TlsIdentity(X509Certificate2 certificate, X509Certificate2Collection intermediates, byte[]? origin = null)
    {
        Certificate = certificate;
        _intermediates = intermediates;
        _origin = origin is null ? null : new ContentOrigin(origin);

        // Offline: intermediates come with the certificate, never from the network in the middle of a handshake.
        Context = SslStreamCertificateContext.Create(certificate, intermediates, offline: true);
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>What <see cref="SslStream"/> sends: the certificate and its intermediates.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <summary>The hash of texts that an identity is made of; the key itself is not kept.</summary>
    public static byte[] OriginOf(string certificates, string key) => SHA256.HashData(Encoding.UTF8.GetBytes(certificates + "\0" + key));

    /// <summary>Whether it was made of this.</summary>
    public bool HasOrigin(ReadOnlySpan<byte> origin) => _origin is not null && _origin.Is(origin);

    /// <inheritdoc cref="ContentOrigin.Stays"/>
    public bool Stays(byte[] found, bool haveSettled) => _origin is not null && _origin.Stays(found, haveSettled);

    public void Dispose()
    {
        Certificate.Dispose();
        PemDecoder.DisposeAll(_intermediates);
    }
}
