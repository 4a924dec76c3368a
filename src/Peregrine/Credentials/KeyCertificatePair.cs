// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine;

/// <summary>A certificate with its private key, as PEM text. Immutable; the key appears in no message.</summary>
public sealed class KeyCertificatePair
{
    /// <summary>Makes a pair. The text is parsed when a channel or server is made with it.</summary>
    /// <param name="certificateChain">The certificate, followed by those of its intermediate authorities, in PEM.</param>
    /// <param name="privateKey">The unencrypted private key of the first certificate, in PEM.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public KeyCertificatePair(string certificateChain, string privateKey)
    {
        ArgumentNullException.ThrowIfNull(certificateChain);
        ArgumentNullException.ThrowIfNull(privateKey);
        CertificateChain = certificateChain;
        PrivateKey = privateKey;
    }

    /// <summary>The certificate chain, in PEM.</summary>
    public string CertificateChain { get; }

    /// <summary>The private key, in PEM.</summary>
    public string PrivateKey { get; }

    /// <summary>Tells the type alone: the key is a secret.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(KeyCertificatePair);
}
