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
    private readonly Refreshed<TrustAnchors> _trust;
    private readonly Refreshed<TlsIdentity>? _identity;
    private readonly TimeProvider _clock;
    private readonly bool _acceptsAnyServer;
    private volatile bool _watchesForRequest = true;

    /// <summary>Parses the credentials, and reads what they name.</summary>
    /// <param name="credentials">The credentials.</param>
    /// <param name="clock">The time, for certificates and for when to read again.</param>
    /// <param name="acceptsAnyServer">Whether the server's certificate is not checked.</param>
    /// <param name="readFailed">Told what cannot be read again; null for nobody.</param>
    /// <exception cref="System.IO.IOException">A file cannot be read.</exception>
    /// <exception cref="ArgumentException">A certificate or key cannot be used; the message says which and why.</exception>
    public ClientTls(
        SslCredentials credentials, TimeProvider clock, bool acceptsAnyServer = false, Action<string, Exception>? readFailed = null)
    {
        _clock = clock;
        _acceptsAnyServer = acceptsAnyServer;
        readFailed ??= (_, _) => { };
        CertificateTrust trust = credentials.ServerTrust;
        _trust = new Refreshed<TrustAnchors>(previous => trust.Read(previous, "the root certificates"), trust.CanChange, clock, readFailed);
        _identity = credentials.ClientCertificate is { } source
            ? new Refreshed<TlsIdentity>(source.Read, source.CanChange, clock, readFailed)
            : null;
    }

    /// <summary>Whether a client certificate is configured.</summary>
    public bool HasClientCertificate => _identity is not null;

    /// <summary>
    /// Whether a handshake should find out if the server asks for a certificate that is not configured: only that explains why it then closes the
    /// connection. The platform resumes no session where it does, so that it ends with the first handshake after which the server was content.
    /// </summary>
    public bool WatchesForCertificateRequest => _identity is null && _watchesForRequest;

    /// <summary>The options of one handshake.</summary>
    /// <param name="targetName">The server name: sent as SNI and looked for in the certificate.</param>
    /// <param name="verification">Takes what the handshake finds out.</param>
    public SslClientAuthenticationOptions CreateOptions(string targetName, TlsVerification verification)
    {
        TrustAnchors trust = _trust.Current;
        return new SslClientAuthenticationOptions
        {
            TargetHost = targetName,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            EnabledSslProtocols = TlsRules.Protocols,
            AllowRenegotiation = false,
            ClientCertificateContext = _identity?.Current.Context,
            CertificateChainPolicy = trust.CreateChainPolicy(),
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            {
                var leaf = certificate as X509Certificate2;
                if (_acceptsAnyServer)
                {
                    return verification.Record(() => PeerCertificateVerdict.Accepted, leaf, verified: false);
                }

                return verification.Record(
                    () => new PeerCertificateCheck(trust, TlsRules.ServerUsage, _clock.GetUtcNow()).Decide(leaf, errors, chain, targetName), leaf, verified: true);
            },
        };
    }

    /// <summary>Told how a connection began, for <see cref="WatchesForCertificateRequest"/>.</summary>
    /// <param name="isContent">Whether the server went on to HTTP/2 without asking for a certificate.</param>
    public void ServerWas(bool isContent) => _watchesForRequest = !isContent;
}
