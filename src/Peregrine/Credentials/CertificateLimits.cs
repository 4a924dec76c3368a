// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Credentials;

/// <summary>What is refused whoever has signed it: keys and signatures that are too weak, keys and chains that are too large.</summary>
internal static class CertificateLimits
{
    /// <summary>The most certificates a peer may send. A leaf, an intermediate or two, and a root are usual.</summary>
    public const int MaxCertificates = 10;

    /// <summary>The most bytes that they may have together: those of 10 certificates with the largest keys and many names.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>NIST SP 800-57: less than 112 bits of security are not enough.</summary>
    public const int MinRsaBits = 2048;

    /// <summary>To verify a signature takes time with the square of the key; larger ones add no security that anybody needs.</summary>
    public const int MaxRsaBits = 8192;

    /// <summary>The smallest curve of TLS 1.3 (RFC 8446 section 4.2.7).</summary>
    public const int MinEllipticCurveBits = 256;

    private const string RsaKey = "1.2.840.113549.1.1.1";
    private const string RsaOaepKey = "1.2.840.113549.1.1.7";
    private const string EllipticCurveKey = "1.2.840.10045.2.1";

    // DSA as X.509 names it, and as ISO OIW did.
    private static readonly string?[] DsaKeys = ["1.2.840.10040.4.1", "1.3.14.3.2.12"];

    private static readonly Dictionary<string, string> WeakSignatures = new()
    {
        ["1.2.840.113549.1.1.2"] = "MD2",
        ["1.2.840.113549.1.1.3"] = "MD4",
        ["1.2.840.113549.1.1.4"] = "MD5",
        ["1.2.840.113549.1.1.5"] = "SHA-1",
        ["1.3.14.3.2.29"] = "SHA-1",
        ["1.2.840.10045.4.1"] = "SHA-1",
        ["1.2.840.10040.4.3"] = "SHA-1",
    };

    /// <summary>Why what a peer sent is too much to look at; null when it is not.</summary>
    /// <param name="leaf">The presented certificate.</param>
    /// <param name="sent">What came with it; the platform has the leaf among them in some roles and not in others.</param>
    public static string? FindTooLarge(X509Certificate2 leaf, X509Certificate2Collection sent)
    {
        X509Certificate2[] all = [leaf, .. sent.Where(one => !one.RawDataMemory.Span.SequenceEqual(leaf.RawDataMemory.Span))];
        if (all.Length > MaxCertificates)
        {
            return $"the peer sent {all.Length} certificates; {MaxCertificates} are the most";
        }

        var bytes = all.Sum(one => one.RawDataMemory.Length);
        if (bytes > MaxBytes)
        {
            return $"the peer's certificates have {bytes} bytes; {MaxBytes} are the most";
        }

        return all.Select(FindTooLarge).FirstOrDefault(reason => reason is not null);
    }

    /// <summary>Why a certificate proves too little; null when it does not.</summary>
    /// <param name="certificate">A certificate of the chain.</param>
    /// <param name="isAnchor">Whether it is trusted by itself, so that its own signature does not matter.</param>
    public static string? FindTooWeak(X509Certificate2 certificate, bool isAnchor)
    {
        if (!isAnchor && WeakSignatures.TryGetValue(certificate.SignatureAlgorithm.Value ?? "", out string? hash))
        {
            return $"the certificate of '{certificate.Subject}' is signed with {hash}, which can be forged";
        }

        if (!isAnchor && certificate.SignatureAlgorithm.Value == PssParameters.Algorithm && PssParameters.FindHash(certificate) is null)
        {
            return $"the certificate of '{certificate.Subject}' is signed by RSASSA-PSS with another hash than SHA-256, SHA-384 or SHA-512, which can be forged";
        }

        if (DsaKeys.Contains(certificate.PublicKey.Oid.Value))
        {
            return $"the key of '{certificate.Subject}' is one of DSA, which FIPS 186-5 has withdrawn";
        }

        (string kind, int bits, int least) = Measure(certificate);
        return bits < least ? $"the {kind} key of '{certificate.Subject}' has {bits} bits, which is too weak; {least} are the least" : null;
    }

    private static string? FindTooLarge(X509Certificate2 certificate)
    {
        (string kind, int bits, _) = Measure(certificate);
        return bits > MaxRsaBits ? $"the {kind} key of '{certificate.Subject}' has {bits} bits; {MaxRsaBits} are the most" : null;
    }

    // Keys of other kinds are the platform's business: it knows them, or the handshake fails.
    private static (string Kind, int Bits, int Least) Measure(X509Certificate2 certificate)
    {
        try
        {
            switch (certificate.PublicKey.Oid.Value)
            {
                case RsaKey or RsaOaepKey or PssParameters.Algorithm:
                    // RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER } (RFC 8017 appendix A.1.1). The platform makes no key
                    // objects of those that are for RSASSA-PSS alone.
                    AsnReader key = new AsnReader(certificate.PublicKey.EncodedKeyValue.RawData, AsnEncodingRules.DER).ReadSequence();
                    return ("RSA", (int)key.ReadInteger().GetBitLength(), MinRsaBits);

                case EllipticCurveKey:
                    using (ECDsa? ecdsa = certificate.PublicKey.GetECDsaPublicKey())
                    {
                        return ("ECDSA", ecdsa!.KeySize, MinEllipticCurveBits);
                    }
            }
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException)
        {
            // A key that cannot be read verifies nothing, so that the chain has failed already.
        }

        return ("", 0, 0);
    }
}
