// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Peregrine.Credentials;
using Peregrine.Testing;

namespace Peregrine.Tests.Credentials;

/// <summary>What of a verified certificate is the peer's identity, and how policies compare it.</summary>
public class PeerIdentityTests
{
    [Theory]
    [InlineData("CN=alice", "alice")]
    [InlineData("CN=alice, CN=bob, O=acme", "alice")]
    [InlineData("CN=Zoë", "Zoë")]
    [InlineData("OU=admins, O=acme", null)]
    [InlineData("E=alice@acme.test", null)]
    public void Only_the_common_name_of_a_subject_is_an_identity(string subject, string? identity)
    {
        var seen = See(subject);
        Assert.Equal(identity is not null, seen.IsPeerAuthenticated);
        Assert.Equal(identity is null ? [] : [identity], seen.PeerIdentity.Select(one => one.Value));
    }

    [Theory]
    [InlineData("3000")] // no names
    [InlineData("3005880329A10A")] // another kind of name alone
    [InlineData("30FF")] // malformed
    public void With_an_extension_for_alternative_names_the_common_name_is_none(string extension)
    {
        var seen = See("CN=alice", new X509Extension("2.5.29.17", Convert.FromHexString(extension), critical: false));
        Assert.False(seen.IsPeerAuthenticated);
        Assert.Equal("alice", Assert.Single(seen.FindPropertiesByName("x509_common_name")).Value);
    }

    [Theory]
    [InlineData("Billing.test", "billing.test", true)]
    [InlineData("spiffe://a.test/Billing", "spiffe://a.test/Billing", true)]
    [InlineData("spiffe://a.test/Billing", "spiffe://a.test/billing", false)]
    public async Task Host_names_are_compared_without_regard_to_case_and_URIs_with_it(string wanted, string name, bool allowed)
    {
        var names = new SubjectAlternativeNameBuilder();
        if (name.Contains("://", StringComparison.Ordinal))
        {
            names.AddUri(new Uri(name));
        }
        else
        {
            names.AddDnsName(name);
        }

        var context = TestServerCallContext.Create(authContext: See("CN=any", names.Build()));
        Assert.Equal(allowed, (await AuthorizationPolicies.RequirePeer(wanted)(context)).IsAllowed);
    }

    private static AuthContext See(string subject, params X509Extension[] extensions)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        foreach (var extension in extensions)
        {
            request.CertificateExtensions.Add(extension);
        }

        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        return TlsAuthContext.FromCertificate(certificate, isVerified: true);
    }
}
