// SPDX-License-Identifier: Apache-2.0
using System;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Credentials;

/// <summary>The signature of a revocation list: RSA or ECDSA with SHA-2, which the platform verifies. Immutable.</summary>
internal sealed class RevocationListSignature
{
    private readonly HashAlgorithmName _hash;
    private readonly RSASignaturePadding? _padding;
    private readonly byte[] _value;

    private RevocationListSignature(HashAlgorithmName hash, RSASignaturePadding? padding, byte[] value)
    {
        _hash = hash;
        _padding = padding;
        _value = value;
    }

    /// <summary>Reads which algorithm it is.</summary>
    /// <exception cref="ArgumentException">It is none of those that are accepted.</exception>
    public static RevocationListSignature Decode(ReadOnlyMemory<byte> algorithm, byte[] value, string source)
    {
        AsnReader identifier = new AsnReader(algorithm, AsnEncodingRules.DER).ReadSequence();
        string id = identifier.ReadObjectIdentifier();
        return id switch
        {
            "1.2.840.113549.1.1.11" => new(HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, value),
            "1.2.840.113549.1.1.12" => new(HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1, value),
            "1.2.840.113549.1.1.13" => new(HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1, value),
            PssParameters.Algorithm => new(PssParameters.ReadHash(identifier), RSASignaturePadding.Pss, value),
            "1.2.840.10045.4.3.2" => new(HashAlgorithmName.SHA256, null, value),
            "1.2.840.10045.4.3.3" => new(HashAlgorithmName.SHA384, null, value),
            "1.2.840.10045.4.3.4" => new(HashAlgorithmName.SHA512, null, value),
            _ => throw new ArgumentException(
                $"Cannot use {source}: it is signed by the algorithm {id}; RSA and ECDSA with SHA-256, SHA-384 or SHA-512 are accepted."),
        };
    }

    /// <summary>Whether it is the signature of a certificate's key.</summary>
    public bool IsOf(byte[] signed, X509Certificate2 issuer)
    {
        try
        {
            if (_padding is not null)
            {
                using RSA? rsa = issuer.GetRSAPublicKey();
                return rsa is not null && rsa.VerifyData(signed, _value, _hash, _padding);
            }

            using ECDsa? ecdsa = issuer.GetECDsaPublicKey();
            return ecdsa is not null && ecdsa.VerifyData(signed, _value, _hash, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            // A signature of the wrong form is the signature of nobody.
            return false;
        }
    }
}
