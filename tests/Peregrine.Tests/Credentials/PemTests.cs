// SPDX-License-Identifier: Apache-2.0
using Peregrine.Credentials;

namespace Peregrine.Tests.Credentials;

public class PemTests
{
    [Fact]
    public void Several_certificates_are_read_with_text_between_them()
    {
        using var a = new TestCertificates("a");
        using var b = new TestCertificates("b");
        var certificates = PemDecoder.DecodeCertificates($"subject=a\n{a.AuthorityPem}\nsubject=b\n{b.AuthorityPem}\n", "the roots");
        Assert.Equal(["CN=a", "CN=b"], certificates.Select(certificate => certificate.Subject));
        PemDecoder.DisposeAll(certificates);
    }

    [Fact]
    public void Text_without_certificate_is_an_error_that_names_the_source() => Assert.Contains(
        "the roots", Assert.Throws<ArgumentException>(() => PemDecoder.DecodeCertificates("hello", "the roots")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_damaged_certificate_is_an_error_not_a_smaller_trust()
    {
        using var ca = new TestCertificates();
        string damaged = ca.AuthorityPem.Replace("-----END CERTIFICATE-----", "!!!\n-----END CERTIFICATE-----", StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => PemDecoder.DecodeCertificates(ca.AuthorityPem + "\n" + damaged, "the roots"));
        string notDer = "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----";
        Assert.Contains(
            "certificate 2 is damaged",
            Assert.Throws<ArgumentException>(() => PemDecoder.DecodeCertificates(ca.AuthorityPem + "\n" + notDer, "the roots")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_of_another_certificate_is_an_error_without_the_key()
    {
        using var ca = new TestCertificates();
        KeyCertificatePair one = ca.Issue("one");
        KeyCertificatePair two = ca.Issue("two");
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => new ServerTls(new SslServerCredentials([new KeyCertificatePair(one.CertificateChain, two.PrivateKey)]), TimeProvider.System));
        Assert.Contains("CN=one", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(two.PrivateKey.Split('\n')[1], error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAQID\n-----END ENCRYPTED PRIVATE KEY-----", "encrypted")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAQID\n-----END RSA PRIVATE KEY-----", "encrypted")]
    [InlineData("no key", "BEGIN PRIVATE KEY")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAQID\n-----END PRIVATE KEY-----", "cannot be read")]
    public void A_key_that_cannot_be_used_is_an_error_that_says_why(string key, string expected)
    {
        using var ca = new TestCertificates();
        var pair = new KeyCertificatePair(ca.Issue("one").CertificateChain, key);
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => new ClientTls(new SslCredentials(null, pair), TimeProvider.System));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("the client's private key", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_are_read_and_errors_name_them()
    {
        using var ca = new TestCertificates();
        string folder = Directory.CreateTempSubdirectory("peregrine-pem").FullName;
        try
        {
            string certificate = Path.Combine(folder, "server.pem");
            string key = Path.Combine(folder, "server.key");
            KeyCertificatePair pair = ca.Issue("one");
            File.WriteAllText(certificate, pair.CertificateChain);
            File.WriteAllText(key, pair.PrivateKey);
            Assert.Equal(pair.PrivateKey, SslServerCredentials.FromFiles(certificate, key).KeyCertificatePairs[0].PrivateKey);
            Assert.Equal(pair.CertificateChain, SslCredentials.FromFiles(certificate).RootCertificates);
            Assert.Contains(key, Assert.Throws<ArgumentException>(() => SslCredentials.FromFiles(key)).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => SslCredentials.FromFiles(certificate, certificate, null));
            Assert.Throws<FileNotFoundException>(() => SslCredentials.FromFiles(Path.Combine(folder, "absent.pem")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Verifying_clients_needs_roots()
    {
        KeyCertificatePair pair = new("cert", "key");
        Assert.Throws<ArgumentException>(
            () => new SslServerCredentials([pair], null, SslClientCertificateRequestType.RequestAndRequireAndVerify));
        Assert.Throws<ArgumentException>(() => new SslServerCredentials([]));
    }
}
