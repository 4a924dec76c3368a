// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Peregrine.Credentials;
using Peregrine.Tests.Client;

namespace Peregrine.Tests.Credentials;

/// <summary>Certificates, authorities and revocation lists that change while server and clients run. Time is the test's.</summary>
public sealed class CertificateRotationTests : IDisposable
{
    private static readonly TimeSpan Later = Refreshed<object>.Interval;
    private readonly string _folder = Directory.CreateTempSubdirectory("peregrine-rotation").FullName;
    private readonly TestCertificates _old = new("old authority");
    private readonly TestCertificates _new = new("new authority");

    public void Dispose()
    {
        _old.Dispose();
        _new.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_servers_new_certificate_is_used_by_new_connections_and_the_old_ones_go_on()
    {
        Write("server", _old.Issue("localhost"));
        await using var calls = await TlsCalls.StartAsync(SslServerCredentials.FromOptions(new SslServerCredentialsOptions { Certificates = { Files("server") } }));
        var oldTrust = new SslCredentials(_old.AuthorityPem);
        var newTrust = new SslCredentials(_new.AuthorityPem);
        var connected = calls.Connect(oldTrust);
        _ = await TlsCalls.CallAsync(connected);

        Write("server", _new.Issue("localhost"));
        _ = await calls.CallAsync(oldTrust); // looked at within the last second
        calls.Time.Advance(Later);
        _ = await calls.CallAsync(newTrust);
        _ = await calls.FailAsync(oldTrust);
        _ = await TlsCalls.CallAsync(connected);
    }

    [Fact]
    public async Task A_clients_new_certificate_is_used_by_its_next_connection()
    {
        Write("client", _old.Issue("before.test"));
        await using var calls = await TlsCalls.StartAsync(new SslServerCredentials(
            [_old.Issue("localhost")], _old.AuthorityPem, SslClientCertificateRequestType.RequestAndRequireAndVerify));
        var channel = calls.Connect(SslCredentials.FromOptions(new SslCredentialsOptions
        {
            ClientCertificate = Files("client"),
            ServerTrust = new CertificateTrust { RootCertificates = _old.AuthorityPem },
        }));
        Assert.Equal("before.test", await TlsCalls.CallAsync(channel));

        Write("client", _old.Issue("after.test"));
        calls.Time.Advance(Later);
        Assert.Equal("before.test", await TlsCalls.CallAsync(channel));
        await calls.ReconnectAsync(channel);
        Assert.Equal("after.test", await TlsCalls.CallAsync(channel));
    }

    [Fact]
    public async Task A_half_written_pair_leaves_the_old_one_and_is_logged_once()
    {
        Write("server", _old.Issue("localhost"));
        await using var calls = await TlsCalls.StartAsync(SslServerCredentials.FromOptions(new SslServerCredentialsOptions { Certificates = { Files("server") } }));
        var trust = new SslCredentials(_old.AuthorityPem);
        Write("server.crt", _new.Issue("localhost").CertificateChain);
        calls.Time.Advance(Later);
        _ = await calls.CallAsync(trust);
        Assert.Contains(PathOf("server.key"), await calls.Log.EventAsync(114), StringComparison.Ordinal);

        File.Delete(PathOf("server.crt"));
        calls.Time.Advance(Later);
        _ = await calls.CallAsync(trust);

        Write("server", _new.Issue("localhost"));
        calls.Time.Advance(Later);
        _ = await calls.CallAsync(new SslCredentials(_new.AuthorityPem));
    }

    [Fact]
    public async Task A_certificate_that_has_just_been_written_is_used_when_two_looks_have_found_it()
    {
        Write("server", _old.Issue("localhost"));
        await using var calls = await TlsCalls.StartAsync(SslServerCredentials.FromOptions(new SslServerCredentialsOptions { Certificates = { Files("server") } }));
        var next = _new.Issue("localhost");
        Write("server.crt", next.CertificateChain, justNow: true);
        Write("server.key", next.PrivateKey, justNow: true);
        calls.Time.Advance(Later);
        _ = await calls.CallAsync(new SslCredentials(_old.AuthorityPem));
        calls.Time.Advance(Later);
        _ = await calls.CallAsync(new SslCredentials(_new.AuthorityPem));
    }

    [Fact]
    public void Half_a_file_of_authorities_is_not_taken_while_it_is_written()
    {
        var both = _old.AuthorityPem + "\n" + _new.AuthorityPem;
        Write("roots.pem", both);
        var trust = new CertificateTrust { RootCertificatesPath = PathOf("roots.pem") };
        var first = trust.Read(null, "");
        Write("roots.pem", _old.AuthorityPem, justNow: true);
        Assert.Same(first, trust.Read(first, ""));
        Write("roots.pem", both + "\n", justNow: true);
        Assert.Same(first, trust.Read(first, ""));
        Write("roots.pem", _old.AuthorityPem, justNow: true);
        Assert.Same(first, trust.Read(first, ""));
        var second = trust.Read(first, "");
        Assert.Single(second.Roots!);
        Write("roots.pem", both);
        Assert.Equal(2, trust.Read(second, "").Roots!.Count);
    }

    [Fact]
    public async Task A_changed_authority_of_a_server_refuses_clients_that_come_again()
    {
        Write("roots.pem", _old.AuthorityPem);
        await using var calls = await StartMutualAsync(new CertificateTrust { RootCertificatesPath = PathOf("roots.pem") });
        var client = new SslCredentials(_old.AuthorityPem, _old.Issue("client.test"));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("client.test", await calls.CallAsync(client));
        }

        Write("roots.pem", _new.AuthorityPem);
        calls.Time.Advance(Later);
        _ = await calls.FailAsync(client);
        Assert.Contains("is not trusted", await calls.Log.EventAsync(103), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_authority_of_a_client_refuses_servers_whose_session_it_could_resume()
    {
        Write("roots.pem", _old.AuthorityPem);
        await using var calls = await TlsCalls.StartAsync(new SslServerCredentials([_old.Issue("resumed.test")]));
        var channel = calls.Connect(
            SslCredentials.FromOptions(new SslCredentialsOptions { ServerTrust = new CertificateTrust { RootCertificatesPath = PathOf("roots.pem") } }), "resumed.test");
        for (var i = 0; i < 3; i++)
        {
            _ = await TlsCalls.CallAsync(channel);
            await calls.ReconnectAsync(channel);
        }

        Write("roots.pem", _new.AuthorityPem);
        calls.Time.Advance(Later);
        await calls.ReconnectAsync(channel);
        var failure = await ClientTestBase.FailsAsync(TlsCalls.CallAsync(channel), StatusCode.Unavailable);
        Assert.Contains("is not trusted", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_revocation_list_refuses_a_client_that_comes_again()
    {
        var alice = _old.Issue("alice.test");
        Write("list.crl", _old.RevocationList());
        await using var calls = await StartMutualAsync(
            new CertificateTrust { RootCertificates = _old.AuthorityPem, RevocationListPaths = [PathOf("list.crl")] });
        var client = new SslCredentials(_old.AuthorityPem, alice);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("alice.test", await calls.CallAsync(client));
        }

        Write("list.crl", _old.RevocationList(null, alice));
        calls.Time.Advance(Later);
        _ = await calls.FailAsync(client);
        Assert.Contains("is revoked since", await calls.Log.EventAsync(103), StringComparison.Ordinal);
        Assert.Equal("bob.test", await calls.CallAsync(new SslCredentials(_old.AuthorityPem, _old.Issue("bob.test"))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_list_whose_next_update_is_over_refuses_unless_the_unknown_is_allowed(bool allowUnknown)
    {
        var alice = _old.Issue("alice.test");
        Write("list.crl", _old.RevocationList(DateTimeOffset.UtcNow.AddHours(2), alice));
        await using var calls = await StartMutualAsync(new CertificateTrust
        {
            RootCertificates = _old.AuthorityPem,
            RevocationListPaths = [PathOf("list.crl")],
            AllowUnknownRevocationStatus = allowUnknown,
        });
        var bob = new SslCredentials(_old.AuthorityPem, _old.Issue("bob.test"));
        Assert.Equal("bob.test", await calls.CallAsync(bob));

        calls.Time.Advance(TimeSpan.FromHours(3));
        if (allowUnknown)
        {
            Assert.Equal("bob.test", await calls.CallAsync(bob));
            _ = await calls.FailAsync(new SslCredentials(_old.AuthorityPem, alice));
            Assert.Contains("is revoked since", await calls.Log.EventAsync(103), StringComparison.Ordinal);
        }
        else
        {
            _ = await calls.FailAsync(bob);
            Assert.Contains("is not in force now", await calls.Log.EventAsync(103), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_value_is_looked_at_once_in_an_interval_and_a_failure_is_told_once()
    {
        var time = new ManualTime();
        var looks = 0;
        List<string> failures = [];
        var refreshed = new Refreshed<string>(
            _ => ++looks is 2 or 3 ? throw new IOException("gone") : $"{looks}", canChange: true, time, (reason, _) => failures.Add(reason));
        Assert.Equal("1", refreshed.Current);
        Assert.Equal(1, looks);
        time.Advance(Later);
        Assert.Equal("1", refreshed.Current);
        time.Advance(Later);
        Assert.Equal("1", refreshed.Current);
        Assert.Equal(["gone"], failures);
        time.Advance(Later);
        Assert.Equal("4", refreshed.Current);
        Assert.Equal("4", refreshed.Current);
    }

    [Fact]
    public async Task A_PKCS12_file_a_function_an_object_and_a_store_give_certificates()
    {
        using var intermediate = _old.Intermediate("intermediate authority");
        var pair = intermediate.Issue("localhost");
        using var certificate = X509Certificate2.CreateFromPem(pair.CertificateChain, pair.PrivateKey);
        var chain = PemDecoder.DecodeCertificates(pair.CertificateChain, "the chain");
        chain[0] = certificate;
        Write("server.pfx", chain.Export(X509ContentType.Pkcs12, "secret")!);
        CertificateSource[] sources =
        [
            CertificateSource.FromPfxFile(PathOf("server.pfx"), "secret"),
            CertificateSource.FromCallback(() => chain),
            CertificateSource.FromCertificate(certificate, chain.Skip(1)),
        ];
        foreach (var source in sources)
        {
            await using var calls = await TlsCalls.StartAsync(SslServerCredentials.FromOptions(new SslServerCredentialsOptions { Certificates = { source } }));
            _ = await calls.CallAsync(new SslCredentials(_old.AuthorityPem));
        }
    }

    [Fact]
    public async Task A_function_is_asked_again()
    {
        var before = _old.Issue("localhost");
        var after = _new.Issue("localhost");
        using var first = X509Certificate2.CreateFromPem(before.CertificateChain, before.PrivateKey);
        using var second = X509Certificate2.CreateFromPem(after.CertificateChain, after.PrivateKey);
        var current = first;
        await using var calls = await TlsCalls.StartAsync(SslServerCredentials.FromOptions(
            new SslServerCredentialsOptions { Certificates = { CertificateSource.FromCallback(() => [current]) } }));
        _ = await calls.CallAsync(new SslCredentials(_old.AuthorityPem));
        current = second;
        calls.Time.Advance(Later);
        _ = await calls.CallAsync(new SslCredentials(_new.AuthorityPem));
    }

    [Fact]
    public async Task What_cannot_be_used_is_told_when_the_server_listens()
    {
        var pair = _old.Issue("localhost");
        Write("bad.pfx", [1, 2, 3]);
        using var withoutKey = X509Certificate2.CreateFromPem(pair.CertificateChain);
        (CertificateSource Source, string Expected)[] cases =
        [
            (CertificateSource.FromPfxFile(PathOf("bad.pfx"), "secret"), "bad.pfx"),
            (CertificateSource.FromCertificate(withoutKey), "private key"),
            (CertificateSource.FromCallback(() => []), "private key"),
            (CertificateSource.FromStore(StoreName.My, StoreLocation.CurrentUser, RandomNumberGenerator.GetHexString(20)), "CurrentUser/My"),
        ];
        foreach (var (source, expected) in cases)
        {
            var credentials = SslServerCredentials.FromOptions(new SslServerCredentialsOptions { Certificates = { source } });
            var error = await Assert.ThrowsAsync<ArgumentException>(() => TlsCalls.StartAsync(credentials));
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        }

        var missing = SslServerCredentials.FromOptions(new SslServerCredentialsOptions { Certificates = { Files("missing") } });
        await Assert.ThrowsAsync<FileNotFoundException>(() => TlsCalls.StartAsync(missing));
        Assert.Throws<ArgumentException>(() => SslServerCredentials.FromOptions(new SslServerCredentialsOptions()));
        Assert.Throws<ArgumentException>(() => SslServerCredentials.FromOptions(new SslServerCredentialsOptions
        {
            Certificates = { CertificateSource.FromPem(pair) },
            ClientCertificateRequest = SslClientCertificateRequestType.RequestAndVerify,
            ClientTrust = new CertificateTrust(),
        }));
    }

    private Task<TlsCalls> StartMutualAsync(CertificateTrust trust) => TlsCalls.StartAsync(SslServerCredentials.FromOptions(new SslServerCredentialsOptions
    {
        Certificates = { CertificateSource.FromPem(_old.Issue("localhost")) },
        ClientCertificateRequest = SslClientCertificateRequestType.RequestAndRequireAndVerify,
        ClientTrust = trust,
    }));

    private CertificateSource Files(string name) => CertificateSource.FromPemFiles(PathOf(name + ".crt"), PathOf(name + ".key"));

    private void Write(string name, KeyCertificatePair pair)
    {
        Write(name + ".crt", pair.CertificateChain);
        Write(name + ".key", pair.PrivateKey);
    }

    // Files that were written a while ago, or that are being written.
    private void Write(string file, string contents, bool justNow = false) => Write(file, Encoding.UTF8.GetBytes(contents), justNow);

    private void Write(string file, byte[] contents, bool justNow = false)
    {
        File.WriteAllBytes(PathOf(file), contents);
        File.SetLastWriteTimeUtc(PathOf(file), DateTime.UtcNow.AddMinutes(justNow ? 1 : -1));
    }

    private string PathOf(string file) => Path.Combine(_folder, file);
}
