// SPDX-License-Identifier: Apache-2.0
using System;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Credentials;

/// <summary>
/// The parsed form of <see cref="SslCredentials"/>: made once per channel, it gives every handshake its options.
/// Used from many threads at once.
/// </summary>
internal sealed class ClientTls
{
    private readonly X509Certificate2Collection? _roots;
    private readonly TlsIdentity? _identity;
    private readonly TimeProvider _clock;
    private readonly bool _acceptsAnyServer;

    /// <summary>Parses the credentials.</summary>
    /// <param name="credentials">The credentials.</param>
    /// <param name="clock">The time, for certificates.</param>
    /// <param name="acceptsAnyServer">Whether the server's certificate is not checked.</param>
    /// <exception cref="ArgumentException">The PEM text cannot be used; the message says which and why.</exception>
    public ClientTls(SslCredentials credentials, TimeProvider clock, bool acceptsAnyServer = false)
    {
        _clock = clock;
        _acceptsAnyServer = acceptsAnyServer;
        _roots = credentials.RootCertificates is { } pem
            ? PemDecoder.DecodeCertificates(pem, "the root certificates")
            : null;
        _identity = credentials.KeyCertificatePair is { } pair
            ? PemDecoder.DecodeIdentity(pair, "the client certificate", "the client's private key")
            : null;
    }

    /// <summary>Whether a client certificate is configured: decides how a connection closed after the handshake reads.</summary>
    public bool HasClientCertificate => _identity is not null;

    /// <summary>The options of one handshake.</summary>
    /// <param name="targetName">The server name: sent as SNI and looked for in the certificate.</param>
    /// <param name="verification">Takes what the handshake finds out.</param>
    public SslClientAuthenticationOptions CreateOptions(string targetName, TlsVerification verification) => new()
    {
        TargetHost = targetName,
        ApplicationProtocols = [SslApplicationProtocol.Http2],
        EnabledSslProtocols = TlsRules.Protocols,
        ClientCertificateContext = _identity?.Context,
        CertificateChainPolicy = TlsRules.CreateChainPolicy(_roots),
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
        {
            var leaf = certificate as X509Certificate2;
            if (_acceptsAnyServer)
            {
                return verification.Record(PeerCertificateVerdict.Accepted, leaf, verified: false);
            }

            PeerCertificateVerdict verdict = PeerCertificatePolicy.Decide(
                leaf, errors, chain?.ChainStatus ?? [], _roots, targetName, TlsRules.ServerUsage, _clock.GetUtcNow());
            return verification.Record(verdict, leaf, verified: true);
        },
    };
}
