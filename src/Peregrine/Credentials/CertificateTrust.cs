// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography.X509Certificates;
using Peregrine.Credentials;

namespace Peregrine;

/// <summary>
/// Which certificates of a peer are trusted: by which authorities, and unless revoked. Files are looked at again at handshakes, at most once a
/// second, and hold for the handshakes from then on, those that resume a session among them. Immutable; used from many threads at once.
/// </summary>
public sealed class CertificateTrust
{
    /// <summary>
    /// Certificates to trust, in PEM; null for none. A peer's certificate that stands here itself is trusted, too: no list of its issuer is needed
    /// then, but one that revokes it still counts.
    /// </summary>
    public string? RootCertificates { get; init; }

    /// <summary>A file of certificates to trust, in PEM, besides <see cref="RootCertificates"/>; null for none.</summary>
    public string? RootCertificatesPath { get; init; }

    /// <summary>
    /// Whether the authorities that the operating system trusts are trusted besides those given here. They are trusted in any case by clients when
    /// none are given here. False by default.
    /// </summary>
    public bool IncludeSystemRoots { get; init; }

    /// <summary>
    /// Files of certificate revocation lists (RFC 5280 section 5), DER or PEM. With at least one, each certificate of a peer's chain but the root
    /// must be known not to be revoked: by a list of its issuer, signed by it, whose next update is not over. Complete lists are read; indirect,
    /// partial and delta lists are refused. Empty by default.
    /// </summary>
    public IReadOnlyList<string> RevocationListPaths { get; init; } = [];

    /// <summary>
    /// Whether a certificate is accepted, too, whose issuer has no list here, or none that is current. What a list says is revoked is refused
    /// all the same. False by default.
    /// </summary>
    public bool AllowUnknownRevocationStatus { get; init; }

    /// <summary>
    /// Whether the platform looks for revocation by its own means. <see cref="X509RevocationMode.NoCheck"/>, the default: no.
    /// <see cref="X509RevocationMode.Offline"/>: by what it has stored, and by what the peer sent along (OCSP stapling), where it can.
    /// <see cref="X509RevocationMode.Online"/>: it also asks over the network, in the middle of a handshake, at addresses that the certificate
    /// names; nothing else in this library does.
    /// </summary>
    public X509RevocationMode RevocationMode { get; init; } = X509RevocationMode.NoCheck;

    /// <summary>
    /// Judges a chain by <see cref="RevocationListPaths"/>, as a handshake does: for programs that look at certificates themselves. Reads the
    /// files; nothing is fetched.
    /// </summary>
    /// <param name="chain">A chain that was built (<see cref="X509Chain.Build"/>): its first certificate is the peer's, its last the root.</param>
    /// <param name="now">The time that the lists must be in force at.</param>
    /// <returns>Why a certificate of it is refused, as a sentence without its end; null when none is, or no lists are given.</returns>
    /// <exception cref="System.ArgumentNullException">There is no chain.</exception>
    /// <exception cref="System.IO.IOException">A file cannot be read.</exception>
    /// <exception cref="System.ArgumentException">A file does not hold what it should; the message says which and why.</exception>
    public string? FindRevoked(X509Chain chain, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(chain);
        TrustAnchors anchors = Read(previous: null, nameof(RootCertificates));
        X509Certificate2[] path = [.. chain.ChainElements.Select(element => element.Certificate)];
        return anchors.FindRevoked(path, now) is { } revoked ? PrintableText.Escape(revoked) : null;
    }

    /// <summary>Whether authorities are given, or those of the system wanted.</summary>
    internal bool NamesAuthorities => RootCertificates is not null || RootCertificatesPath is not null || IncludeSystemRoots;

    /// <summary>Whether a second look can find something else.</summary>
    internal bool CanChange => RootCertificatesPath is not null || RevocationListPaths.Count > 0;

    /// <summary>Reads what is to be read.</summary>
    /// <param name="previous">What was read before; given back when nothing has changed.</param>
    /// <param name="rootsName">What <see cref="RootCertificates"/> is called in errors.</param>
    /// <exception cref="System.IO.IOException">A file cannot be read.</exception>
    /// <exception cref="System.ArgumentException">A text or file does not hold what it should; the message says which and why.</exception>
    internal TrustAnchors Read(TrustAnchors? previous, string rootsName) => TrustAnchors.Read(this, previous, rootsName);
}
