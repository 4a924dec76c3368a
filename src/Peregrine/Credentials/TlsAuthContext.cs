// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Peregrine.Credentials;

/// <summary>
/// What a certificate says about a peer, under the property names that gRPC's native packages use. The peer's identity is its
/// alternative names; its common name only if the certificate has no extension for alternative names at all (RFC 6125 section 6.4.4).
/// </summary>
internal static class TlsAuthContext
{
    private const string TransportSecurityType = "transport_security_type";
    private const string CommonName = "x509_common_name";
    private const string AlternativeName = "x509_subject_alternative_name";
    private const string SpiffeId = "peer_spiffe_id";
    private const string PemCertificate = "x509_pem_cert";

    /// <summary>Nothing is known: plaintext.</summary>
    public static AuthContext Insecure { get; } = new(null, []);

    /// <summary>The connection is encrypted; the peer has not said who it is.</summary>
    public static AuthContext Anonymous { get; } = new(null, StartProperties());

    /// <summary>Reads a certificate. One that was not verified gives properties, but no identity.</summary>
    public static AuthContext FromCertificate(X509Certificate2 certificate, bool isVerified)
    {
        Dictionary<string, List<AuthProperty>> properties = StartProperties();
        if (SubjectNames.CommonNameOf(certificate) is { Length: > 0 } commonName)
        {
            Add(properties, CommonName, commonName);
        }

        List<(string Name, bool IsUri)> names = SubjectAlternativeNames.Of(certificate);
        foreach ((string name, _) in names)
        {
            Add(properties, AlternativeName, name);
        }

        // A certificate of SPIFFE has exactly one URI. Names of other kinds may look like one: an authority may not have looked at those.
        if (names.Where(one => one.IsUri).ToArray() is [var uri] && uri.Name.StartsWith("spiffe://", StringComparison.Ordinal))
        {
            Add(properties, SpiffeId, uri.Name);
        }

        Add(properties, PemCertificate, certificate.ExportCertificatePem());
        string? identity = properties.ContainsKey(AlternativeName) ? AlternativeName
            : properties.ContainsKey(CommonName) && !SubjectAlternativeNames.AreIn(certificate) ? CommonName
            : null;
        return new AuthContext(isVerified ? identity : null, properties);
    }

    private static Dictionary<string, List<AuthProperty>> StartProperties()
    {
        var properties = new Dictionary<string, List<AuthProperty>>();
        Add(properties, TransportSecurityType, "ssl");
        return properties;
    }

    private static void Add(Dictionary<string, List<AuthProperty>> properties, string name, string value)
    {
        if (!properties.TryGetValue(name, out List<AuthProperty>? list))
        {
            properties.Add(name, list = []);
        }

        list.Add(AuthProperty.Create(name, Encoding.UTF8.GetBytes(value)));
    }
}
