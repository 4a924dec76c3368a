// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Credentials;

/// <summary>The parsed form of <see cref="CertificateTrust"/> at one moment. Shared by all handshakes, for which nothing of it changes.</summary>
internal sealed class TrustAnchors
{
    private readonly CertificateTrust _trust;
    private readonly ContentOrigin _origin;

    private TrustAnchors(CertificateTrust trust, byte[] origin, X509Certificate2Collection? roots, IReadOnlyList<RevocationList> lists)
    {
        _trust = trust;
        _origin = new ContentOrigin(origin);
        Roots = roots;
        RevocationLists = lists;
    }

    /// <summary>The authorities given; null when those of the operating system are trusted alone.</summary>
    public X509Certificate2Collection? Roots { get; }

    /// <summary>Whether the operating system's authorities are trusted besides <see cref="Roots"/>.</summary>
    public bool JoinsSystem => Roots is not null && _trust.IncludeSystemRoots;

    /// <summary>The lists given; none when no certificate is to be looked for in lists.</summary>
    public IReadOnlyList<RevocationList> RevocationLists { get; }

    /// <inheritdoc cref="CertificateTrust.Read"/>
    public static TrustAnchors Read(CertificateTrust trust, TrustAnchors? previous, string rootsName)
    {
        FileContents? rootFile = trust.RootCertificatesPath is { } path ? FileContents.Read(path) : null;
        FileContents[] listFiles = [.. trust.RevocationListPaths.Select(FileContents.Read)];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(rootFile?.Bytes ?? []);
        foreach (FileContents list in listFiles)
        {
            hash.AppendData(BitConverter.GetBytes(list.Bytes.Length));
            hash.AppendData(list.Bytes);
        }

        byte[] origin = hash.GetHashAndReset();
        if (previous is not null && previous._origin.Stays(origin, rootFile is not { HaveSettled: false } && listFiles.All(list => list.HaveSettled)))
        {
            return previous;
        }

        X509Certificate2Collection roots = [];
        if (trust.RootCertificates is { } pem)
        {
            roots.AddRange(PemDecoder.DecodeCertificates(pem, rootsName));
        }

        if (rootFile is { } file)
        {
            roots.AddRange(PemDecoder.DecodeCertificates(file.Text, $"the root certificate file '{trust.RootCertificatesPath}'"));
        }

        List<RevocationList> lists = [];
        for (var i = 0; i < listFiles.Length; i++)
        {
            lists.AddRange(PemDecoder.DecodeRevocationLists(listFiles[i].Bytes, $"the revocation list file '{trust.RevocationListPaths[i]}'"));
        }

        return new TrustAnchors(trust, origin, roots.Count > 0 ? roots : null, lists);
    }

    /// <summary>
    /// The place of the certificate at which a path ends that is trusted by itself: the root, or the peer's, whoever has issued that, when it is one
    /// of <see cref="Roots"/>.
    /// </summary>
    public int AnchorOf(IReadOnlyList<X509Certificate2> path) =>
        path.Count > 0 && Roots?.Any(root => root.RawDataMemory.Span.SequenceEqual(path[0].RawDataMemory.Span)) == true ? 0 : path.Count - 1;

    /// <summary>Looks for the certificates of a path in <see cref="RevocationLists"/>.</summary>
    /// <param name="path">The path, each certificate before that of its issuer. Of its anchor no list need say anything.</param>
    /// <param name="now">The time.</param>
    /// <returns>Why one is refused; null when none is.</returns>
    public string? FindRevoked(IReadOnlyList<X509Certificate2> path, DateTimeOffset now)
    {
        var anchor = AnchorOf(path);
        for (var i = 0; RevocationLists.Count > 0 && i <= anchor && i + 1 < path.Count; i++)
        {
            if (FindRevoked(path[i], path[i + 1], i == anchor || _trust.AllowUnknownRevocationStatus, now) is { } revoked)
            {
                return revoked;
            }
        }

        return null;
    }

    /// <summary>
    /// How the platform builds chains in one handshake: nothing is fetched, revocation is looked for only where that was asked for. A new object
    /// for each handshake: <see cref="System.Net.Security.SslStream"/> adds to it.
    /// </summary>
    /// <param name="fromSystem">Whether the operating system's authorities are trusted, not <see cref="Roots"/>.</param>
    public X509ChainPolicy CreateChainPolicy(bool fromSystem = false)
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = _trust.RevocationMode,
            RevocationFlag = X509RevocationFlag.ExcludeRoot,
            DisableCertificateDownloads = true,
        };
        if (Roots is not null && !fromSystem)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(Roots);
        }

        return policy;
    }

    private string? FindRevoked(X509Certificate2 certificate, X509Certificate2 issuer, bool allowsUnknown, DateTimeOffset now)
    {
        RevocationList[] lists = [.. RevocationLists.Where(list => list.IsOf(issuer))];
        foreach (RevocationList list in lists)
        {
            if (list.RevokedSince(certificate) is { } since)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"the certificate of '{certificate.Subject}' (serial number {certificate.SerialNumber}) is revoked since {since:u}");
            }
        }

        if (allowsUnknown || lists.Any(list => list.IsCurrent(now)))
        {
            return null;
        }

        var why = lists.Length == 0
            ? $"no revocation list given is signed by its issuer '{issuer.Subject}'"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"the revocation list of its issuer '{issuer.Subject}' is not in force now (made {lists[^1].ThisUpdate:u}, next update {lists[^1].NextUpdate:u})");
        return $"whether the certificate of '{certificate.Subject}' is revoked is not known: {why}";
    }
}
