// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Peregrine.Client;
using Peregrine.Credentials;

namespace Peregrine.Tests.Credentials;

public sealed class JsonWebTokenTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void An_RSA_key_signs_RS256()
    {
        using var key = RSA.Create(2048);
        using var signer = Signer(key.ExportPkcs8PrivateKeyPem());
        var parts = signer.Sign("https://host/pkg.Service").Value.Split('.');
        Assert.Equal("""{"alg":"RS256","typ":"JWT","kid":"key-1"}""", Text(parts[0]));
        Assert.True(key.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Fact]
    public void A_key_of_P256_signs_ES256_with_both_halves_side_by_side()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signer = Signer(key.ExportECPrivateKeyPem());
        var parts = signer.Sign("https://host/pkg.Service").Value.Split('.');
        Assert.Equal("ES256", JsonDocument.Parse(Text(parts[0])).RootElement.GetProperty("alg").GetString());
        var signature = Base64Url.DecodeFromChars(parts[2]);
        Assert.Equal(64, signature.Length);
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature, HashAlgorithmName.SHA256));
    }

    [Fact]
    public void The_claims_are_issuer_subject_audience_and_times_and_those_given()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signer = Signer(key.ExportPkcs8PrivateKeyPem());
        var token = signer.Sign("aud");
        var claims = JsonDocument.Parse(Text(token.Value.Split('.')[1])).RootElement;
        Assert.Equal("reports@example.com", claims.GetProperty("iss").GetString());
        Assert.Equal("reports@example.com", claims.GetProperty("sub").GetString());
        Assert.Equal("aud", claims.GetProperty("aud").GetString());
        Assert.Equal("a b", claims.GetProperty("scope").GetString());
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal(now, claims.GetProperty("iat").GetInt64());
        Assert.Equal(now + 3600, claims.GetProperty("exp").GetInt64());
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(now + 3600), token.ExpiresAt);
        Assert.NotEqual(claims.GetProperty("jti").GetString(), JsonDocument.Parse(Text(signer.Sign("aud").Value.Split('.')[1])).RootElement.GetProperty("jti").GetString());
    }

    [Fact]
    public async Task Credentials_send_a_token_for_the_service_and_sign_another_one_in_its_last_tenth()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signer = Signer(key.ExportPkcs8PrivateKeyPem());
        var credentials = CallCredentials.FromSigner(signer);
        Assert.True(credentials.RequiresTransportSecurity);
        var first = await SentAsync(credentials, "https://host/a.A");
        Assert.Contains("\"aud\":\"https://host/a.A\"", Text(first.Split('.')[1]), StringComparison.Ordinal);
        Assert.NotEqual(first, await SentAsync(credentials, "https://host/b.B"));
        _time.Advance(TimeSpan.FromMinutes(53));
        Assert.Equal(first, await SentAsync(credentials, "https://host/a.A"));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotEqual(first, await SentAsync(credentials, "https://host/a.A"));
    }

    [Fact]
    public void Keys_that_cannot_sign_are_named_and_not_shown()
    {
        using var small = RSA.Create(1024);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var good = RSA.Create(2048);
        Refuses(small.ExportPkcs8PrivateKeyPem(), "an RSA key of 1024 bits; RS256 needs at least 2048");
        Refuses(other.ExportPkcs8PrivateKeyPem(), "an EC key of another curve than P-256");
        Refuses(good.ExportRSAPublicKeyPem(), "a public key");
        Refuses(good.ExportEncryptedPkcs8PrivateKeyPem("pw", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1)), "no private key in PEM");
        Refuses("hidden text", "no private key in PEM");

        void Refuses(string pem, string reason)
        {
            var refused = Assert.Throws<ArgumentException>(() => Signer(pem));
            Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(pem[..Math.Min(pem.Length, 60)], refused.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Options_that_cannot_be_used_are_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = key.ExportPkcs8PrivateKeyPem();
        Assert.Throws<ArgumentException>(() => JsonWebTokenSigner.FromPem(pem, new JsonWebTokenOptions()));
        Assert.Throws<ArgumentException>(() => JsonWebTokenSigner.FromPem(pem, new JsonWebTokenOptions { Issuer = "a", Lifetime = TimeSpan.Zero }));
        Assert.Throws<ArgumentException>(() => JsonWebTokenSigner.FromPem(pem, new JsonWebTokenOptions { Issuer = "a", Claims = { ["aud"] = "b" } }));
    }

    private JsonWebTokenSigner Signer(string pem) => JsonWebTokenSigner.FromPem(
        pem, new JsonWebTokenOptions { Issuer = "reports@example.com", KeyId = "key-1", Claims = { ["scope"] = "a b" }, TimeProvider = _time });

    private static async Task<string> SentAsync(CallCredentials credentials, string serviceUrl)
    {
        var sent = await CallCredentialsPolicy.FetchAsync(credentials, new AuthInterceptorContext(serviceUrl, "Call"));
        var value = sent.GetValue("authorization")!;
        Assert.StartsWith("Bearer ", value, StringComparison.Ordinal);
        return value["Bearer ".Length..];
    }

    private static string Text(string part) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(part));
}
