// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Peregrine.Credentials;

namespace Peregrine;

/// <summary>TLS on the server side. Immutable.</summary>
public class SslServerCredentials : ServerCredentials
{
    /// <summary>One-way TLS: clients are not asked for certificates.</summary>
    /// <param name="keyCertificatePairs">The server's certificates; with several, the name the client asks for chooses.</param>
    /// <exception cref="ArgumentException">There is no pair, or one is null.</exception>
    public SslServerCredentials(IEnumerable<KeyCertificatePair> keyCertificatePairs)
        : this(keyCertificatePairs, null, SslClientCertificateRequestType.DontRequest)
    {
    }

    /// <summary>TLS with or without client certificates.</summary>
    /// <param name="keyCertificatePairs">The server's certificates; with several, the name the client asks for chooses.</param>
    /// <param name="rootCertificates">The certificates to trust in clients, in PEM.</param>
    /// <param name="forceClientAuth">Whether clients must present a valid certificate.</param>
    /// <exception cref="ArgumentException">There is no pair, one is null, or clients are to be verified without roots.</exception>
    public SslServerCredentials(
        IEnumerable<KeyCertificatePair> keyCertificatePairs, string? rootCertificates, bool forceClientAuth)
        : this(
            keyCertificatePairs,
            rootCertificates,
            forceClientAuth
                ? SslClientCertificateRequestType.RequestAndRequireAndVerify
                : SslClientCertificateRequestType.DontRequest)
    {
    }

    /// <summary>TLS that asks clients for certificates in a chosen way.</summary>
    /// <param name="keyCertificatePairs">The server's certificates; with several, the name the client asks for chooses.</param>
    /// <param name="rootCertificates">The certificates to trust in clients, in PEM; needed where clients are verified.</param>
    /// <param name="clientCertificateRequest">Whether certificates are asked for, and verified.</param>
    /// <exception cref="ArgumentException">There is no pair, one is null, or clients are to be verified without roots.</exception>
    public SslServerCredentials(
        IEnumerable<KeyCertificatePair> keyCertificatePairs,
        string? rootCertificates,
        SslClientCertificateRequestType clientCertificateRequest)
    {
        ArgumentNullException.ThrowIfNull(keyCertificatePairs);
        KeyCertificatePair[] pairs = [.. keyCertificatePairs];
        if (pairs.Length == 0 || pairs.Any(pair => pair is null))
        {
            throw new ArgumentException(
                "A TLS server needs at least one certificate with its key, and none may be null.", nameof(keyCertificatePairs));
        }

        if (rootCertificates is null && Verifies(clientCertificateRequest))
        {
            throw new ArgumentException(
                "Verifying client certificates needs the root certificates to trust; rootCertificates is null.",
                nameof(rootCertificates));
        }

        KeyCertificatePairs = pairs.AsReadOnly();
        RootCertificates = rootCertificates;
        ClientCertificateRequest = clientCertificateRequest;
        ClientTrust = new CertificateTrust { RootCertificates = rootCertificates };
        Sources = [.. pairs.Select((pair, index) => new PemTextSource(
            pair, $"server certificate {index + 1}", $"the private key of server certificate {index + 1}"))];
    }

    private SslServerCredentials(SslServerCredentialsOptions options)
    {
        Sources = [.. options.Certificates];
        if (Sources.Count == 0 || Sources.Any(source => source is null))
        {
            throw new ArgumentException(
                "A TLS server needs at least one certificate with its key, and none may be null: add one to Certificates.", nameof(options));
        }

        ClientCertificateRequest = options.ClientCertificateRequest;
        if (Verifies(ClientCertificateRequest) && options.ClientTrust is not { NamesAuthorities: true })
        {
            throw new ArgumentException(
                "Verifying client certificates needs the authorities to trust: set ClientTrust, and in it root certificates or IncludeSystemRoots.",
                nameof(options));
        }

        ClientTrust = options.ClientTrust ?? new CertificateTrust();
        KeyCertificatePairs = Array.AsReadOnly<KeyCertificatePair>([]);
    }

    /// <summary>The server's certificates, if they were given as text; otherwise none.</summary>
    public IList<KeyCertificatePair> KeyCertificatePairs { get; }

    /// <summary>The certificates to trust in clients, in PEM, if they were given as text.</summary>
    public string? RootCertificates { get; }

    /// <summary>Whether clients must present a valid certificate.</summary>
    public bool ForceClientAuthentication =>
        ClientCertificateRequest == SslClientCertificateRequestType.RequestAndRequireAndVerify;

    /// <summary>Whether certificates are asked for, and verified.</summary>
    public SslClientCertificateRequestType ClientCertificateRequest { get; }

    /// <summary>Where the server's certificates come from.</summary>
    internal IReadOnlyList<CertificateSource> Sources { get; }

    /// <summary>Which clients are trusted.</summary>
    internal CertificateTrust ClientTrust { get; }

    internal override SslServerCredentials Ssl => this;

    /// <summary>Certificates from anywhere, watched files among them, with revocation lists and further rules.</summary>
    /// <param name="options">The options; read now.</param>
    /// <returns>The credentials. What the options name is read when a server listens with them.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no certificate, one is null, or clients are to be verified without authorities.</exception>
    public static SslServerCredentials FromOptions(SslServerCredentialsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new SslServerCredentials(options);
    }

    /// <summary>Reads PEM files for one-way TLS now, once, and checks what they hold. <see cref="FromOptions"/> looks at files again.</summary>
    /// <param name="certificateChainPath">The server's certificate chain.</param>
    /// <param name="privateKeyPath">The server's private key.</param>
    /// <returns>The credentials.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="ArgumentException">A file does not hold what it should.</exception>
    public static SslServerCredentials FromFiles(string certificateChainPath, string privateKeyPath) =>
        new([PemFiles.ReadKeyPair(certificateChainPath, privateKeyPath)]);

    /// <summary>Reads PEM files for mutual TLS now, once, and checks what they hold. <see cref="FromOptions"/> looks at files again.</summary>
    /// <param name="certificateChainPath">The server's certificate chain.</param>
    /// <param name="privateKeyPath">The server's private key.</param>
    /// <param name="rootCertificatesPath">The certificates to trust in clients.</param>
    /// <param name="clientCertificateRequest">Whether certificates are asked for, and verified.</param>
    /// <returns>The credentials.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="ArgumentException">A file does not hold what it should.</exception>
    public static SslServerCredentials FromFiles(
        string certificateChainPath,
        string privateKeyPath,
        string rootCertificatesPath,
        SslClientCertificateRequestType clientCertificateRequest =
            SslClientCertificateRequestType.RequestAndRequireAndVerify)
    {
        ArgumentNullException.ThrowIfNull(rootCertificatesPath);
        return new SslServerCredentials(
            [PemFiles.ReadKeyPair(certificateChainPath, privateKeyPath)],
            PemFiles.ReadRoots(rootCertificatesPath),
            clientCertificateRequest);
    }

    internal static bool Verifies(SslClientCertificateRequestType request) => request
        is SslClientCertificateRequestType.RequestAndVerify
        or SslClientCertificateRequestType.RequestAndRequireAndVerify;
}
