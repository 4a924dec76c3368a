// SPDX-License-Identifier: Apache-2.0
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Peregrine.Credentials;

namespace Peregrine.Tests.Credentials;

/// <summary>Revocation lists: those that the platform writes, and damaged ones.</summary>
public class RevocationListTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    [Fact]
    public void A_list_says_what_is_revoked_and_since_when()
    {
        using var ca = new TestCertificates();
        var revoked = ca.Issue("revoked");
        using var bad = X509Certificate2.CreateFromPem(revoked.CertificateChain);
        using var good = X509Certificate2.CreateFromPem(ca.Issue("good").CertificateChain);
        var list = RevocationList.Decode(ca.RevocationList(null, revoked), "the list");
        Assert.Equal(1, list.Count);
        Assert.InRange(list.RevokedSince(bad)!.Value, Now.AddHours(-2), Now);
        Assert.Null(list.RevokedSince(good));
        Assert.True(list.IsOf(ca.Authority));
        Assert.True(list.IsCurrent(Now));
        Assert.False(list.IsCurrent(Now.AddDays(8)));
        Assert.False(list.IsCurrent(Now.AddDays(-3)));
    }

    [Fact]
    public void An_empty_list_revokes_nothing()
    {
        using var ca = new TestCertificates();
        Assert.Equal(0, RevocationList.Decode(ca.RevocationList(), "the list").Count);
    }

    [Theory]
    [InlineData("SHA256", false)]
    [InlineData("SHA384", false)]
    [InlineData("SHA512", false)]
    [InlineData("SHA256", true)]
    [InlineData("SHA512", true)]
    public void Lists_signed_by_RSA_are_checked(string hash, bool isPss)
    {
        using var key = RSA.Create(2048);
        using var issuer = Authority(key, hash);
        var padding = isPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        var der = new CertificateRevocationListBuilder().Build(issuer, 1, Now.AddDays(1), new HashAlgorithmName(hash), padding, Now.AddDays(-1));
        Assert.True(RevocationList.Decode(der, "the list").IsOf(issuer));
        using var other = RSA.Create(2048);
        using var impostor = Authority(other, hash);
        Assert.False(RevocationList.Decode(der, "the list").IsOf(impostor));
    }

    [Fact]
    public void A_list_signed_with_SHA_1_is_refused()
    {
        using var key = RSA.Create(2048);
        using var issuer = Authority(key, "SHA256");
        var der = new CertificateRevocationListBuilder()
            .Build(issuer, 1, Now.AddDays(1), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, Now.AddDays(-1));
        var weak = TestCertificates.WithSha1(der);
        Assert.Contains("SHA-256", Assert.Throws<ArgumentException>(() => RevocationList.Decode(weak, "the list")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_another_key_or_name_or_of_a_key_that_may_not_sign_lists_is_not_the_issuers()
    {
        using var ca = new TestCertificates();
        using var sameName = new TestCertificates();
        using var otherName = new TestCertificates("another");
        var list = RevocationList.Decode(ca.RevocationList(), "the list");
        Assert.False(list.IsOf(sameName.Authority));
        Assert.False(list.IsOf(otherName.Authority));

        using var key = ca.Authority.GetECDsaPrivateKey()!;
        var request = new CertificateRequest("CN=test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using var mayNot = request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));
        Assert.False(list.IsOf(mayNot));
        Assert.True(list.IsOf(ca.Authority));
    }

    [Fact]
    public void Every_changed_byte_breaks_the_signature_or_the_form()
    {
        using var ca = new TestCertificates();
        var der = ca.RevocationList(null, ca.Issue("revoked"));
        for (var i = 0; i < der.Length; i++)
        {
            var changed = (byte[])der.Clone();
            changed[i] ^= 1;
            try
            {
                Assert.False(RevocationList.Decode(changed, "the list").IsOf(ca.Authority), $"byte {i}");
            }
            catch (ArgumentException e)
            {
                Assert.Contains("the list", e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Every_beginning_of_a_list_is_an_error()
    {
        using var ca = new TestCertificates();
        var der = ca.RevocationList(null, ca.Issue("revoked"));
        for (var length = 0; length < der.Length; length++)
        {
            Assert.Throws<ArgumentException>(() => RevocationList.Decode(der.AsMemory(0, length), "the list"));
        }
    }

    [Fact]
    public void A_partial_list_is_refused()
    {
        using var ca = new TestCertificates();
        var partial = WithPartialScope(ca.RevocationList());
        Assert.Contains(
            "critical extension 2.5.29.28",
            Assert.Throws<ArgumentException>(() => RevocationList.Decode(partial, "the list")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_holds_one_list_in_DER_or_any_number_in_PEM()
    {
        using var ca = new TestCertificates();
        var der = ca.RevocationList();
        var pem = PemEncoding.WriteString("X509 CRL", der);
        Assert.Single(PemDecoder.DecodeRevocationLists(der, "the file"));
        Assert.Equal(2, PemDecoder.DecodeRevocationLists(System.Text.Encoding.ASCII.GetBytes($"{pem}\n\n{pem}\n"), "the file").Count);
        foreach (var bad in new[] { "", "hello", ca.AuthorityPem, pem + "\n-----BEGIN X509 CRL-----\n!!\n-----END X509 CRL-----" })
        {
            Assert.Contains(
                "the file",
                Assert.Throws<ArgumentException>(() => PemDecoder.DecodeRevocationLists(System.Text.Encoding.ASCII.GetBytes(bad), "the file")).Message,
                StringComparison.Ordinal);
        }
    }

    private static X509Certificate2 Authority(RSA key, string hash)
    {
        var request = new CertificateRequest("CN=rsa authority", key, new HashAlgorithmName(hash), RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(Now.AddDays(-2), Now.AddDays(2));
    }

    // The platform writes complete lists only: the critical extension issuingDistributionPoint is put in by hand; the signature does not matter.
    private static byte[] WithPartialScope(byte[] der)
    {
        var list = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        var contents = list.ReadSequence();
        var writer = new AsnWriter(AsnEncodingRules.DER);
        var extensionsTag = new Asn1Tag(TagClass.ContextSpecific, 0);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                while (!contents.PeekTag().HasSameClassAndValue(extensionsTag))
                {
                    writer.WriteEncodedValue(contents.ReadEncodedValue().Span);
                }

                using (writer.PushSequence(extensionsTag))
                using (writer.PushSequence())
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier("2.5.29.28");
                    writer.WriteBoolean(true);
                    writer.WriteOctetString([0x30, 0x03, 0x81, 0x01, 0xFF]); // onlyContainsUserCerts [1] TRUE
                }
            }

            writer.WriteEncodedValue(list.ReadEncodedValue().Span);
            writer.WriteEncodedValue(list.ReadEncodedValue().Span);
        }

        return writer.Encode();
    }
}
