// SPDX-License-Identifier: Apache-2.0
using System;
using System.Linq;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Credentials;

/// <summary>
/// The parsed form of <see cref="SslServerCredentials"/>: made once per port, it gives every handshake its options.
/// Used from many threads at once.
/// </summary>
internal sealed class ServerTls
{
    private readonly Refreshed<TlsIdentity>[] _identities;
    private readonly Refreshed<TrustAnchors> _trust;
    private readonly SslClientCertificateRequestType _request;
    private readonly TimeProvider _clock;

    /// <summary>Parses the credentials, and reads what they name.</summary>
    /// <param name="credentials">The credentials.</param>
    /// <param name="clock">The time, for certificates and for when to read again.</param>
    /// <param name="readFailed">Told what cannot be read again; null for nobody.</param>
    /// <exception cref="System.IO.IOException">A file cannot be read.</exception>
    /// <exception cref="ArgumentException">A certificate or key cannot be used; the message says which and why.</exception>
    public ServerTls(SslServerCredentials credentials, TimeProvider clock, Action<string, Exception>? readFailed = null)
    {
        _clock = clock;
        _request = credentials.ClientCertificateRequest;
        readFailed ??= (_, _) => { };
        _identities = [.. credentials.Sources.Select(source => new Refreshed<TlsIdentity>(source.Read, source.CanChange, clock, readFailed))];
        CertificateTrust trust = credentials.ClientTrust;
        _trust = new Refreshed<TrustAnchors>(
            previous => trust.Read(previous, "the root certificates for clients"), trust.CanChange, clock, readFailed);
    }

    /// <summary>The options of one handshake, once the client has said hello.</summary>
    /// <param name="serverName">The name the client asks for (SNI); empty when it names none.</param>
    /// <param name="verification">Takes what the handshake finds out.</param>
    public SslServerAuthenticationOptions CreateOptions(string serverName, TlsVerification verification)
    {
        TrustAnchors trust = _trust.Current;
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SelectIdentity(serverName).Context,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            EnabledSslProtocols = TlsRules.Protocols,
            AllowRenegotiation = false,

            // Of a resumed session the platform knows the client's certificate without its intermediates, and could not verify it.
            AllowTlsResume = !SslServerCredentials.Verifies(_request),
            ClientCertificateRequired = _request != SslClientCertificateRequestType.DontRequest,
            CertificateChainPolicy = trust.CreateChainPolicy(),
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            {
                var leaf = certificate as X509Certificate2;
                return verification.Record(() => Decide(leaf, errors, chain, trust), leaf, SslServerCredentials.Verifies(_request));
            },
        };
    }

    /// <summary>Whether a handshake without a client certificate can succeed.</summary>
    private bool CertificateIsOptional => _request
        is not SslClientCertificateRequestType.RequestAndRequireButDontVerify
        and not SslClientCertificateRequestType.RequestAndRequireAndVerify;

    private PeerCertificateVerdict Decide(X509Certificate2? leaf, SslPolicyErrors errors, X509Chain? chain, TrustAnchors trust)
    {
        if (leaf is null)
        {
            return CertificateIsOptional
                ? PeerCertificateVerdict.Accepted
                : PeerCertificateVerdict.Refused("the client presented no certificate, and this server requires one");
        }

        return SslServerCredentials.Verifies(_request)
            ? new PeerCertificateCheck(trust, TlsRules.ClientUsage, _clock.GetUtcNow()).Decide(leaf, errors, chain, targetName: null)
            : PeerCertificateVerdict.Accepted;
    }

    // With several certificates the first that names the wanted host is sent; the first of all when none does or no name came.
    private TlsIdentity SelectIdentity(string serverName)
    {
        if (_identities.Length > 1 && Uri.CheckHostName(serverName) == UriHostNameType.Dns)
        {
            foreach (Refreshed<TlsIdentity> refreshed in _identities)
            {
                TlsIdentity identity = refreshed.Current;
                if (identity.Certificate.MatchesHostname(serverName))
                {
                    return identity;
                }
            }
        }

        return _identities[0].Current;
    }
}
