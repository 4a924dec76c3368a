// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Credentials;

/// <summary>
/// A certificate revocation list (RFC 5280 section 5): which certificates its issuer has revoked. Complete lists only: a partial, indirect or
/// delta list says so in a critical extension, and is refused. The platform checks the signature. Immutable, but for what it has found out about
/// signatures; used from many threads at once.
/// </summary>
internal sealed class RevocationList
{
    private readonly byte[] _issuer;
    private readonly byte[] _signed;
    private readonly RevocationListSignature _signature;
    private readonly Dictionary<string, DateTimeOffset> _revoked;
    private byte[]? _signer;

    private RevocationList(
        byte[] issuer, byte[] signed, RevocationListSignature signature, Dictionary<string, DateTimeOffset> revoked, DateTimeOffset from, DateTimeOffset? until)
    {
        _issuer = issuer;
        _signed = signed;
        _signature = signature;
        _revoked = revoked;
        ThisUpdate = from;
        NextUpdate = until;
    }

    /// <summary>When it was made.</summary>
    public DateTimeOffset ThisUpdate { get; }

    /// <summary>When there will be another at the latest; null when it does not say.</summary>
    public DateTimeOffset? NextUpdate { get; }

    /// <summary>How many certificates it revokes.</summary>
    public int Count => _revoked.Count;

    /// <summary>Reads DER.</summary>
    /// <param name="der">The list.</param>
    /// <param name="source">What it is, for errors: "the revocation list file 'x'".</param>
    /// <exception cref="ArgumentException">It cannot be read, or is not complete.</exception>
    public static RevocationList Decode(ReadOnlyMemory<byte> der, string source)
    {
        try
        {
            // CertificateList ::= SEQUENCE { tbsCertList, signatureAlgorithm, signatureValue BIT STRING }
            var outer = new AsnReader(der, AsnEncodingRules.DER);
            AsnReader list = outer.ReadSequence();
            outer.ThrowIfNotEmpty();
            ReadOnlyMemory<byte> signed = list.PeekEncodedValue();
            AsnReader contents = list.ReadSequence();
            ReadOnlyMemory<byte> algorithm = list.ReadEncodedValue();
            byte[] signature = list.ReadBitString(out int unusedBits);
            list.ThrowIfNotEmpty();
            return unusedBits == 0
                ? DecodeContents(contents, signed, algorithm, signature, source)
                : throw new AsnContentException("The signature does not end with a whole byte.");
        }
        catch (Exception failure) when (failure is AsnContentException or CryptographicException)
        {
            throw new ArgumentException($"Cannot read {source}: it is no revocation list, or is damaged ({failure.Message}).", failure);
        }
    }

    /// <summary>Whether the issuer of a certificate has issued this list, by its name and its signature.</summary>
    public bool IsOf(X509Certificate2 issuer)
    {
        if (!issuer.SubjectName.RawData.AsSpan().SequenceEqual(_issuer))
        {
            return false;
        }

        // A list may be long: whose key has signed it is found out once.
        byte[]? known = _signer;
        if (known is not null && known.AsSpan().SequenceEqual(issuer.RawDataMemory.Span))
        {
            return true;
        }

        bool maySign = issuer.Extensions.OfType<X509KeyUsageExtension>().All(usage => usage.KeyUsages.HasFlag(X509KeyUsageFlags.CrlSign));
        if (!maySign || !_signature.IsOf(_signed, issuer))
        {
            return false;
        }

        _signer = issuer.RawData;
        return true;
    }

    /// <summary>Whether it is in force: made, and not to have been followed by another.</summary>
    public bool IsCurrent(DateTimeOffset now) => ThisUpdate <= now && (NextUpdate is not { } next || now <= next);

    /// <summary>Since when a certificate of the issuer is revoked; null when it is not.</summary>
    public DateTimeOffset? RevokedSince(X509Certificate2 certificate) =>
        _revoked.TryGetValue(KeyOf(certificate.SerialNumberBytes.Span), out DateTimeOffset since) ? since : null;

    private static RevocationList DecodeContents(
        AsnReader contents, ReadOnlyMemory<byte> signed, ReadOnlyMemory<byte> algorithm, byte[] signature, string source)
    {
        // TBSCertList ::= SEQUENCE { version OPTIONAL, signature, issuer, thisUpdate, nextUpdate OPTIONAL, revokedCertificates OPTIONAL,
        //                            crlExtensions [0] OPTIONAL }
        if (contents.PeekTag().HasSameClassAndValue(Asn1Tag.Integer))
        {
            contents.ReadInteger();
        }

        if (!contents.ReadEncodedValue().Span.SequenceEqual(algorithm.Span))
        {
            throw new ArgumentException($"Cannot use {source}: it names two different signature algorithms.");
        }

        byte[] issuer = contents.ReadEncodedValue().ToArray();
        DateTimeOffset thisUpdate = ReadTime(contents);
        DateTimeOffset? nextUpdate = contents.HasData && IsTime(contents.PeekTag()) ? ReadTime(contents) : null;
        var revoked = new Dictionary<string, DateTimeOffset>();
        if (contents.HasData && contents.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            AsnReader entries = contents.ReadSequence();
            while (entries.HasData)
            {
                AsnReader entry = entries.ReadSequence();
                string serial = KeyOf(entry.ReadIntegerBytes().Span);
                revoked[serial] = ReadTime(entry);
                if (entry.HasData)
                {
                    RefuseCritical(entry.ReadSequence(), source);
                }
            }
        }

        var extensionsTag = new Asn1Tag(TagClass.ContextSpecific, 0);
        if (contents.HasData)
        {
            AsnReader extensions = contents.ReadSequence(extensionsTag);
            RefuseCritical(extensions.ReadSequence(), source);
        }

        contents.ThrowIfNotEmpty();
        return new RevocationList(
            issuer, signed.ToArray(), RevocationListSignature.Decode(algorithm, signature, source), revoked, thisUpdate, nextUpdate);
    }

    // A critical extension changes what the list means: which part of the certificates it is about, or whose they are.
    private static void RefuseCritical(AsnReader extensions, string source)
    {
        while (extensions.HasData)
        {
            AsnReader extension = extensions.ReadSequence();
            string id = extension.ReadObjectIdentifier();
            if (extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean())
            {
                throw new ArgumentException(
                    $"Cannot use {source}: it has the critical extension {id}. Partial, indirect and delta lists are not read; give the complete list.");
            }
        }
    }

    private static bool IsTime(Asn1Tag tag) =>
        tag.HasSameClassAndValue(Asn1Tag.UtcTime) || tag.HasSameClassAndValue(Asn1Tag.GeneralizedTime);

    private static DateTimeOffset ReadTime(AsnReader reader) =>
        reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();

    // Serial numbers are integers: leading zeros are how they are written, not what they are.
    private static string KeyOf(ReadOnlySpan<byte> serial) => Convert.ToHexString(serial.TrimStart((byte)0));
}
