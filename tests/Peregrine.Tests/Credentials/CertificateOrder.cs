// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Tests.Credentials;

/// <summary>What a test wants of a certificate; the default is a good one.</summary>
internal sealed record CertificateOrder(string Name)
{
    public string? Usage { get; init; }

    public DateTimeOffset From { get; init; } = DateTimeOffset.UtcNow.AddDays(-1);

    public DateTimeOffset Until { get; init; } = DateTimeOffset.UtcNow.AddDays(10);

    /// <summary>The bits of an RSA key; null for ECDSA P-256.</summary>
    public int? RsaBits { get; init; }

    public bool IsAuthority { get; init; }

    public IReadOnlyList<X509Extension> Extensions { get; init; } = [];

    public Action<SubjectAlternativeNameBuilder>? Names { get; init; }

    /// <summary>The request of such a certificate.</summary>
    public CertificateRequest Make(AsymmetricAlgorithm key)
    {
        var request = key is RSA rsa
            ? new CertificateRequest($"CN={Name}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest($"CN={Name}", (ECDsa)key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(IsAuthority, false, 0, true));
        if (!IsAuthority)
        {
            var names = new SubjectAlternativeNameBuilder();
            (Names ?? (builder => builder.AddDnsName(Name)))(names);
            request.CertificateExtensions.Add(names.Build());
        }

        if (Usage is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(Usage)], false));
        }

        foreach (var extension in Extensions)
        {
            request.CertificateExtensions.Add(extension);
        }

        return request;
    }

    public AsymmetricAlgorithm MakeKey() => RsaBits is { } bits ? RSA.Create(bits) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
}
