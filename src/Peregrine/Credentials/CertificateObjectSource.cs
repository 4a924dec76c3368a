// SPDX-License-Identifier: Apache-2.0
using System;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Credentials;

/// <summary>A certificate that comes as an object: from the caller, from a store, from a function.</summary>
internal sealed class CertificateObjectSource(Func<X509Certificate2Collection> read, string name, bool canChange) : CertificateSource
{
    internal override bool CanChange => canChange;

    /// <summary>The certificates of a store: the one with a key that is valid for the longest.</summary>
    public static X509Certificate2Collection Find(StoreName name, StoreLocation location, string subjectName)
    {
        using var store = new X509Store(name, location);
        store.Open(OpenFlags.ReadOnly);
        X509Certificate2 best = store.Certificates.Find(X509FindType.FindBySubjectName, subjectName, validOnly: false)
            .Where(certificate => certificate.HasPrivateKey)
            .MaxBy(certificate => certificate.NotAfter)
            ?? throw new ArgumentException(
                $"The store {location}/{name} has no certificate with a private key whose subject has '{subjectName}'.");
        return [best];
    }

    internal override TlsIdentity Read(TlsIdentity? previous)
    {
        X509Certificate2Collection all = read();
        if (all is null || all.Count == 0 || !all[0].HasPrivateKey)
        {
            throw new ArgumentException($"Cannot use what {name} gives: a certificate with its private key must come first.");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (X509Certificate2 certificate in all)
        {
            hash.AppendData(certificate.RawDataMemory.Span);
        }

        byte[] origin = hash.GetHashAndReset();

        // Copies share the key: the caller may dispose of its own.
        return previous is not null && previous.HasOrigin(origin)
            ? previous
            : new TlsIdentity(new X509Certificate2(all[0]), [.. all.Skip(1).Select(one => new X509Certificate2(one))], origin);
    }
}
