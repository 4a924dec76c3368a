// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Credentials;

/// <summary>
/// Decides about a peer's certificate from what <see cref="SslStream"/> found. Pure: no chain is built here.
/// <para>
/// One rule goes beyond the platform's: a certificate of the root file that <em>is</em> the presented one is a trust anchor,
/// as in Go. So chain errors are ignored when every one of them is <see cref="X509ChainStatusFlags.PartialChain"/> or
/// <see cref="X509ChainStatusFlags.UntrustedRoot"/> and the leaf equals a configured root byte for byte. Expiry, usage and name
/// still count.
/// </para>
/// </summary>
internal static class PeerCertificatePolicy
{
    private const X509ChainStatusFlags MissingTrust =
        X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot;

    private const string AnyUsage = "2.5.29.37.0"; // anyExtendedKeyUsage, RFC 5280 section 4.2.1.12

    /// <summary>Decides.</summary>
    /// <param name="leaf">The presented certificate; null when none came.</param>
    /// <param name="errors">What the platform found.</param>
    /// <param name="chainStatus">The chain errors, empty when there are none.</param>
    /// <param name="roots">The configured roots; null when the operating system's are trusted.</param>
    /// <param name="targetName">The name the certificate must be valid for; null for clients, which have none.</param>
    /// <param name="requiredUsage">The extended key usage that a directly trusted leaf must allow (RFC 5280 section 4.2.1.12).</param>
    /// <param name="now">The time, for a directly trusted leaf.</param>
    public static PeerCertificateVerdict Decide(
        X509Certificate2? leaf,
        SslPolicyErrors errors,
        IReadOnlyList<X509ChainStatus> chainStatus,
        X509Certificate2Collection? roots,
        string? targetName,
        string requiredUsage,
        DateTimeOffset now)
    {
        if (leaf is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return PeerCertificateVerdict.Refused("the peer presented no certificate");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return PeerCertificateVerdict.Refused(
                $"the certificate of '{leaf.Subject}' is not valid for the name '{targetName}'; it is valid for {DescribeNames(leaf)}");
        }

        if (!errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            return PeerCertificateVerdict.Accepted;
        }

        bool onlyTrustIsMissing = chainStatus.Count > 0
            && chainStatus.All(status => (status.Status & ~MissingTrust) == X509ChainStatusFlags.NoError);
        if (onlyTrustIsMissing && roots is not null && IsAmong(leaf, roots))
        {
            return DecideDirectlyTrusted(leaf, requiredUsage, now);
        }

        return PeerCertificateVerdict.Refused(DescribeChain(leaf, chainStatus, roots));
    }

    // A platform that gives up on an incomplete chain may not have looked at dates and usage: look here.
    private static PeerCertificateVerdict DecideDirectlyTrusted(X509Certificate2 leaf, string requiredUsage, DateTimeOffset now)
    {
        DateTime utc = now.UtcDateTime;
        if (utc < leaf.NotBefore.ToUniversalTime() || utc > leaf.NotAfter.ToUniversalTime())
        {
            return PeerCertificateVerdict.Refused(
                $"the certificate of '{leaf.Subject}' is not valid now: NotTimeValid ({DescribePeriod(leaf)})");
        }

        foreach (X509EnhancedKeyUsageExtension usages in leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>())
        {
            if (!usages.EnhancedKeyUsages.Cast<Oid>().Any(oid => oid.Value == requiredUsage || oid.Value == AnyUsage))
            {
                return PeerCertificateVerdict.Refused(
                    $"the certificate of '{leaf.Subject}' may not be used for this purpose: NotValidForUsage");
            }
        }

        return PeerCertificateVerdict.Accepted;
    }

    private static bool IsAmong(X509Certificate2 leaf, X509Certificate2Collection roots) =>
        roots.Any(root => root.RawDataMemory.Span.SequenceEqual(leaf.RawDataMemory.Span));

    private static string DescribeChain(
        X509Certificate2 leaf, IReadOnlyList<X509ChainStatus> chainStatus, X509Certificate2Collection? roots)
    {
        X509ChainStatusFlags all = chainStatus.Aggregate(
            X509ChainStatusFlags.NoError, (flags, status) => flags | status.Status);
        string details = string.Join("; ", chainStatus.Select(status => $"{status.Status}: {status.StatusInformation.Trim()}").Distinct());
        string reason = $"the certificate of '{leaf.Subject}', issued by '{leaf.Issuer}', is not trusted ({details})";
        if (all.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            reason += $"; {DescribePeriod(leaf)}";
        }

        if ((all & MissingTrust) != X509ChainStatusFlags.NoError)
        {
            reason += roots is null
                ? "; the roots of the operating system are trusted"
                : $"; the {roots.Count} configured root certificate(s) are trusted";
        }

        return reason;
    }

    private static string DescribePeriod(X509Certificate2 leaf) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"it is valid from {leaf.NotBefore.ToUniversalTime():u} to {leaf.NotAfter.ToUniversalTime():u}");

    private static string DescribeNames(X509Certificate2 leaf)
    {
        List<string> names = [];
        foreach (X509SubjectAlternativeNameExtension extension in leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>())
        {
            names.AddRange(extension.EnumerateDnsNames());
            names.AddRange(extension.EnumerateIPAddresses().Select(address => address.ToString()));
        }

        return names.Count == 0 ? "no name: it has no subject alternative names" : $"'{string.Join("', '", names)}'";
    }
}
