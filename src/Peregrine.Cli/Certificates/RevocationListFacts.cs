// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Cli.Certificates;

/// <summary>What a person asks a revocation list (RFC 5280 section 5): whose, until when, which certificates, why. Its signature is not checked.</summary>
internal sealed class RevocationListFacts
{
    private const string ReasonCode = "2.5.29.21";
    private const string ListNumber = "2.5.29.20";
    private const string DeltaIndicator = "2.5.29.27";
    private const string IssuingDistributionPoint = "2.5.29.28";
    private static readonly Asn1Tag ExtensionsTag = new(TagClass.ContextSpecific, 0);

    // RFC 5280 section 5.3.1; 7 has no meaning.
    private static readonly string[] Reasons =
    [
        "unspecified", "keyCompromise", "cACompromise", "affiliationChanged", "superseded", "cessationOfOperation", "certificateHold", "7", "removeFromCRL", "privilegeWithdrawn",
        "aACompromise",
    ];

    private readonly List<RevokedCertificate> _revoked = [];
    private readonly List<string> _scope = [];

    private RevocationListFacts(ReadOnlyMemory<byte> der)
    {
        Fingerprint = Convert.ToHexString(SHA256.HashData(der.Span));
        var list = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        var contents = list.ReadSequence();
        if (contents.PeekTag().HasSameClassAndValue(Asn1Tag.Integer))
        {
            _ = contents.ReadInteger();
        }

        var algorithm = new Oid(contents.ReadSequence().ReadObjectIdentifier());
        Signature = algorithm.FriendlyName ?? algorithm.Value!;
        Issuer = new X500DistinguishedName(contents.ReadEncodedValue().Span).Name;
        ThisUpdate = ReadTime(contents);
        NextUpdate = contents.HasData && IsTime(contents.PeekTag()) ? ReadTime(contents) : null;
        if (contents.HasData && contents.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            for (var entries = contents.ReadSequence(); entries.HasData;)
            {
                _revoked.Add(ReadEntry(entries.ReadSequence()));
            }
        }

        if (contents.HasData)
        {
            ReadExtensions(contents.ReadSequence(ExtensionsTag).ReadSequence(), ReadExtension);
        }

        contents.ThrowIfNotEmpty();
    }

    /// <summary>The distinguished name of who made it.</summary>
    public string Issuer { get; }

    /// <summary>Its number, in decimal digits; each list of an issuer has a greater one. Null when it has none.</summary>
    public string? Number { get; private set; }

    /// <summary>When it was made, UTC.</summary>
    public DateTime ThisUpdate { get; }

    /// <summary>When there will be another at the latest, UTC; null when it does not say.</summary>
    public DateTime? NextUpdate { get; }

    /// <summary>How it is signed.</summary>
    public string Signature { get; }

    /// <summary>The SHA-256 hash, in hexadecimal digits.</summary>
    public string Fingerprint { get; }

    /// <summary>What it leaves out, if it is not a list of all that its issuer has revoked.</summary>
    public IReadOnlyList<string> Scope => _scope;

    /// <summary>What it revokes, in its order.</summary>
    public IReadOnlyList<RevokedCertificate> Revoked => _revoked;

    /// <summary>Reads DER.</summary>
    /// <exception cref="AsnContentException">It is damaged.</exception>
    /// <exception cref="CryptographicException">The name in it is damaged.</exception>
    public static RevocationListFacts Read(ReadOnlyMemory<byte> der) => new(der);

    /// <summary>Whether DER is a revocation list, and no certificate: behind the name of its issuer stands a time.</summary>
    public static bool IsList(ReadOnlyMemory<byte> der)
    {
        try
        {
            var contents = new AsnReader(der, AsnEncodingRules.DER).ReadSequence().ReadSequence();
            if (contents.PeekTag().HasSameClassAndValue(Asn1Tag.Integer))
            {
                _ = contents.ReadInteger();
            }

            _ = contents.ReadSequence();
            _ = contents.ReadSequence();
            return IsTime(contents.PeekTag());
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    /// <summary>How long it is still in force; negative: since when it is not. Null when it does not say.</summary>
    public TimeSpan? Left(TimeProvider time) => NextUpdate - time.GetUtcNow().UtcDateTime;

    private static RevokedCertificate ReadEntry(AsnReader entry)
    {
        var serial = Convert.ToHexString(entry.ReadIntegerBytes().Span);
        var date = ReadTime(entry);
        string? reason = null;
        if (entry.HasData)
        {
            ReadExtensions(entry.ReadSequence(), (name, value) =>
            {
                if (name == ReasonCode)
                {
                    var code = (int)value.ReadEnumeratedBytes().Span[0];
                    reason = code < Reasons.Length ? Reasons[code] : code.ToString(CultureInfo.InvariantCulture);
                }
            });
        }

        return new RevokedCertificate(serial, date, reason);
    }

    private void ReadExtension(string name, AsnReader value)
    {
        switch (name)
        {
            case ListNumber:
                Number = Text(value.ReadInteger());
                break;
            case DeltaIndicator:
                _scope.Add($"changes since number {Text(value.ReadInteger())} (a delta list)");
                break;
            case IssuingDistributionPoint:
                _scope.Add("a part of the certificates (it has an issuing distribution point)");
                break;
        }
    }

    // Extension ::= SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
    private static void ReadExtensions(AsnReader extensions, Action<string, AsnReader> read)
    {
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            var name = extension.ReadObjectIdentifier();
            if (extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean))
            {
                _ = extension.ReadBoolean();
            }

            read(name, new AsnReader(extension.ReadOctetString(), AsnEncodingRules.DER));
        }
    }

    private static bool IsTime(Asn1Tag tag) => tag.HasSameClassAndValue(Asn1Tag.UtcTime) || tag.HasSameClassAndValue(Asn1Tag.GeneralizedTime);

    private static DateTime ReadTime(AsnReader reader) =>
        (reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? reader.ReadUtcTime() : reader.ReadGeneralizedTime()).UtcDateTime;

    private static string Text(BigInteger number) => number.ToString(CultureInfo.InvariantCulture);
}
