// SPDX-License-Identifier: Apache-2.0
using System;
using System.Linq;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Credentials;

/// <summary>
/// All that is checked of a peer's certificate in a handshake, in this order: sizes, what the platform found
/// (<see cref="PeerCertificatePolicy"/>), strength, revocation lists.
/// </summary>
/// <param name="trust">What is trusted at this moment.</param>
/// <param name="usage">The extended key usage that the peer's role needs.</param>
/// <param name="now">The time.</param>
internal sealed class PeerCertificateCheck(TrustAnchors trust, string usage, DateTimeOffset now)
{
    /// <summary>Decides.</summary>
    /// <param name="leaf">The presented certificate; null when none came.</param>
    /// <param name="errors">What the platform found.</param>
    /// <param name="chain">The chain that the platform built; null when none came.</param>
    /// <param name="targetName">The name the certificate must be valid for; null for clients, which have none.</param>
    public PeerCertificateVerdict Decide(X509Certificate2? leaf, SslPolicyErrors errors, X509Chain? chain, string? targetName)
    {
        if (leaf is null || chain is null)
        {
            return Policy(leaf, errors, chain, targetName);
        }

        if (CertificateLimits.FindTooLarge(leaf, chain.ChainPolicy.ExtraStore) is { } tooLarge)
        {
            return PeerCertificateVerdict.Refused(tooLarge);
        }

        PeerCertificateVerdict verdict = Policy(leaf, errors, chain, targetName);
        if (verdict.IsAccepted)
        {
            return DecideChain(chain);
        }

        return trust.JoinsSystem && errors == SslPolicyErrors.RemoteCertificateChainErrors
            ? DecideBySystem(leaf, chain, targetName, verdict)
            : verdict;
    }

    private PeerCertificateVerdict Policy(X509Certificate2? leaf, SslPolicyErrors errors, X509Chain? chain, string? targetName) =>
        PeerCertificatePolicy.Decide(leaf, errors, chain?.ChainStatus ?? [], trust.Roots, targetName, usage, now);

    // The platform knows one set of roots in a chain: the operating system's are tried when those given do not do.
    private PeerCertificateVerdict DecideBySystem(X509Certificate2 leaf, X509Chain chain, string? targetName, PeerCertificateVerdict refusal)
    {
        using var second = new X509Chain { ChainPolicy = trust.CreateChainPolicy(fromSystem: true) };
        second.ChainPolicy.ApplicationPolicy.Add(new Oid(usage));
        second.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
        return second.Build(leaf) && Policy(leaf, SslPolicyErrors.None, second, targetName).IsAccepted
            ? DecideChain(second)
            : PeerCertificateVerdict.Refused($"{refusal.RefusalReason}, and so are those of the operating system");
    }

    private PeerCertificateVerdict DecideChain(X509Chain chain)
    {
        X509Certificate2[] path = [.. chain.ChainElements.Select(element => element.Certificate)];

        // The end of the path is what is trusted by itself: a root, or the presented certificate, whoever has issued that.
        var anchor = trust.AnchorOf(path);
        for (var i = 0; i <= anchor; i++)
        {
            if (CertificateLimits.FindTooWeak(path[i], i == anchor) is { } tooWeak)
            {
                return PeerCertificateVerdict.Refused(tooWeak);
            }
        }

        return trust.FindRevoked(path, now) is { } revoked ? PeerCertificateVerdict.Refused(revoked) : PeerCertificateVerdict.Accepted;
    }
}
