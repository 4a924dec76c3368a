// SPDX-License-Identifier: Apache-2.0

using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Tests.Credentials;

/// <summary>OCSP as the platform does it: asked for by <see cref="CertificateTrust.RevocationMode"/>, never otherwise.</summary>
public sealed class OcspTests : IDisposable
{
    private readonly TestCertificates _authority = new();
    private readonly OcspResponder _responder;

    public OcspTests() => _responder = new OcspResponder(_authority);

    public void Dispose()
    {
        _responder.Dispose();
        _authority.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_responder_that_a_certificate_names_is_asked_and_believed(bool revoked)
    {
        _responder.Revokes = revoked;
        await using var calls = await TlsCalls.StartAsync(new SslServerCredentials([IssueWithResponder()]));
        var client = Client(X509RevocationMode.Online);
        if (revoked)
        {
            Assert.Contains("Revoked", await calls.FailAsync(client), StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal("", await calls.CallAsync(client));
        }

        Assert.NotEmpty(_responder.Requests);
    }

    [Fact]
    public async Task Nothing_is_asked_unless_that_is_wanted()
    {
        _responder.Revokes = true;
        await using var calls = await TlsCalls.StartAsync(new SslServerCredentials([IssueWithResponder()]));
        Assert.Equal("", await calls.CallAsync(Client(X509RevocationMode.NoCheck)));
        Assert.Contains("RevocationStatusUnknown", await calls.FailAsync(Client(X509RevocationMode.Offline)), StringComparison.Ordinal);
        Assert.Empty(_responder.Requests);
    }

    [Fact]
    public async Task A_responder_that_does_not_answer_leaves_the_certificate_refused()
    {
        var pair = IssueWithResponder();
        _responder.Dispose();
        await using var calls = await TlsCalls.StartAsync(new SslServerCredentials([pair]));
        Assert.Contains("RevocationStatusUnknown", await calls.FailAsync(Client(X509RevocationMode.Online)), StringComparison.Ordinal);
    }

    private KeyCertificatePair IssueWithResponder() => _authority.Issue(
        new CertificateOrder("localhost") { Usage = TestCertificates.ServerAuth, Extensions = [new X509AuthorityInformationAccessExtension([_responder.Address], [])] });

    private SslCredentials Client(X509RevocationMode mode) => SslCredentials.FromOptions(new SslCredentialsOptions
    {
        ServerTrust = new CertificateTrust { RootCertificates = _authority.AuthorityPem, RevocationMode = mode },
    });
}
