// SPDX-License-Identifier: Apache-2.0

using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Tests.Credentials;

/// <summary>
/// Every way in which a certificate can be bad, shown by servers to clients and by clients to servers: the call fails, the side that checks says
/// why, the other says what it can know, and the server goes on. What it can know is that the connection ended: on Linux <c>SslStream</c> sends no
/// alert about a certificate, and in TLS 1.3 either side has ended its handshake before the other looks at its certificate. The same table with grpc-go as the peer is <c>eng/bad-certificates.sh</c>.
/// </summary>
public class BadCertificateTests
{
    /// <summary>The cases: a name, and what the side that checks says.</summary>
    public static TheoryData<string, string> Cases => new()
    {
        { "expired", "NotTimeValid" },
        { "not yet valid", "NotTimeValid" },
        { "wrong authority", "is not trusted" },
        { "wrong usage", "NotValidForUsage" },
        { "self-signed", "is not trusted" },
        { "revoked", "is revoked since" },
        { "revocation unknown", "is revoked is not known: no revocation list" },
        { "intermediate missing", "PartialChain" },
        { "intermediate revoked", "is revoked since" },
        { "too many certificates", "11 certificates; 10 are the most" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_bad_certificate_of_the_server_is_refused_by_the_client(string which, string reason)
    {
        using var certificates = new Certificates(which, TestCertificates.ServerAuth, TestCertificates.ClientAuth);
        await using var calls = await TlsCalls.StartAsync(new SslServerCredentials([certificates.Bad]));
        var client = SslCredentials.FromOptions(new SslCredentialsOptions { ServerTrust = certificates.Trust });

        Assert.Contains(reason, await calls.FailAsync(client), StringComparison.Ordinal);
        Assert.Contains("The connection of ipv4:127.0.0.1", await calls.Log.EventAsync(108), StringComparison.Ordinal);

        var careless = calls.Connect(client, configure: options => options.UnsafeSkipServerCertificateValidation = true);
        Assert.Equal("", await TlsCalls.CallAsync(careless));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_bad_certificate_of_the_client_is_refused_by_the_server(string which, string reason)
    {
        using var certificates = new Certificates(which, TestCertificates.ClientAuth, TestCertificates.ServerAuth);
        await using var calls = await StartMutualAsync(certificates, SslClientCertificateRequestType.RequestAndRequireAndVerify);

        Assert.Contains("certificate", await calls.FailAsync(certificates.Client(certificates.Bad)), StringComparison.Ordinal);
        Assert.Contains(reason, await calls.Log.EventAsync(103), StringComparison.Ordinal);

        Assert.Equal("localhost", await calls.CallAsync(certificates.Client(certificates.Good)));
    }

    [Fact]
    public async Task A_certificate_that_is_trusted_itself_needs_no_list_of_its_issuer()
    {
        using var certificates = new Certificates("revocation unknown", TestCertificates.ServerAuth, "");
        await using var calls = await TlsCalls.StartAsync(new SslServerCredentials([certificates.Bad]));
        var client = SslCredentials.FromOptions(new SslCredentialsOptions
        {
            ServerTrust = new CertificateTrust { RootCertificates = certificates.Bad.CertificateChain, RevocationListPaths = certificates.Trust.RevocationListPaths },
        });
        Assert.Equal("", await calls.CallAsync(client));
    }

    [Fact]
    public async Task A_certificate_that_is_trusted_itself_is_refused_when_a_list_revokes_it()
    {
        using var certificates = new Certificates("revoked", TestCertificates.ServerAuth, "");
        await using var calls = await TlsCalls.StartAsync(new SslServerCredentials([certificates.Bad]));
        var client = SslCredentials.FromOptions(new SslCredentialsOptions
        {
            ServerTrust = new CertificateTrust
            {
                RootCertificates = certificates.Bad.CertificateChain + certificates.Roots,
                RevocationListPaths = certificates.Trust.RevocationListPaths,
            },
        });
        Assert.Contains("is revoked since", await calls.FailAsync(client), StringComparison.Ordinal);
    }

    [Fact]
    public void Chains_that_programs_build_are_judged_by_lists_as_handshakes_are()
    {
        using var certificates = new Certificates("revoked", TestCertificates.ServerAuth, "");
        using var bad = X509Certificate2.CreateFromPem(certificates.Bad.CertificateChain);
        using var good = X509Certificate2.CreateFromPem(certificates.Good.CertificateChain);
        Assert.Contains("is revoked since", certificates.FindRevoked(bad, DateTimeOffset.UtcNow), StringComparison.Ordinal);
        Assert.Null(certificates.FindRevoked(good, DateTimeOffset.UtcNow));
        Assert.Contains("is not in force now", certificates.FindRevoked(good, DateTimeOffset.UtcNow.AddDays(8)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_of_another_name_is_refused_and_both_names_are_told()
    {
        using var certificates = new Certificates("", TestCertificates.ServerAuth, "");
        await using var calls = await TlsCalls.StartAsync(new SslServerCredentials([certificates.Good]));
        var detail = await calls.FailAsync(new SslCredentials(certificates.Roots), "elsewhere.test");
        Assert.Contains("is not valid for the name 'elsewhere.test'; it is valid for 'localhost'", detail, StringComparison.Ordinal);
        Assert.Contains("The connection of ipv4:127.0.0.1", await calls.Log.EventAsync(108), StringComparison.Ordinal);
        Assert.Equal("", await calls.CallAsync(new SslCredentials(certificates.Roots)));
    }

    [Theory]
    [InlineData(SslClientCertificateRequestType.RequestAndRequireAndVerify)]
    [InlineData(SslClientCertificateRequestType.RequestAndRequireButDontVerify)]
    public async Task A_client_without_a_certificate_is_refused_where_one_is_required(SslClientCertificateRequestType request)
    {
        using var certificates = new Certificates("", TestCertificates.ClientAuth, "");
        await using var calls = await StartMutualAsync(certificates, request);
        Assert.Contains("client certificate", await calls.FailAsync(new SslCredentials(certificates.Roots)), StringComparison.Ordinal);
        Assert.Contains("the client presented no certificate", await calls.Log.EventAsync(103), StringComparison.Ordinal);
        _ = await calls.CallAsync(certificates.Client(certificates.Good));
    }

    [Theory]
    [InlineData(SslClientCertificateRequestType.DontRequest, "", "", "")]
    [InlineData(SslClientCertificateRequestType.RequestButDontVerify, "", "", "")]
    [InlineData(SslClientCertificateRequestType.RequestAndVerify, "", "localhost", null)]
    [InlineData(SslClientCertificateRequestType.RequestAndRequireButDontVerify, null, "", "")]
    [InlineData(SslClientCertificateRequestType.RequestAndRequireAndVerify, null, "localhost", null)]
    public async Task Each_mode_takes_the_clients_that_it_should_and_believes_only_what_it_has_checked(
        SslClientCertificateRequestType request, string? withoutCertificate, string? withGood, string? withBad)
    {
        using var certificates = new Certificates("wrong authority", TestCertificates.ClientAuth, "");
        await using var calls = await StartMutualAsync(certificates, request);
        SslCredentials[] clients =
            [new SslCredentials(certificates.Roots), certificates.Client(certificates.Good), certificates.Client(certificates.Bad)];
        string?[] expected = [withoutCertificate, withGood, withBad];
        for (var i = 0; i < clients.Length; i++)
        {
            if (expected[i] is { } identity)
            {
                Assert.Equal(identity, await calls.CallAsync(clients[i]));
            }
            else
            {
                _ = await calls.FailAsync(clients[i]);
            }
        }
    }

    private static Task<TlsCalls> StartMutualAsync(Certificates certificates, SslClientCertificateRequestType request) =>
        TlsCalls.StartAsync(SslServerCredentials.FromOptions(new SslServerCredentialsOptions
        {
            Certificates = { CertificateSource.FromPem(certificates.Server) },
            ClientCertificateRequest = request,
            ClientTrust = certificates.Trust,
        }));

    /// <summary>The bad certificate of a case, a good one, and the trust in which the bad one is bad.</summary>
    private sealed class Certificates : IDisposable
    {
        private readonly TestCertificates _authority = new();
        private readonly TestCertificates _intermediate;
        private readonly List<TestCertificates> _chain = [];
        private readonly TestCertificates _other = new("other authority");
        private readonly string _folder = Directory.CreateTempSubdirectory("peregrine-tls").FullName;

        public Certificates(string which, string usage, string wrongUsage)
        {
            _intermediate = _authority.Intermediate("intermediate authority");
            var good = new CertificateOrder("localhost") { Usage = usage };
            Good = _authority.Issue(good);
            Server = _authority.Issue(good with { Usage = TestCertificates.ServerAuth });
            Bad = which switch
            {
                "expired" => _authority.Issue(good with { Until = DateTimeOffset.UtcNow.AddHours(-1) }),
                "not yet valid" => _authority.Issue(good with { From = DateTimeOffset.UtcNow.AddHours(1) }),
                "wrong authority" => _other.Issue(good),
                "wrong usage" => _authority.Issue(good with { Usage = wrongUsage }),
                "self-signed" => TestCertificates.SelfSigned("localhost"),
                "intermediate missing" => _intermediate.Issue(good, withIntermediates: false),
                "revocation unknown" or "intermediate revoked" => _intermediate.Issue(good),
                "too many certificates" => IssueBelow(good, intermediates: 10),
                _ => _authority.Issue(good),
            };
            Trust = new CertificateTrust { RootCertificates = Roots, RevocationListPaths = [.. ListsOf(which)] };
        }

        public KeyCertificatePair Good { get; }

        public KeyCertificatePair Server { get; }

        public KeyCertificatePair Bad { get; }

        public CertificateTrust Trust { get; }

        public string Roots => _authority.AuthorityPem;

        public SslCredentials Client(KeyCertificatePair pair) => new(Roots, pair);

        public string? FindRevoked(X509Certificate2 certificate, DateTimeOffset now)
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.Add(_authority.Authority);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            Assert.True(chain.Build(certificate));
            return Trust.FindRevoked(chain, now);
        }

        public void Dispose()
        {
            _authority.Dispose();
            _intermediate.Dispose();
            _other.Dispose();
            _chain.ForEach(authority => authority.Dispose());
            Directory.Delete(_folder, recursive: true);
        }

        private IEnumerable<string> ListsOf(string which) => which switch
        {
            "revoked" => [Write("authority.crl", _authority.RevocationList(null, Bad))],
            "revocation unknown" => [Write("authority.crl", _authority.RevocationList())],
            "intermediate revoked" =>
            [
                Write("authority.crl", _authority.RevocationList(null, new KeyCertificatePair(_intermediate.AuthorityPem, ""))),
                Write("intermediate.crl", _intermediate.RevocationList()),
            ],
            _ => [],
        };

        private string Write(string name, byte[] contents)
        {
            var path = Path.Combine(_folder, name);
            File.WriteAllBytes(path, contents);
            return path;
        }

        private KeyCertificatePair IssueBelow(CertificateOrder order, int intermediates)
        {
            var authority = _authority;
            for (var i = 0; i < intermediates; i++)
            {
                authority = authority.Intermediate($"intermediate authority {i}");
                _chain.Add(authority);
            }

            return authority.Issue(order);
        }
    }
}
