// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Tests.Credentials;

/// <summary>An authority and certificates made by it, for one test.</summary>
internal sealed class TestCertificates : IDisposable
{
    public const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    private readonly ECDsa _authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;
    private readonly string _intermediates = "";
    private int _listNumber;

    public TestCertificates(string name = "test authority")
        : this(name, null)
    {
    }

    private TestCertificates(string name, TestCertificates? above)
    {
        CertificateRequest request = new CertificateOrder(name) { IsAuthority = true }.Make(_authorityKey);
        if (above is null)
        {
            DateTimeOffset from = DateTimeOffset.UtcNow.AddDays(-2);
            _authority = request.CreateSelfSigned(from, from.AddDays(32));
        }
        else
        {
            using X509Certificate2 signed = request.Create(above._authority, above._authority.NotBefore, above._authority.NotAfter, RandomNumberGenerator.GetBytes(8));
            _authority = signed.CopyWithPrivateKey(_authorityKey);
            _intermediates = signed.ExportCertificatePem() + "\n" + above._intermediates;
        }
    }

    /// <summary>The authority's certificate, with its key.</summary>
    public X509Certificate2 Authority => _authority;

    public string AuthorityPem => _authority.ExportCertificatePem();

    /// <summary>An authority whose certificate this one issues; what it issues carries the chain up to here.</summary>
    public TestCertificates Intermediate(string name) => new(name, this);

    public KeyCertificatePair Issue(string name, string? usage = null, bool expired = false, Action<SubjectAlternativeNameBuilder>? names = null)
    {
        var order = new CertificateOrder(name) { Usage = usage, Names = names };
        return Issue(expired ? order with { Until = order.From.AddHours(1) } : order);
    }

    /// <summary>Issues a certificate; the pair's chain has the intermediates, unless they are to be missing.</summary>
    public KeyCertificatePair Issue(CertificateOrder order, bool withIntermediates = true)
    {
        using AsymmetricAlgorithm key = order.MakeKey();
        using X509Certificate2 certificate = order.Make(key).Create(
            _authority.SubjectName, X509SignatureGenerator.CreateForECDsa(_authorityKey), order.From, order.Until, RandomNumberGenerator.GetBytes(8));
        return new KeyCertificatePair(
            certificate.ExportCertificatePem() + "\n" + (withIntermediates ? _intermediates : ""), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>A certificate that its own key signs.</summary>
    public static KeyCertificatePair SelfSigned(string name)
    {
        using AsymmetricAlgorithm key = new CertificateOrder(name).MakeKey();
        using X509Certificate2 certificate = new CertificateOrder(name).Make(key)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(10));
        return new KeyCertificatePair(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>
    /// What is signed by RSA with SHA-256, saying that it is SHA-1, which the platform writes no more. The signature does not match any longer.
    /// </summary>
    public static byte[] WithSha1(byte[] der)
    {
        byte[] sha256 = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B];
        var changed = (byte[])der.Clone();
        for (var rest = changed.AsSpan(); rest.IndexOf(sha256) is >= 0 and var at; rest = rest[(at + 1)..])
        {
            rest[at + sha256.Length - 1] = 0x05;
        }

        return changed;
    }

    /// <summary>The authority's signature: ECDSA with SHA-256.</summary>
    public byte[] Sign(byte[] data) => _authorityKey.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    /// <summary>The authority's revocation list, in DER.</summary>
    public byte[] RevocationList(DateTimeOffset? nextUpdate = null, params KeyCertificatePair[] revoked)
    {
        var builder = new CertificateRevocationListBuilder();
        foreach (KeyCertificatePair pair in revoked)
        {
            using var certificate = X509Certificate2.CreateFromPem(pair.CertificateChain);
            builder.AddEntry(certificate, DateTimeOffset.UtcNow.AddHours(-1), X509RevocationReason.KeyCompromise);
        }

        return builder.Build(
            _authority.SubjectName,
            X509SignatureGenerator.CreateForECDsa(_authorityKey),
            ++_listNumber,
            nextUpdate ?? DateTimeOffset.UtcNow.AddDays(7),
            HashAlgorithmName.SHA256,
            KeyIdentifier(),
            DateTimeOffset.UtcNow.AddDays(-1));
    }

    private X509AuthorityKeyIdentifierExtension KeyIdentifier() =>
        X509AuthorityKeyIdentifierExtension.CreateFromIssuerNameAndSerialNumber(_authority.IssuerName, _authority.SerialNumberBytes.Span);

    public void Dispose()
    {
        _authority.Dispose();
        _authorityKey.Dispose();
    }
}
