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
    private readonly TlsIdentity[] _identities;
    private readonly X509Certificate2Collection? _roots;
    private readonly SslClientCertificateRequestType _request;
    private readonly TimeProvider _clock;

    /// <summary>Parses the credentials.</summary>
    /// <exception cref="ArgumentException">The PEM text cannot be used; the message says which and why.</exception>
    public ServerTls(SslServerCredentials credentials, TimeProvider clock)
    {
        _clock = clock;
        _request = credentials.ClientCertificateRequest;
        _identities = [.. credentials.KeyCertificatePairs.Select((pair, index) => PemDecoder.DecodeIdentity(
            pair, $"server certificate {index + 1}", $"the private key of server certificate {index + 1}"))];
        _roots = credentials.RootCertificates is { } pem
            ? PemDecoder.DecodeCertificates(pem, "the root certificates for clients")
            : null;
    }

    /// <summary>The options of one handshake, once the client has said hello.</summary>
    /// <param name="serverName">The name the client asks for (SNI); empty when it names none.</param>
    /// <param name="verification">Takes what the handshake finds out.</param>
    public SslServerAuthenticationOptions CreateOptions(string serverName, TlsVerification verification) => new()
    {
        ServerCertificateContext = SelectIdentity(serverName).Context,
        ApplicationProtocols = [SslApplicationProtocol.Http2],
        EnabledSslProtocols = TlsRules.Protocols,
        ClientCertificateRequired = _request != SslClientCertificateRequestType.DontRequest,
        CertificateChainPolicy = TlsRules.CreateChainPolicy(_roots),
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
        {
            var leaf = certificate as X509Certificate2;
            return verification.Record(Decide(leaf, errors, chain), leaf, SslServerCredentials.Verifies(_request));
        },
    };

    /// <summary>Whether a handshake without a client certificate can succeed.</summary>
    private bool CertificateIsOptional => _request
        is not SslClientCertificateRequestType.RequestAndRequireButDontVerify
        and not SslClientCertificateRequestType.RequestAndRequireAndVerify;

    private PeerCertificateVerdict Decide(X509Certificate2? leaf, SslPolicyErrors errors, X509Chain? chain)
    {
        if (leaf is null)
        {
            return CertificateIsOptional
                ? PeerCertificateVerdict.Accepted
                : PeerCertificateVerdict.Refused("the client presented no certificate, and this server requires one");
        }

        return SslServerCredentials.Verifies(_request)
            ? PeerCertificatePolicy.Decide(
                leaf, errors, chain?.ChainStatus ?? [], _roots, null, TlsRules.ClientUsage, _clock.GetUtcNow())
            : PeerCertificateVerdict.Accepted;
    }

    // With several certificates the first that names the wanted host is sent; the first of all when none does or no name came.
    private TlsIdentity SelectIdentity(string serverName)
    {
        if (_identities.Length > 1 && Uri.CheckHostName(serverName) == UriHostNameType.Dns)
        {
            foreach (TlsIdentity identity in _identities)
            {
                if (identity.Certificate.MatchesHostname(serverName))
                {
                    return identity;
                }
            }
        }

        return _identities[0];
    }
}
