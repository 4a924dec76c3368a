// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Credentials;

/// <summary>Turns PEM text into certificates and keys, with errors that say which text is wrong and how. Never quotes a key.</summary>
internal static class PemDecoder
{
    private const string CertificateLabel = "CERTIFICATE";
    private const string RevocationListLabel = "X509 CRL";

    /// <summary>Every certificate of the text, in order.</summary>
    /// <param name="pem">The text; blocks with other labels and text between blocks are skipped.</param>
    /// <param name="source">What the text is, for errors: "the root certificates".</param>
    /// <exception cref="ArgumentException">There is no certificate, or one cannot be read.</exception>
    public static X509Certificate2Collection DecodeCertificates(string pem, string source)
    {
        var certificates = new X509Certificate2Collection();
        ReadOnlySpan<char> rest = pem;
        while (PemEncoding.TryFind(rest, out PemFields fields))
        {
            if (rest[fields.Label] is CertificateLabel)
            {
                certificates.Add(DecodeCertificate(rest[fields.Base64Data], certificates.Count + 1, source));
            }

            rest = rest[fields.Location.End..];
        }

        // TryFind skips a block it cannot read, so that a damaged certificate would silently be missing from the trust.
        int begun = pem.AsSpan().Count($"-----BEGIN {CertificateLabel}-----");
        if (begun != certificates.Count)
        {
            throw new ArgumentException(
                $"Cannot read {source}: {begun} certificate blocks begin, but only {certificates.Count} are well formed " +
                "(base64 between BEGIN and END lines).");
        }

        return certificates.Count > 0
            ? certificates
            : throw new ArgumentException(
                $"Cannot read {source}: there is no '-----BEGIN {CertificateLabel}-----' block. PEM text is expected.");
    }

    /// <summary>The certificate with its key, followed by the intermediates of the text.</summary>
    /// <exception cref="ArgumentException">The text cannot be read, or the key is not that of the first certificate.</exception>
    public static TlsIdentity DecodeIdentity(KeyCertificatePair pair, string certificateSource, string keySource, byte[]? origin = null)
    {
        X509Certificate2Collection chain = DecodeCertificates(pair.CertificateChain, certificateSource);
        CheckKey(pair.PrivateKey, keySource);
        X509Certificate2 leaf = chain[0];
        try
        {
            using X509Certificate2 withKey = X509Certificate2.CreateFromPem(leaf.ExportCertificatePem(), pair.PrivateKey);
            chain.RemoveAt(0);
            return new TlsIdentity(MakeUsableByTls(withKey), chain, origin);
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            throw new ArgumentException(
                $"Cannot use {keySource} with {certificateSource}: the key cannot be read or is not the key of the " +
                $"certificate of '{leaf.Subject}'.",
                failure);
        }
        finally
        {
            leaf.Dispose();
        }
    }

    /// <summary>The revocation lists of a file: one in DER, or any number in PEM.</summary>
    /// <exception cref="ArgumentException">There is none, or one cannot be read.</exception>
    public static List<RevocationList> DecodeRevocationLists(byte[] contents, string source)
    {
        const byte sequence = 0x30; // how DER begins, and no text
        if (contents.Length > 0 && contents[0] == sequence)
        {
            return [RevocationList.Decode(contents, source)];
        }

        List<RevocationList> lists = [];
        string pem = System.Text.Encoding.ASCII.GetString(contents);
        ReadOnlySpan<char> rest = pem;
        while (PemEncoding.TryFind(rest, out PemFields fields))
        {
            if (rest[fields.Label] is RevocationListLabel)
            {
                lists.Add(RevocationList.Decode(Convert.FromBase64String(rest[fields.Base64Data].ToString()), source));
            }

            rest = rest[fields.Location.End..];
        }

        int begun = pem.AsSpan().Count($"-----BEGIN {RevocationListLabel}-----");
        return begun == lists.Count && begun > 0
            ? lists
            : throw new ArgumentException(
                $"Cannot read {source}: {begun} '-----BEGIN {RevocationListLabel}-----' blocks begin, and {lists.Count} are well formed. " +
                "A revocation list in DER or PEM is expected.");
    }

    public static void DisposeAll(X509Certificate2Collection certificates)
    {
        foreach (X509Certificate2 certificate in certificates)
        {
            certificate.Dispose();
        }
    }

    private static X509Certificate2 DecodeCertificate(ReadOnlySpan<char> base64, int number, string source)
    {
        try
        {
            return X509CertificateLoader.LoadCertificate(Convert.FromBase64String(base64.ToString()));
        }
        catch (Exception failure) when (failure is CryptographicException or FormatException)
        {
            throw new ArgumentException($"Cannot read {source}: certificate {number} is damaged: {failure.Message}", failure);
        }
    }

    private static void CheckKey(string pem, string source)
    {
        bool found = false;
        ReadOnlySpan<char> rest = pem;
        while (PemEncoding.TryFind(rest, out PemFields fields))
        {
            switch (rest[fields.Label])
            {
                case "ENCRYPTED PRIVATE KEY":
                    throw new ArgumentException(
                        $"Cannot read {source}: the key is encrypted. Remove the password, for example with " +
                        "'openssl pkey -in key.pem -out plain.pem'.");
                case "PRIVATE KEY" or "RSA PRIVATE KEY" or "EC PRIVATE KEY":
                    found = true;
                    break;
            }

            rest = rest[fields.Location.End..];
        }

        // The traditional OpenSSL encryption stands in headers inside the block, which PemEncoding does not take for PEM.
        if (pem.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"Cannot read {source}: the key is encrypted. Remove the password, for example with " +
                "'openssl pkey -in key.pem -out plain.pem'.");
        }

        if (!found)
        {
            throw new ArgumentException(
                $"Cannot read {source}: there is no '-----BEGIN PRIVATE KEY-----' (or RSA, EC) block. PEM text is expected.");
        }
    }

    /// <summary>
    /// Schannel cannot use a key that lives in memory only: there the certificate goes through PKCS#12 once, which gives
    /// the key a container. Elsewhere the key is used as it is.
    /// </summary>
    private static X509Certificate2 MakeUsableByTls(X509Certificate2 certificate) => OperatingSystem.IsWindows()
        ? X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null)
        : new X509Certificate2(certificate);
}
