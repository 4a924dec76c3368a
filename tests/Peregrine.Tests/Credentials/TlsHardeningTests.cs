// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Peregrine.Credentials;
using Peregrine.Tests.Client;
using Peregrine.Tests.Serving;

namespace Peregrine.Tests.Credentials;

/// <summary>What a peer cannot make our side of a handshake do: fetch, renegotiate, look at what is too large, begin a thousand at once.</summary>
[SuppressMessage("Security", "CA5398", Justification = "Each version is tested.")]
public class TlsHardeningTests
{
    private static readonly TimeSpan Patience = ScriptedConnection.Patience;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_handshake_fetches_what_certificates_point_at(bool complete)
    {
        using var web = new Visitors();
        using var ca = new TestCertificates();
        using var intermediate = ca.Intermediate("intermediate authority");
        var order = new CertificateOrder("localhost") { Extensions = web.Pointers() };
        var server = intermediate.Issue(order, complete);
        var client = intermediate.Issue(order, complete);
        await using (var calls = await TlsCalls.StartAsync(new SslServerCredentials(
            [server], ca.AuthorityPem, SslClientCertificateRequestType.RequestAndRequireAndVerify)))
        {
            var credentials = new SslCredentials(ca.AuthorityPem, client);
            if (complete)
            {
                Assert.Equal("localhost", await calls.CallAsync(credentials));
            }
            else
            {
                Assert.Contains("PartialChain", await calls.FailAsync(credentials), StringComparison.Ordinal);
                var careless = calls.Connect(credentials, configure: options => options.UnsafeSkipServerCertificateValidation = true);
                _ = await ClientTestBase.FailsAsync(TlsCalls.CallAsync(careless), StatusCode.Unavailable);
            }
        }

        Assert.Equal(0, web.Count);
    }

    [Fact]
    public void The_platform_would_fetch_if_it_were_let()
    {
        using var web = new Visitors();
        using var ca = new TestCertificates();
        using var intermediate = ca.Intermediate("intermediate authority");
        using var leaf = X509Certificate2.CreateFromPem(
            intermediate.Issue(new CertificateOrder("localhost") { Extensions = web.Pointers() }, withIntermediates: false).CertificateChain);
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        Assert.False(chain.Build(leaf));
        Assert.NotEqual(0, web.Count);
    }

    // Of TLS 1.2 only: in TLS 1.3 SslStream answers such a question, which RFC 9113 section 9.2.3 forbids, by itself.
    [Fact]
    public async Task A_server_that_renegotiates_to_ask_for_a_certificate_gets_none()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("Not every platform can ask.");
            return;
        }

        using var ca = new TestCertificates();
        var pair = ca.Issue("localhost");
        using var certificate = X509Certificate2.CreateFromPem(pair.CertificateChain, pair.PrivateKey);
        var client = new ClientTls(new SslCredentials(ca.AuthorityPem, ca.Issue("client.test")), TimeProvider.System);
        await using var streams = await TlsStreams.ConnectAsync(
            client.CreateOptions("localhost", new TlsVerification()),
            new SslServerAuthenticationOptions
            {
                ServerCertificate = certificate,
                EnabledSslProtocols = SslProtocols.Tls12,
                ApplicationProtocols = [SslApplicationProtocol.Http2],
                AllowRenegotiation = true,
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            });
        var asking = streams.Server.NegotiateClientCertificateAsync();
        var reading = streams.Client.ReadAsync(new byte[1]).AsTask();
        var first = await Task.WhenAny(asking, reading).WaitAsync(Patience);
        Assert.Null(streams.Server.RemoteCertificate);
        await Assert.ThrowsAnyAsync<IOException>(() => first);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls13, true)]
#pragma warning disable CA5397, SYSLIB0039 // old on purpose
    [InlineData(SslProtocols.Tls11, false)]
#pragma warning restore CA5397, SYSLIB0039
    public async Task TLS_1_2_and_1_3_alone_are_spoken(SslProtocols protocol, bool works)
    {
        using var ca = new TestCertificates();
        await using var calls = await TlsCalls.StartAsync(new SslServerCredentials([ca.Issue("localhost")]));
        using var socket = RawClient.ConnectSocket(calls.Port);
        await using var stream = new SslStream(new NetworkStream(socket));
        var handshake = stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = protocol,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });
        if (works)
        {
            await handshake.WaitAsync(Patience);
            Assert.Equal(protocol, stream.SslProtocol);
        }
        else
        {
            await Assert.ThrowsAnyAsync<Exception>(() => handshake.WaitAsync(Patience));
        }
    }

    [Theory]
    [InlineData(1024, "the RSA key of 'CN=localhost' has 1024 bits, which is too weak; 2048 are the least")]
    [InlineData(2048, null)]
    [InlineData(8192, null)]
    [InlineData(8200, "the RSA key of 'CN=localhost' has 8200 bits; 8192 are the most")]
    public void RSA_keys_are_neither_too_weak_nor_too_large(int bits, string? reason)
    {
        // Made up: a modulus of the size, of which nobody has the private key.
        var modulus = RandomNumberGenerator.GetBytes(bits / 8);
        modulus[0] |= 0x80;
        modulus[^1] |= 1;
        using var key = RSA.Create(new RSAParameters { Modulus = modulus, Exponent = [1, 0, 1] });
        Assert.Equal(reason, Check(new PublicKey(key)));
    }

    [Fact]
    public void Small_curves_are_too_weak()
    {
        using var key = ECDsa.Create(ECCurve.CreateFromFriendlyName("secp224r1"));
        Assert.Contains("224 bits, which is too weak", Check(new PublicKey(key)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_signed_with_SHA_1_is_too_weak()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Contains("signed with SHA-1", Check(new PublicKey(key), isSha1: true), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1024, "the RSA key of 'CN=localhost' has 1024 bits, which is too weak; 2048 are the least")]
    [InlineData(2048, null)]
    [InlineData(8200, "the RSA key of 'CN=localhost' has 8200 bits; 8192 are the most")]
    public void RSA_keys_for_RSASSA_PSS_alone_are_measured_too(int bits, string? reason)
    {
        var modulus = RandomNumberGenerator.GetBytes(bits / 8);
        modulus[0] |= 0x80;
        modulus[^1] |= 1;
        using var key = RSA.Create(new RSAParameters { Modulus = modulus, Exponent = [1, 0, 1] });
        var plain = new PublicKey(key);
        Assert.Equal(reason, Check(new PublicKey(new Oid(PssParameters.Algorithm), null, plain.EncodedKeyValue)));
    }

    [Fact]
    public void Keys_of_DSA_are_refused()
    {
        var value = new AsnEncodedData([2, 1, 3]);
        var parameters = new AsnEncodedData([0x30, 9, 2, 1, 23, 2, 1, 11, 2, 1, 2]);
        Assert.Contains("is one of DSA", Check(new PublicKey(new Oid("1.2.840.10040.4.1"), parameters, value)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("300B06092A864886F70D01010A", false)] // no parameters: SHA-1
    [InlineData("300D06092A864886F70D01010A3000", false)] // an empty sequence: SHA-1
    [InlineData("301A06092A864886F70D01010A300DA00B300906052B0E03021A0500", false)] // SHA-1
    [InlineData("301D06092A864886F70D01010A3010A00E300C06082A864886F70D02050500", false)] // MD5
    [InlineData("301E06092A864886F70D01010A3011A00F300D06096086480165030402010500", true)] // SHA-256
    public void Signatures_of_RSASSA_PSS_need_a_hash_that_is_not_weak(string algorithm, bool isGood)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName("CN=localhost"), new PublicKey(key), HashAlgorithmName.SHA256);
        using var certificate = request.Create(
            request.SubjectName, new MadeUpSignature(Convert.FromHexString(algorithm)), DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1), [1]);
        Assert.Equal(isGood, CertificateLimits.FindTooWeak(certificate, isAnchor: false) is null);
        Assert.Null(CertificateLimits.FindTooWeak(certificate, isAnchor: true));
    }

    [Fact]
    public void Certificates_of_too_many_bytes_are_refused_before_anything_else()
    {
        using var ca = new TestCertificates();
        using var large = X509Certificate2.CreateFromPem(ca.Issue(new CertificateOrder("localhost") { Extensions = [Large()] }).CertificateChain);
        Assert.Contains("65536 are the most", CertificateLimits.FindTooLarge(large, []), StringComparison.Ordinal);

        static X509Extension Large() => new("1.2.3.4", new byte[CertificateLimits.MaxBytes], critical: false);
    }

    private static string? Check(PublicKey key, bool isSha1 = false)
    {
        using var authorityKey = RSA.Create(2048);
        var generator = X509SignatureGenerator.CreateForRSA(authorityKey, RSASignaturePadding.Pkcs1);
        var rootRequest = new CertificateRequest(new X500DistinguishedName("CN=root"), generator.PublicKey, HashAlgorithmName.SHA256);
        rootRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var root = rootRequest.Create(new X500DistinguishedName("CN=root"), generator, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(9), [1]);
        var request = new CertificateRequest(new X500DistinguishedName("CN=localhost"), key, HashAlgorithmName.SHA256);
        using var issued = request.Create(new X500DistinguishedName("CN=root"), generator, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(9), [2]);
        using var leaf = X509CertificateLoader.LoadCertificate(isSha1 ? TestCertificates.WithSha1(issued.RawData) : issued.RawData);
        var trust = new CertificateTrust { RootCertificates = root.ExportCertificatePem() }.Read(null, "the roots");
        using var chain = new X509Chain { ChainPolicy = trust.CreateChainPolicy() };
        chain.Build(leaf);
        return new PeerCertificateCheck(trust, TlsRules.ServerUsage, DateTimeOffset.UtcNow).Decide(leaf, SslPolicyErrors.None, chain, "localhost").RefusalReason;
    }

    /// <summary>Says that it is of an algorithm, and signs nothing.</summary>
    private sealed class MadeUpSignature(byte[] algorithm) : X509SignatureGenerator
    {
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => algorithm;

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => new byte[256];

        protected override PublicKey BuildPublicKey() => throw new NotSupportedException();
    }

    /// <summary>A listener that counts who comes, and the extensions of certificates that point at it.</summary>
    private sealed class Visitors : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private int _count;

        public Visitors()
        {
            _listener.Start();
            _ = CountAsync();
        }

        /// <summary>How many have come; those in the backlog, too.</summary>
        public int Count => Volatile.Read(ref _count) + (_listener.Pending() ? 1 : 0);

        private string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/";

        public IReadOnlyList<X509Extension> Pointers() =>
        [
            new X509AuthorityInformationAccessExtension([Url + "ocsp"], [Url + "issuer.crt"]),
            CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([Url + "list.crl"]),
        ];

        public void Dispose() => _listener.Dispose();

        private async Task CountAsync()
        {
            try
            {
                while (true)
                {
                    using var visitor = await _listener.AcceptTcpClientAsync();
                    Interlocked.Increment(ref _count);
                    await visitor.GetStream().WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
            {
                // The test has ended.
            }
        }
    }
}
