// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using Peregrine.Credentials;

namespace Peregrine.Tests.Credentials;

/// <summary>The TLS rules against the real <see cref="SslStream"/>, both sides in memory.</summary>
public class TlsHandshakeTests
{
    [Fact]
    public async Task One_way_tls_with_the_authority_as_root_succeeds()
    {
        using var ca = new TestCertificates();
        Outcome outcome = await HandshakeAsync(new SslCredentials(ca.AuthorityPem), new SslServerCredentials([ca.Issue("localhost")]));
        outcome.ShouldSucceed();
        Assert.True(outcome.Client.IsPeerVerified);
        Assert.False(outcome.Server.AuthContext.IsPeerAuthenticated);
    }

    [Fact]
    public void A_certificate_that_cannot_be_read_is_refused()
    {
        var verification = new TlsVerification();
        Assert.False(verification.Record(() => throw new CryptographicException("a name\nis malformed"), null, verified: true));
        Assert.Equal(@"the certificate cannot be read: a name\nis malformed", verification.RefusalReason);
        Assert.False(verification.IsPeerVerified || verification.AuthContext.IsPeerAuthenticated);
    }

    [Fact]
    public async Task The_literal_name_with_a_leading_star_is_matched()
    {
        // A SAN of "*grpcstudy.com" is no wildcard in any standard, but it equals the same literal server name.
        using var ca = new TestCertificates();
        Outcome outcome = await HandshakeAsync(
            new SslCredentials(ca.AuthorityPem), new SslServerCredentials([ca.Issue("*grpcstudy.com")]), "*grpcstudy.com");
        outcome.ShouldSucceed();
    }

    [Fact]
    public async Task A_root_file_that_is_the_servers_own_certificate_is_a_trust_anchor()
    {
        using var ca = new TestCertificates();
        KeyCertificatePair server = ca.Issue("localhost");
        (await HandshakeAsync(new SslCredentials(server.CertificateChain), new SslServerCredentials([server]))).ShouldSucceed();
    }

    [Fact]
    public async Task An_expired_leaf_as_root_fails_and_the_reason_says_so()
    {
        using var ca = new TestCertificates();
        KeyCertificatePair server = ca.Issue("localhost", expired: true);
        (await HandshakeAsync(new SslCredentials(server.CertificateChain), new SslServerCredentials([server])))
            .ClientShouldRefuse("NotTimeValid");
    }

    [Fact]
    public async Task A_leaf_as_root_with_the_wrong_name_fails()
    {
        using var ca = new TestCertificates();
        KeyCertificatePair server = ca.Issue("localhost");
        (await HandshakeAsync(new SslCredentials(server.CertificateChain), new SslServerCredentials([server]), "example.org"))
            .ClientShouldRefuse("example.org");
    }

    [Fact]
    public async Task A_leaf_as_root_made_for_clients_only_fails()
    {
        using var ca = new TestCertificates();
        KeyCertificatePair server = ca.Issue("localhost", TestCertificates.ClientAuth);
        (await HandshakeAsync(new SslCredentials(server.CertificateChain), new SslServerCredentials([server])))
            .ClientShouldRefuse("NotValidForUsage");
    }

    [Fact]
    public async Task Another_certificate_of_the_same_authority_as_root_is_no_trust_anchor()
    {
        using var ca = new TestCertificates();
        (await HandshakeAsync(
            new SslCredentials(ca.Issue("localhost").CertificateChain), new SslServerCredentials([ca.Issue("localhost")])))
            .ClientShouldRefuse("not trusted");
    }

    [Fact]
    public async Task A_wrong_authority_is_refused()
    {
        using var ca = new TestCertificates();
        using var other = new TestCertificates("other authority");
        (await HandshakeAsync(new SslCredentials(other.AuthorityPem), new SslServerCredentials([ca.Issue("localhost")])))
            .ClientShouldRefuse("not trusted");
    }

    [Fact]
    public async Task A_private_authority_is_not_in_the_trust_of_the_system()
    {
        using var ca = new TestCertificates();
        (await HandshakeAsync(new SslCredentials(), new SslServerCredentials([ca.Issue("localhost")])))
            .ClientShouldRefuse("operating system");
    }

    [Fact]
    public async Task An_expired_certificate_is_refused()
    {
        using var ca = new TestCertificates();
        (await HandshakeAsync(new SslCredentials(ca.AuthorityPem), new SslServerCredentials([ca.Issue("localhost", expired: true)])))
            .ClientShouldRefuse("NotTimeValid");
    }

    [Fact]
    public async Task Mutual_tls_tells_the_server_who_the_client_is()
    {
        using var ca = new TestCertificates();
        Outcome outcome = await HandshakeAsync(
            new SslCredentials(ca.AuthorityPem, ca.Issue("alice", TestCertificates.ClientAuth)),
            new SslServerCredentials([ca.Issue("localhost")], ca.AuthorityPem, SslClientCertificateRequestType.RequestAndRequireAndVerify));
        outcome.ShouldSucceed();
        Assert.True(outcome.Server.AuthContext.IsPeerAuthenticated);
        Assert.Equal("alice", Assert.Single(outcome.Server.AuthContext.PeerIdentity).Value);
        Assert.Equal("alice", Assert.Single(outcome.Server.AuthContext.FindPropertiesByName("x509_common_name")).Value);
    }

    [Fact]
    public async Task A_missing_client_certificate_is_refused_where_one_is_required()
    {
        using var ca = new TestCertificates();
        Outcome outcome = await HandshakeAsync(
            new SslCredentials(ca.AuthorityPem),
            new SslServerCredentials([ca.Issue("localhost")], ca.AuthorityPem, SslClientCertificateRequestType.RequestAndRequireAndVerify));
        outcome.ServerShouldRefuse("presented no certificate");
    }

    [Fact]
    public async Task A_client_certificate_of_a_wrong_authority_is_refused()
    {
        using var ca = new TestCertificates();
        using var other = new TestCertificates("other authority");
        Outcome outcome = await HandshakeAsync(
            new SslCredentials(ca.AuthorityPem, other.Issue("mallory")),
            new SslServerCredentials([ca.Issue("localhost")], ca.AuthorityPem, SslClientCertificateRequestType.RequestAndVerify));
        outcome.ServerShouldRefuse("not trusted");
    }

    [Fact]
    public async Task An_unverified_client_certificate_proves_nothing()
    {
        using var ca = new TestCertificates();
        using var other = new TestCertificates("other authority");
        Outcome outcome = await HandshakeAsync(
            new SslCredentials(ca.AuthorityPem, other.Issue("mallory")),
            new SslServerCredentials([ca.Issue("localhost")], null, SslClientCertificateRequestType.RequestButDontVerify));
        outcome.ShouldSucceed();
        Assert.False(outcome.Server.AuthContext.IsPeerAuthenticated);
        Assert.Empty(outcome.Server.AuthContext.PeerIdentity);
    }

    [Fact]
    public async Task An_optional_client_certificate_may_be_missing()
    {
        using var ca = new TestCertificates();
        (await HandshakeAsync(
            new SslCredentials(ca.AuthorityPem),
            new SslServerCredentials([ca.Issue("localhost")], ca.AuthorityPem, SslClientCertificateRequestType.RequestAndVerify)))
            .ShouldSucceed();
    }

    [Fact]
    public async Task All_names_of_a_certificate_are_told_and_a_SPIFFE_id_by_itself()
    {
        using var ca = new TestCertificates();
        KeyCertificatePair client = ca.Issue("alice", names: names =>
        {
            names.AddDnsName("alice.test");
            names.AddEmailAddress("spiffe://evil.test/alice");
            names.AddUri(new Uri("spiffe://good.test/alice"));
            names.AddIpAddress(System.Net.IPAddress.Parse("10.0.0.1"));
            names.AddIpAddress(System.Net.IPAddress.Parse("2001:db8::1"));
        });
        Outcome outcome = await HandshakeAsync(
            new SslCredentials(ca.AuthorityPem, client),
            new SslServerCredentials([ca.Issue("localhost")], ca.AuthorityPem, SslClientCertificateRequestType.RequestAndRequireAndVerify));
        outcome.ShouldSucceed();
        AuthContext seen = outcome.Server.AuthContext;
        Assert.Equal("x509_subject_alternative_name", seen.PeerIdentityPropertyName);
        Assert.Equal(
            ["10.0.0.1", "2001:db8::1", "alice.test", "spiffe://evil.test/alice", "spiffe://good.test/alice"],
            seen.PeerIdentity.Select(one => one.Value).Order(StringComparer.Ordinal));
        Assert.Equal("spiffe://good.test/alice", Assert.Single(seen.FindPropertiesByName("peer_spiffe_id")).Value);
        Assert.Equal("alice", Assert.Single(seen.FindPropertiesByName("x509_common_name")).Value);
        Assert.Equal("ssl", Assert.Single(seen.FindPropertiesByName("transport_security_type")).Value);
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", Assert.Single(seen.FindPropertiesByName("x509_pem_cert")).Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_roots_replace_those_of_the_system_or_join_them()
    {
        using var ca = new TestCertificates();
        using var other = new TestCertificates("other authority");
        var joined = SslCredentials.FromOptions(new SslCredentialsOptions
        {
            ServerTrust = new CertificateTrust { RootCertificates = ca.AuthorityPem, IncludeSystemRoots = true },
        });
        (await HandshakeAsync(joined, new SslServerCredentials([ca.Issue("localhost")]))).ShouldSucceed();
        (await HandshakeAsync(joined, new SslServerCredentials([other.Issue("localhost")])))
            .ClientShouldRefuse("the 1 configured root certificate(s) are trusted, and so are those of the operating system");
    }

    [Theory]
    [InlineData("a.test", "a.test")]
    [InlineData("x.b.test", "*.b.test")]
    [InlineData("y.x.b.test", "default.test")]
    [InlineData("c.test", "default.test")]
    [InlineData("", "default.test")]
    public void The_first_certificate_of_the_asked_name_is_sent_or_the_first_of_all(string asked, string sent)
    {
        using var ca = new TestCertificates();
        var server = new ServerTls(new SslServerCredentials([ca.Issue("default.test"), ca.Issue("a.test"), ca.Issue("*.b.test")]), TimeProvider.System);
        Assert.Equal($"CN={sent}", server.CreateOptions(asked, new TlsVerification()).ServerCertificateContext!.TargetCertificate.Subject);
    }

    [Fact]
    public async Task Of_several_server_certificates_the_asked_name_chooses()
    {
        using var ca = new TestCertificates();
        var server = new SslServerCredentials([ca.Issue("a.test"), ca.Issue("b.test")]);
        (await HandshakeAsync(new SslCredentials(ca.AuthorityPem), server, "b.test")).ShouldSucceed();
        (await HandshakeAsync(new SslCredentials(ca.AuthorityPem), server, "a.test")).ShouldSucceed();
    }

    [SuppressMessage("Reliability", "CA2025", Justification = "Both tasks are awaited before the streams are disposed, or the test has failed.")]
    private static async Task<Outcome> HandshakeAsync(
        SslCredentials clientCredentials, SslServerCredentials serverCredentials, string name = "localhost")
    {
        var toServer = new Pipe();
        var toClient = new Pipe();
        var client = new ClientTls(clientCredentials, TimeProvider.System);
        var server = new ServerTls(serverCredentials, TimeProvider.System);
        var outcome = new Outcome();
        await using var clientStream = new SslStream(new PipePairStream(toClient.Reader, toServer.Writer));
        await using var serverStream = new SslStream(new PipePairStream(toServer.Reader, toClient.Writer));
        Task clientTask = RunAsync(
            () => clientStream.AuthenticateAsClientAsync(client.CreateOptions(name, outcome.Client)), clientStream, e => outcome.ClientFailure = e);
        Task serverTask = RunAsync(
            () => serverStream.AuthenticateAsServerAsync(
                (_, hello, _, _) => new(server.CreateOptions(hello.ServerName, outcome.Server)), null),
            serverStream,
            e => outcome.ServerFailure = e);
        await Task.WhenAll(clientTask, serverTask).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        if (outcome.ClientFailure is null && outcome.ServerFailure is null)
        {
            Assert.Equal(SslApplicationProtocol.Http2, clientStream.NegotiatedApplicationProtocol);
        }

        return outcome;
    }

    private static async Task RunAsync(Func<Task> handshake, SslStream stream, Action<Exception> failed)
    {
        try
        {
            await handshake();
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException)
        {
            failed(failure);
            await stream.DisposeAsync();
        }
    }

    private sealed class Outcome
    {
        public TlsVerification Client { get; } = new();

        public TlsVerification Server { get; } = new();

        public Exception? ClientFailure { get; set; }

        public Exception? ServerFailure { get; set; }

        public void ShouldSucceed() => Assert.True(
            ClientFailure is null && ServerFailure is null && Client.RefusalReason is null && Server.RefusalReason is null,
            $"client: {Client.RefusalReason} {ClientFailure}; server: {Server.RefusalReason} {ServerFailure}");

        public void ClientShouldRefuse(string reason)
        {
            Assert.NotNull(ClientFailure);
            Assert.Contains(reason, Client.RefusalReason!, StringComparison.Ordinal);
        }

        public void ServerShouldRefuse(string reason)
        {
            Assert.NotNull(ServerFailure);
            Assert.Contains(reason, Server.RefusalReason!, StringComparison.Ordinal);
        }
    }

    private sealed class PipePairStream(PipeReader reader, PipeWriter writer) : AsyncOnlyStream
    {
        private readonly Stream _input = reader.AsStream();
        private readonly Stream _output = writer.AsStream();

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _input.ReadAsync(buffer, cancellationToken);

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await _output.WriteAsync(buffer, cancellationToken);
            await _output.FlushAsync(cancellationToken);
        }

        protected override void Dispose(bool disposing)
        {
            _output.Dispose();
            _input.Dispose();
            base.Dispose(disposing);
        }
    }
}
