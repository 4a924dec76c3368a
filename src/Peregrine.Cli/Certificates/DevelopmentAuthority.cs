// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Cli.Certificates;

/// <summary>
/// An authority for development and tests: issues certificates of servers and clients (profile of RFC 5280). Whoever trusts it trusts
/// all who can read its key.
/// </summary>
internal sealed class DevelopmentAuthority : IDisposable
{
    private const string BasicConstraints = "2.5.29.19";
    internal const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    internal const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    private const int SerialLength = 16;

    // RFC 5280, appendix A.1: ub-common-name.
    private const int MaxCommonName = 64;

    // Clocks differ: what is valid from now on is not valid yet on a machine that is a minute behind.
    private static readonly TimeSpan Backdated = TimeSpan.FromHours(1);

    private readonly X509Certificate2 _certificate;
    private readonly TimeProvider _time;

    private DevelopmentAuthority(X509Certificate2 certificate, TimeProvider time)
    {
        _certificate = certificate;
        _time = time;
    }

    /// <summary>Makes the self-signed certificate of a new authority.</summary>
    /// <param name="name">Its common name, shown where certificates are listed.</param>
    /// <param name="validity">How long it is valid.</param>
    /// <param name="algorithm">The kind of its key.</param>
    /// <param name="time">The clock.</param>
    public static KeyPair Create(string name, TimeSpan validity, KeyAlgorithm algorithm, TimeProvider time)
    {
        using var key = KeyPair.NewKey(algorithm);
        var request = KeyPair.Request(Subject(name), key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = time.GetUtcNow();
        return KeyPair.Of(request.CreateSelfSigned(now - Backdated, now + validity), key);
    }

    /// <summary>The authority of a certificate and its key.</summary>
    /// <exception cref="ToolException">The certificate is not one of an authority, or has expired.</exception>
    public static DevelopmentAuthority Open(X509Certificate2 certificate, TimeProvider time)
    {
        if (certificate.Extensions[BasicConstraints] is not X509BasicConstraintsExtension { CertificateAuthority: true })
        {
            throw new ToolException($"{certificate.Subject} is not the certificate of an authority.");
        }

        return certificate.NotAfter.ToUniversalTime() > time.GetUtcNow()
            ? new DevelopmentAuthority(certificate, time)
            : throw new ToolException(string.Create(
                CultureInfo.InvariantCulture,
                $"The authority {certificate.Subject} expired on {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}; make a new one."));
    }

    /// <summary>Issues a certificate; it does not outlive the authority's own.</summary>
    /// <param name="use">Whether it is for a server or a client.</param>
    /// <param name="names">Its subject alternative names, which are what peers compare; the first is its common name, too, if it is not too long.</param>
    /// <param name="validity">How long it is valid.</param>
    /// <param name="algorithm">The kind of its key.</param>
    public KeyPair Issue(CertificateUse use, IReadOnlyList<SubjectName> names, TimeSpan validity, KeyAlgorithm algorithm)
    {
        using var key = KeyPair.NewKey(algorithm);
        var request = KeyPair.Request(Subject(names[0].Text is { Length: <= MaxCommonName } name ? name : use.ToString()), key);
        var usage = X509KeyUsageFlags.DigitalSignature | (algorithm == KeyAlgorithm.Rsa ? X509KeyUsageFlags.KeyEncipherment : X509KeyUsageFlags.None);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(use == CertificateUse.Server ? ServerAuth : ClientAuth)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var each in names)
        {
            each.AddTo(alternatives);
        }

        request.CertificateExtensions.Add(alternatives.Build());

        var now = _time.GetUtcNow();
        var from = Later(now - Backdated, _certificate.NotBefore.ToUniversalTime());
        var until = Earlier(now + validity, _certificate.NotAfter.ToUniversalTime());
        return KeyPair.Of(request.Create(_certificate, from, until, NewSerial()), key);
    }

    /// <inheritdoc/>
    public void Dispose() => _certificate.Dispose();

    private static X500DistinguishedName Subject(string commonName)
    {
        var builder = new X500DistinguishedNameBuilder();
        builder.AddCommonName(commonName);
        return builder.Build();
    }

    // At least 64 bits of chance, and no negative number (CA/Browser Forum baseline requirements, section 7.1).
    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(SerialLength);
        serial[0] = (byte)((serial[0] & 0x7f) | 0x40);
        return serial;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
