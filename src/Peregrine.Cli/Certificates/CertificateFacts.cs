// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Cli.Certificates;

/// <summary>What a person asks a certificate: whose, from whom, for which names and uses, until when, how strong.</summary>
internal sealed class CertificateFacts
{
    private const int LeastRsaBits = 2048;
    private const int LeastEllipticBits = 224;

    /// <summary>Reads a certificate.</summary>
    public CertificateFacts(X509Certificate2 certificate)
    {
        Subject = certificate.Subject;
        Issuer = certificate.Issuer;
        IsSelfIssued = certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
        Serial = certificate.SerialNumber;
        NotBefore = certificate.NotBefore.ToUniversalTime();
        NotAfter = certificate.NotAfter.ToUniversalTime();
        Fingerprint = certificate.GetCertHashString(HashAlgorithmName.SHA256);
        Signature = certificate.SignatureAlgorithm.FriendlyName ?? certificate.SignatureAlgorithm.Value ?? "";
        (KeyName, IsWeak) = DescribeKey(certificate);
        foreach (var extension in certificate.Extensions)
        {
            switch (extension)
            {
                case X509SubjectAlternativeNameExtension names:
                    Names = [.. names.EnumerateDnsNames(), .. names.EnumerateIPAddresses().Select(address => address.ToString()), .. UriNames.Of(names)];
                    break;
                case X509BasicConstraintsExtension constraints:
                    IsAuthority = constraints.CertificateAuthority;
                    break;
                case X509EnhancedKeyUsageExtension uses:
                    Uses = [.. uses.EnhancedKeyUsages.Cast<Oid>().Select(NameOf)];
                    break;
            }
        }
    }

    /// <summary>The distinguished name of its owner.</summary>
    public string Subject { get; }

    /// <summary>The distinguished name of who signed it.</summary>
    public string Issuer { get; }

    /// <summary>Whether both names are the same, as in the root of a chain.</summary>
    public bool IsSelfIssued { get; }

    /// <summary>The serial number, in hexadecimal digits.</summary>
    public string Serial { get; }

    /// <summary>From when on it is valid, UTC.</summary>
    public DateTime NotBefore { get; }

    /// <summary>Until when it is valid, UTC.</summary>
    public DateTime NotAfter { get; }

    /// <summary>The SHA-256 hash, in hexadecimal digits.</summary>
    public string Fingerprint { get; }

    /// <summary>How it is signed.</summary>
    public string Signature { get; }

    /// <summary>The kind and size of its key.</summary>
    public string KeyName { get; }

    /// <summary>Whether its key is smaller than peers accept today: RSA below 2,048 bits, curves below 224.</summary>
    public bool IsWeak { get; }

    /// <summary>The names that clients compare: DNS, IP, URI. Without any, no client of today takes it for a server.</summary>
    public IReadOnlyList<string> Names { get; } = [];

    /// <summary>Whether it may sign others.</summary>
    public bool IsAuthority { get; }

    /// <summary>The extended key usages; none: any use.</summary>
    public IReadOnlyList<string> Uses { get; } = [];

    /// <summary>How long it is still valid; negative: since when it is not.</summary>
    public TimeSpan Left(TimeProvider time) => NotAfter - time.GetUtcNow().UtcDateTime;

    /// <summary>What is wrong with its time; null: it is valid now.</summary>
    public string? TimeProblem(TimeProvider time)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return now > NotAfter ? FormattableString.Invariant($"expired on {NotAfter:yyyy-MM-dd HH:mm} UTC")
            : now < NotBefore ? FormattableString.Invariant($"not valid before {NotBefore:yyyy-MM-dd HH:mm} UTC; check the clock")
            : null;
    }

    private static (string Name, bool IsWeak) DescribeKey(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        if (rsa is not null)
        {
            return ($"RSA {rsa.KeySize}", rsa.KeySize < LeastRsaBits);
        }

        using var elliptic = certificate.GetECDsaPublicKey();
        return elliptic is not null
            ? ($"ECDSA {elliptic.KeySize}", elliptic.KeySize < LeastEllipticBits)
            : (certificate.PublicKey.Oid.FriendlyName ?? certificate.PublicKey.Oid.Value ?? "unknown", false);
    }

    private static string NameOf(Oid use) => use.Value switch
    {
        DevelopmentAuthority.ServerAuth => "server",
        DevelopmentAuthority.ClientAuth => "client",
        _ => use.FriendlyName ?? use.Value ?? "",
    };
}
