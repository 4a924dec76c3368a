// SPDX-License-Identifier: Apache-2.0
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Credentials;

/// <summary>The parameters of an RSASSA-PSS signature (RFC 4055 section 3.1), of which the hash says how strong it is.</summary>
internal static class PssParameters
{
    /// <summary>id-RSASSA-PSS: the algorithm of a signature, or that of a key which makes no others.</summary>
    public const string Algorithm = "1.2.840.113549.1.1.10";

    /// <summary>The hash of the signature of a certificate.</summary>
    /// <returns>A hash of SHA-2; null for any other, SHA-1 among them, which holds where none is named.</returns>
    public static HashAlgorithmName? FindHash(X509Certificate2 certificate)
    {
        try
        {
            // Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue } (RFC 5280 section 4.1)
            AsnReader parts = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.DER).ReadSequence();
            parts.ReadEncodedValue();
            AsnReader identifier = parts.ReadSequence();
            return identifier.ReadObjectIdentifier() == Algorithm ? ReadHash(identifier) : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    /// <summary>Reads the hash.</summary>
    /// <param name="identifier">An AlgorithmIdentifier, its object identifier read.</param>
    /// <exception cref="AsnContentException">It is not of SHA-2, or the parameters are malformed.</exception>
    public static HashAlgorithmName ReadHash(AsnReader identifier)
    {
        // RSASSA-PSS-params ::= SEQUENCE { hashAlgorithm [0] DEFAULT sha1, ... }
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
