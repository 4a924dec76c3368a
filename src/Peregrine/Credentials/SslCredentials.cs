// SPDX-License-Identifier: Apache-2.0
using System;
using System.IO;
using Peregrine.Credentials;

namespace Peregrine;

/// <summary>TLS on the client side. Immutable.</summary>
public sealed class SslCredentials : ChannelCredentials
{
    /// <summary>TLS, trusting the roots of the operating system.</summary>
    public SslCredentials()
        : this(null, null)
    {
    }

    /// <summary>TLS, trusting given roots.</summary>
    /// <param name="rootCertificates">
    /// The certificates to trust, in PEM; nothing else is trusted then. A server certificate that stands here itself is trusted,
    /// too. Null for the roots of the operating system.
    /// </param>
    public SslCredentials(string? rootCertificates)
        : this(rootCertificates, null)
    {
    }

    /// <summary>TLS with a client certificate.</summary>
    /// <param name="rootCertificates">The certificates to trust, in PEM; null for the roots of the operating system.</param>
    /// <param name="keyCertificatePair">The client's certificate and key; null for none.</param>
    public SslCredentials(string? rootCertificates, KeyCertificatePair? keyCertificatePair)
    {
        RootCertificates = rootCertificates;
        KeyCertificatePair = keyCertificatePair;
    }

    /// <summary>The certificates to trust, in PEM; null for the roots of the operating system.</summary>
    public string? RootCertificates { get; }

    /// <summary>The client's certificate and key; null for none.</summary>
    public KeyCertificatePair? KeyCertificatePair { get; }

    internal override SslCredentials Ssl => this;

    /// <summary>Reads PEM files, and checks what they hold.</summary>
    /// <param name="rootCertificatesPath">The certificates to trust; null for the roots of the operating system.</param>
    /// <param name="certificateChainPath">The client's certificate chain; null for none.</param>
    /// <param name="privateKeyPath">The client's private key; given if and only if the certificate is.</param>
    /// <returns>The credentials.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="ArgumentException">A file does not hold what it should, or only one of certificate and key is given.</exception>
    public static SslCredentials FromFiles(
        string? rootCertificatesPath = null, string? certificateChainPath = null, string? privateKeyPath = null)
    {
        if ((certificateChainPath is null) != (privateKeyPath is null))
        {
            throw new ArgumentException(
                "A client certificate needs both its certificate chain and its private key; only one of the two paths is given.",
                certificateChainPath is null ? nameof(certificateChainPath) : nameof(privateKeyPath));
        }

        return new SslCredentials(
            PemFiles.ReadRoots(rootCertificatesPath),
            certificateChainPath is null ? null : PemFiles.ReadKeyPair(certificateChainPath, privateKeyPath!));
    }
}
