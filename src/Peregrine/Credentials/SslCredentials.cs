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
        ServerTrust = new CertificateTrust { RootCertificates = rootCertificates };
        ClientCertificate = keyCertificatePair is null
            ? null
            : new PemTextSource(keyCertificatePair, "the client certificate", "the client's private key");
    }

    private SslCredentials(SslCredentialsOptions options)
    {
        ServerTrust = options.ServerTrust;
        ClientCertificate = options.ClientCertificate;
    }

    /// <summary>The certificates to trust, in PEM, if they were given as text; null for the roots of the operating system.</summary>
    public string? RootCertificates { get; }

    /// <summary>The client's certificate and key, if they were given as text; null for none.</summary>
    public KeyCertificatePair? KeyCertificatePair { get; }

    /// <summary>Which servers are trusted.</summary>
    internal CertificateTrust ServerTrust { get; }

    /// <summary>The client's certificate; null for none.</summary>
    internal CertificateSource? ClientCertificate { get; }

    internal override SslCredentials Ssl => this;

    /// <summary>Certificates from anywhere, watched files among them, with revocation lists and further rules.</summary>
    /// <param name="options">The options; read now.</param>
    /// <returns>The credentials. What the options name is read when a channel is made with them.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public static SslCredentials FromOptions(SslCredentialsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new SslCredentials(options);
    }

    /// <summary>Reads PEM files now, once, and checks what they hold. <see cref="FromOptions"/> looks at files again.</summary>
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
