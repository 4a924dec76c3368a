// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading;

namespace Peregrine.Credentials;

/// <summary>
/// Signs JSON Web Tokens (RFC 7519) by a private key: RS256 by an RSA key of at least 2048 bits, ES256 by one of the curve P-256 (RFC 7518). For calls
/// whose servers know the public key (<see cref="CallCredentials.FromSigner"/>), and for assertions (<see cref="OAuth2Client.ExchangeAsync"/>).
/// Thread-safe. <see cref="ToString"/> shows nothing of the key.
/// </summary>
/// <example>
/// <code>
/// using var signer = JsonWebTokenSigner.FromPem(
///     File.ReadAllText("account.key"), new JsonWebTokenOptions { Issuer = "reports@example.com", KeyId = "2026-11" });
/// CallCredentials credentials = CallCredentials.FromSigner(signer);
/// </code>
/// </example>
public sealed class JsonWebTokenSigner : IDisposable
{
    private const int LeastRsaBits = 2048;
    private static readonly string[] ClaimsOfItsOwn = ["iss", "sub", "aud", "iat", "exp", "jti"];

    // The platform does not promise that keys may be used from several threads at once.
    private readonly Lock _lock = new();
    private readonly AsymmetricAlgorithm _key;
    private readonly TimeProvider _time;
    private readonly TimeSpan _lifetime;
    private readonly string _issuer;
    private readonly string _subject;
    private readonly KeyValuePair<string, string>[] _claims;
    private readonly string _header;

    private JsonWebTokenSigner(AsymmetricAlgorithm key, string algorithm, JsonWebTokenOptions options)
    {
        _key = key;
        _time = options.TimeProvider;
        _lifetime = options.Lifetime;
        _issuer = options.Issuer;
        _subject = options.Subject ?? options.Issuer;
        _claims = [.. options.Claims];
        _header = Encode(json =>
        {
            json.WriteString("alg", algorithm);
            json.WriteString("typ", "JWT");
            if (options.KeyId is { } id)
            {
                json.WriteString("kid", id);
            }
        });
    }

    /// <summary>Makes a signer of a private key.</summary>
    /// <param name="privateKey">The key in PEM: <c>PRIVATE KEY</c>, <c>RSA PRIVATE KEY</c> or <c>EC PRIVATE KEY</c>, not encrypted.</param>
    /// <param name="options">What the tokens say.</param>
    /// <returns>The signer, to be disposed when no token is needed any more.</returns>
    /// <exception cref="ArgumentException">There is no such key in the text, or it is of another kind; or an option cannot be used.</exception>
    public static JsonWebTokenSigner FromPem(string privateKey, JsonWebTokenOptions options)
    {
        ArgumentNullException.ThrowIfNull(privateKey);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Issuer.Length == 0)
        {
            throw new ArgumentException($"{nameof(options.Issuer)} is empty; say who issues the tokens.", nameof(options));
        }

        if (options.Lifetime < TimeSpan.FromSeconds(1))
        {
            throw new ArgumentException($"{nameof(options.Lifetime)} is {options.Lifetime}; it must be at least one second.", nameof(options));
        }

        if (options.Claims.Keys.FirstOrDefault(ClaimsOfItsOwn.Contains) is { } taken)
        {
            throw new ArgumentException($"The claim '{taken}' is the signer's own; it cannot be given in {nameof(options.Claims)}.", nameof(options));
        }

        JsonWebTokenSigner signer;
        if (TryImport(RSA.Create(), privateKey) is { } rsa)
        {
            signer = rsa.KeySize >= LeastRsaBits
                ? new JsonWebTokenSigner(rsa, "RS256", options)
                : throw Unusable(rsa, $"an RSA key of {rsa.KeySize} bits; RS256 needs at least {LeastRsaBits}");
        }
        else if (TryImport(ECDsa.Create(), privateKey) is { } ecdsa)
        {
            signer = IsP256(ecdsa)
                ? new JsonWebTokenSigner(ecdsa, "ES256", options)
                : throw Unusable(ecdsa, "an EC key of another curve than P-256, the one of ES256");
        }
        else
        {
            throw Unusable(null, "no private key in PEM, of RSA or the curve P-256, that is not encrypted");
        }

        try
        {
            _ = signer.SignBytes([]);
            return signer;
        }
        catch (CryptographicException)
        {
            throw Unusable(signer._key, "a public key");
        }
    }

    /// <summary>Signs a token for an audience.</summary>
    /// <param name="audience">For whom it is (<c>aud</c>): most often a URL.</param>
    /// <returns>The token.</returns>
    /// <exception cref="ObjectDisposedException">The signer was disposed.</exception>
    public AccessToken Sign(string audience)
    {
        ArgumentNullException.ThrowIfNull(audience);
        var issuedAt = _time.GetUtcNow().ToUnixTimeSeconds();
        var expiresAt = issuedAt + (long)_lifetime.TotalSeconds;
        var payload = Encode(json =>
        {
            json.WriteString("iss", _issuer);
            json.WriteString("sub", _subject);
            json.WriteString("aud", audience);
            json.WriteNumber("iat", issuedAt);
            json.WriteNumber("exp", expiresAt);
            json.WriteString("jti", Guid.NewGuid().ToString("N"));
            foreach (var (name, value) in _claims)
            {
                json.WriteString(name, value);
            }
        });
        var signed = $"{_header}.{payload}";
        return new AccessToken($"{signed}.{Base64Url.EncodeToString(SignBytes(Encoding.ASCII.GetBytes(signed)))}", DateTimeOffset.FromUnixTimeSeconds(expiresAt));
    }

    /// <summary>Whether a token that this signed has more than a tenth of its life before it.</summary>
    internal bool IsFresh(AccessToken token) => token.ExpiresAt - _time.GetUtcNow() > _lifetime / 10;

    /// <summary>Forgets the key.</summary>
    public void Dispose() => _key.Dispose();

    /// <summary>Says nothing of the key.</summary>
    /// <returns>The name of the type.</returns>
    public override string ToString() => nameof(JsonWebTokenSigner);

    // RFC 7515 section 3: each part is base64url without padding.
    private static string Encode(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Base64Url.EncodeToString(buffer.WrittenSpan);
    }

    private byte[] SignBytes(byte[] data)
    {
        lock (_lock)
        {
            return _key switch
            {
                RSA rsa => rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),

                // RFC 7518 section 3.4: R and S side by side.
                _ => ((ECDsa)_key).SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
            };
        }
    }

    // Null: the text has no key of the kind. What the platform says of it is dropped: it may quote what it read.
    private static T? TryImport<T>(T key, string pem)
        where T : AsymmetricAlgorithm
    {
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch (Exception failure) when (failure is ArgumentException or CryptographicException)
        {
            key.Dispose();
            return null;
        }
    }

    private static bool IsP256(ECDsa key) => key.ExportParameters(includePrivateParameters: false).Curve.Oid
        is { Value: "1.2.840.10045.3.1.7" } or { FriendlyName: "nistP256" or "ECDSA_P256" };

    private static ArgumentException Unusable(AsymmetricAlgorithm? key, string found)
    {
        key?.Dispose();
        return new ArgumentException($"The text that should be a private key holds {found}.");
    }
}
