// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Peregrine.Credentials;

namespace Peregrine.Tests.Credentials;

/// <summary>The rule for trust, with chain errors made up, so that it does not depend on what the platform finds.</summary>
public sealed class PeerCertificatePolicyTests : IDisposable
{
    private readonly TestCertificates _authority = new();

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData(true, X509ChainStatusFlags.UntrustedRoot)]
    [InlineData(true, X509ChainStatusFlags.PartialChain)]
    [InlineData(true, X509ChainStatusFlags.PartialChain, X509ChainStatusFlags.UntrustedRoot)]
    [InlineData(true, X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot)]
    [InlineData(false)] // an error that the platform does not explain is not forgiven
    [InlineData(false, X509ChainStatusFlags.NotTimeValid)]
    [InlineData(false, X509ChainStatusFlags.UntrustedRoot, X509ChainStatusFlags.NotTimeValid)]
    [InlineData(false, X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.NotTimeValid)]
    [InlineData(false, X509ChainStatusFlags.UntrustedRoot, X509ChainStatusFlags.NotValidForUsage)]
    [InlineData(false, X509ChainStatusFlags.UntrustedRoot, X509ChainStatusFlags.NotSignatureValid)]
    [InlineData(false, X509ChainStatusFlags.PartialChain, X509ChainStatusFlags.Revoked)]
    [InlineData(false, X509ChainStatusFlags.UntrustedRoot, X509ChainStatusFlags.ExplicitDistrust)]
    [InlineData(false, X509ChainStatusFlags.InvalidBasicConstraints)]
    public void A_leaf_among_the_roots_is_trusted_when_nothing_but_trust_is_missing(bool accepted, params X509ChainStatusFlags[] flags)
    {
        using X509Certificate2 leaf = Issue("server.test", TestCertificates.ServerAuth);
        PeerCertificateVerdict verdict = Decide(leaf, flags, [leaf]);
        Assert.Equal(accepted, verdict.IsAccepted);
        Assert.Equal(accepted, verdict.RefusalReason is null);
        Assert.All(accepted ? [] : flags, flag => Assert.Contains(flag.ToString(), verdict.RefusalReason, StringComparison.Ordinal));
    }

    [Fact]
    public void Another_leaf_or_no_configured_roots_are_refused()
    {
        using X509Certificate2 leaf = Issue("server.test", TestCertificates.ServerAuth);
        using X509Certificate2 twin = Issue("server.test", TestCertificates.ServerAuth);
        Assert.False(Decide(leaf, [X509ChainStatusFlags.UntrustedRoot], [twin]).IsAccepted);
        Assert.False(Decide(leaf, [X509ChainStatusFlags.UntrustedRoot], []).IsAccepted);
        Assert.False(Decide(leaf, [X509ChainStatusFlags.UntrustedRoot], null).IsAccepted);
    }

    [Fact]
    public void Names_of_a_refused_certificate_are_escaped()
    {
        using X509Certificate2 leaf = X509Certificate2.CreateFromPem(
            _authority.Issue("server.test\nforged line\u001b[2J", names: names => names.AddDnsName("server.test")).CertificateChain);
        string reason = Decide(leaf, [X509ChainStatusFlags.UntrustedRoot], null).RefusalReason!;
        Assert.Contains(@"server.test\nforged line\u001B[2J", reason, StringComparison.Ordinal);
        Assert.DoesNotContain(reason, char.IsControl);
    }

    [Fact]
    public void A_trusted_leaf_still_needs_its_dates_its_usage_and_its_name()
    {
        using X509Certificate2 leaf = Issue("server.test", TestCertificates.ServerAuth);
        using X509Certificate2 expired = Issue("server.test", TestCertificates.ServerAuth, expired: true);
        using X509Certificate2 client = Issue("server.test", TestCertificates.ClientAuth);
        using X509Certificate2 anyUsage = Issue("server.test", "2.5.29.37.0");
        using X509Certificate2 noUsage = Issue("server.test", null);
        X509ChainStatusFlags[] untrusted = [X509ChainStatusFlags.UntrustedRoot];
        Assert.Contains("NotTimeValid", Decide(expired, untrusted, [expired]).RefusalReason, StringComparison.Ordinal);
        Assert.Contains("NotTimeValid", Decide(leaf, untrusted, [leaf], now: DateTimeOffset.UtcNow.AddDays(-20)).RefusalReason, StringComparison.Ordinal);
        Assert.Contains("NotValidForUsage", Decide(client, untrusted, [client]).RefusalReason, StringComparison.Ordinal);
        Assert.True(Decide(anyUsage, untrusted, [anyUsage]).IsAccepted);
        Assert.True(Decide(noUsage, untrusted, [noUsage]).IsAccepted);
        SslPolicyErrors both = SslPolicyErrors.RemoteCertificateChainErrors | SslPolicyErrors.RemoteCertificateNameMismatch;
        Assert.Contains("'other.test'", Decide(leaf, untrusted, [leaf], both).RefusalReason, StringComparison.Ordinal);
    }

    [Fact]
    public void No_certificate_is_refused_and_no_error_is_accepted()
    {
        using X509Certificate2 leaf = Issue("server.test", TestCertificates.ServerAuth);
        Assert.False(Decide(null, [], null, SslPolicyErrors.RemoteCertificateNotAvailable).IsAccepted);
        Assert.False(Decide(null, [], null, SslPolicyErrors.None).IsAccepted);
        Assert.True(Decide(leaf, [], null, SslPolicyErrors.None).IsAccepted);
    }

    private static PeerCertificateVerdict Decide(
        X509Certificate2? leaf,
        X509ChainStatusFlags[] flags,
        X509Certificate2Collection? roots,
        SslPolicyErrors errors = SslPolicyErrors.RemoteCertificateChainErrors,
        DateTimeOffset? now = null) => PeerCertificatePolicy.Decide(
            leaf,
            errors,
            [.. flags.Select(flag => new X509ChainStatus { Status = flag, StatusInformation = "made up" })],
            roots,
            "other.test",
            TestCertificates.ServerAuth,
            now ?? DateTimeOffset.UtcNow);

    private X509Certificate2 Issue(string name, string? usage, bool expired = false) =>
        X509Certificate2.CreateFromPem(_authority.Issue(name, usage, expired).CertificateChain);
}
