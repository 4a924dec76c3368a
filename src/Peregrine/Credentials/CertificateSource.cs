// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography.X509Certificates;
using Peregrine.Credentials;

namespace Peregrine;

/// <summary>
/// Where a certificate with its private key comes from. Sources that can change are looked at again at handshakes, at most once a second: a
/// new certificate is used from then on, without a restart and without touching the connections that there are. What cannot be read is logged
/// as a warning, and the last good certificate stays. Immutable; used from many threads at once.
/// </summary>
public abstract class CertificateSource
{
    private protected CertificateSource()
    {
    }

    /// <summary>Whether a second look can find something else.</summary>
    internal virtual bool CanChange => true;

    /// <summary>A certificate in PEM, which stays the same.</summary>
    /// <param name="pair">The certificate, its intermediates, and its key.</param>
    /// <returns>The source.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="pair"/> is null.</exception>
    public static CertificateSource FromPem(KeyCertificatePair pair)
    {
        ArgumentNullException.ThrowIfNull(pair);
        return new PemTextSource(pair, "the certificate", "its private key");
    }

    /// <summary>
    /// PEM files, looked at again. Replace them by renaming: what was written within the last second is taken only when two looks have found the same.
    /// </summary>
    /// <param name="certificateChainPath">The certificate, followed by those of its intermediate authorities.</param>
    /// <param name="privateKeyPath">The unencrypted private key.</param>
    /// <returns>The source. What it needs is read when a server listens or a channel is made.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static CertificateSource FromPemFiles(string certificateChainPath, string privateKeyPath)
    {
        ArgumentNullException.ThrowIfNull(certificateChainPath);
        ArgumentNullException.ThrowIfNull(privateKeyPath);
        return new PemFileSource(certificateChainPath, privateKeyPath);
    }

    /// <summary>A PKCS#12 file (<c>.pfx</c>, <c>.p12</c>), looked at again.</summary>
    /// <param name="path">The file: one certificate with a private key, and its intermediates.</param>
    /// <param name="password">The password; null for none.</param>
    /// <returns>The source. The file is read when a server listens or a channel is made.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    public static CertificateSource FromPfxFile(string path, string? password = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new PfxFileSource(path, password);
    }

    /// <summary>A certificate object, which stays the same; its key may be in hardware.</summary>
    /// <param name="certificate">The certificate with its private key. The caller goes on owning it.</param>
    /// <param name="intermediates">The certificates between it and the root; null for none.</param>
    /// <returns>The source.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="certificate"/> is null.</exception>
    public static CertificateSource FromCertificate(X509Certificate2 certificate, IEnumerable<X509Certificate2>? intermediates = null)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        X509Certificate2Collection all = [certificate, .. intermediates ?? []];
        return new CertificateObjectSource(() => all, "the certificate object", canChange: false);
    }

    /// <summary>The certificate of a store of the operating system that has a private key and is valid for the longest, looked for again.</summary>
    /// <param name="name">The store, for example <see cref="StoreName.My"/>.</param>
    /// <param name="location">Whose store it is.</param>
    /// <param name="subjectName">A part of the subject, as in <see cref="X509FindType.FindBySubjectName"/>.</param>
    /// <returns>The source. The store is read when a server listens or a channel is made.</returns>
    /// <exception cref="ArgumentException"><paramref name="subjectName"/> is null or empty.</exception>
    public static CertificateSource FromStore(StoreName name, StoreLocation location, string subjectName)
    {
        ArgumentException.ThrowIfNullOrEmpty(subjectName);
        return new CertificateObjectSource(
            () => CertificateObjectSource.Find(name, location, subjectName), $"the store {location}/{name}", canChange: true);
    }

    /// <summary>What a function gives, asked again.</summary>
    /// <param name="read">
    /// Gives the certificate with its private key first, then its intermediates; the caller goes on owning them. Called at handshakes, at
    /// most once a second, by one thread at a time. What it throws when it is called first, making the server's port or the channel throws.
    /// </param>
    /// <returns>The source.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="read"/> is null.</exception>
    public static CertificateSource FromCallback(Func<X509Certificate2Collection> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        return new CertificateObjectSource(read, "the certificate callback", canChange: true);
    }

    /// <summary>Reads the certificate.</summary>
    /// <param name="previous">What was read before; given back when nothing has changed.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="ArgumentException">What is there cannot be used; the message says what and why.</exception>
    internal abstract TlsIdentity Read(TlsIdentity? previous);
}
