// SPDX-License-Identifier: Apache-2.0

using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Cli.Certificates;

/// <summary>A certificate and its private key, as PEM.</summary>
/// <param name="Certificate">The certificate.</param>
/// <param name="CertificatePem">The certificate as text.</param>
/// <param name="KeyPem">The key as text, PKCS #8, not encrypted.</param>
internal sealed record KeyPair(X509Certificate2 Certificate, string CertificatePem, string KeyPem) : IDisposable
{
    private const int RsaBits = 2048;

    /// <summary>What the certificate says; kept, since what signs with it disposes of it.</summary>
    public CertificateFacts Facts { get; } = new(Certificate);

    /// <summary>A new key, for a request of a certificate.</summary>
    public static AsymmetricAlgorithm NewKey(KeyAlgorithm algorithm) => algorithm == KeyAlgorithm.Rsa ? RSA.Create(RsaBits) : ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>A request for a certificate of this key, signed with SHA-256.</summary>
    public static CertificateRequest Request(X500DistinguishedName subject, AsymmetricAlgorithm key) => key is RSA rsa
        ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        : new CertificateRequest(subject, (ECDsa)key, HashAlgorithmName.SHA256);

    /// <summary>The pair of a certificate that has its key.</summary>
    public static KeyPair Of(X509Certificate2 certificate, AsymmetricAlgorithm key) =>
        new(certificate, certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");

    /// <inheritdoc/>
    public void Dispose() => Certificate.Dispose();

    /// <inheritdoc/>
    public override string ToString() => Certificate.Subject;
}
