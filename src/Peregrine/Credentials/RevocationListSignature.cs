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
            "1.2.840.113549.1.1.10" => new(ReadPssHash(identifier), RSASignaturePadding.Pss, value),
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

    // RSASSA-PSS-params ::= SEQUENCE { hashAlgorithm [0] DEFAULT sha1, ... } (RFC 4055 section 3.1)
    private static HashAlgorithmName ReadPssHash(AsnReader identifier)
    {
        var hashTag = new Asn1Tag(TagClass.ContextSpecific, 0);
        AsnReader parameters = identifier.ReadSequence();
        string? hash = parameters.HasData && parameters.PeekTag().HasSameClassAndValue(hashTag)
            ? parameters.ReadSequence(hashTag).ReadSequence().ReadObjectIdentifier()
            : null;
        return hash switch
        {
            "2.16.840.1.101.3.4.2.1" => HashAlgorithmName.SHA256,
            "2.16.840.1.101.3.4.2.2" => HashAlgorithmName.SHA384,
            "2.16.840.1.101.3.4.2.3" => HashAlgorithmName.SHA512,
            _ => throw new AsnContentException("The hash of its RSASSA-PSS signature is not SHA-256, SHA-384 or SHA-512."),
        };
    }
}
