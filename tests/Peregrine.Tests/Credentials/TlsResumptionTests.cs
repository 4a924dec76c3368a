// SPDX-License-Identifier: Apache-2.0
using Peregrine.Credentials;

namespace Peregrine.Tests.Credentials;

/// <summary>
/// Sessions that are resumed, seen by what the server does not send again: its certificate. The certificate is checked all the same.
/// </summary>
public class TlsResumptionTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_without_a_certificate_resumes_from_its_third_connection_on(bool hasIntermediate)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Which sessions are resumed is the platform's choice.");
        using var ca = new TestCertificates();
        using var intermediate = ca.Intermediate("intermediate authority");
        var name = hasIntermediate ? "deep.plain.resumption.test" : "plain.resumption.test";
        var client = new ClientTls(new SslCredentials(ca.AuthorityPem), TimeProvider.System);
        var server = new ServerTls(new SslServerCredentials([(hasIntermediate ? intermediate : ca).Issue(name)]), TimeProvider.System);
        List<long> received = [];
        for (var i = 0; i < 4; i++)
        {
            var verification = new TlsVerification();
            var options = client.CreateOptions(name, verification);
            if (client.WatchesForCertificateRequest)
            {
                options.LocalCertificateSelectionCallback = (_, _, _, _, _) => null!;
            }

            await using var streams = await TlsStreams.ConnectAsync(options, server.CreateOptions(name, new TlsVerification()));
            Assert.True(verification.IsPeerVerified);
            client.ServerWas(isContent: true);
            received.Add(streams.Received);
        }

        AssertResumed(received, from: 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_with_a_certificate_is_verified_in_every_connection(bool hasIntermediate)
    {
        using var ca = new TestCertificates();
        using var intermediate = ca.Intermediate("intermediate authority");
        var issuer = hasIntermediate ? intermediate : ca;
        var name = hasIntermediate ? "deep.resumption.test" : "mutual.resumption.test";
        var client = new ClientTls(new SslCredentials(ca.AuthorityPem, issuer.Issue("client.test")), TimeProvider.System);
        var server = new ServerTls(
            new SslServerCredentials([issuer.Issue(name)], ca.AuthorityPem, SslClientCertificateRequestType.RequestAndRequireAndVerify), TimeProvider.System);
        List<long> received = [];
        for (var i = 0; i < 4; i++)
        {
            var (ofServer, ofClient) = (new TlsVerification(), new TlsVerification());
            await using var streams = await TlsStreams.ConnectAsync(client.CreateOptions(name, ofServer), server.CreateOptions(name, ofClient));
            Assert.True(ofServer.IsPeerVerified);
            Assert.Equal("client.test", Assert.Single(ofClient.AuthContext.PeerIdentity).Value);
            received.Add(streams.Received);
        }

        // A client that must prove itself does so from the beginning.
        Assert.All(received, bytes => Assert.InRange(bytes, received[0] - 100, received[0] + 100));
    }

    private static void AssertResumed(List<long> received, int from)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"bytes received: {string.Join(", ", received)}");
        for (var i = from; i < received.Count; i++)
        {
            Assert.True(received[i] < received[0] - 300, $"bytes received: {string.Join(", ", received)}");
        }
    }
}
