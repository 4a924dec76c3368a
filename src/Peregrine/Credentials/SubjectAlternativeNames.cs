// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using System.Formats.Asn1;
using System.Linq;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Credentials;

/// <summary>The subject alternative names of a certificate, those too that the platform does not list (RFC 5280 section 4.2.1.6).</summary>
internal static class SubjectAlternativeNames
{
    private const string ExtensionType = "2.5.29.17";
    private const int RfcName = 1;
    private const int DnsName = 2;
    private const int Uri = 6;
    private const int IPName = 7;

    /// <summary>Whether a certificate has the extension, of whatever contents.</summary>
    public static bool AreIn(X509Certificate2 certificate) => certificate.Extensions.Any(one => one.Oid?.Value == ExtensionType);

    /// <summary>All names of kinds that name a peer: DNS names, e-mail addresses, URIs, IP addresses, in their order.</summary>
    /// <returns>Each name, and whether it is a URI. None also when the extension is malformed.</returns>
    public static List<(string Name, bool IsUri)> Of(X509Certificate2 certificate)
    {
        List<(string Name, bool IsUri)> names = [];
        try
        {
            foreach (X509Extension extension in certificate.Extensions.Where(one => one.Oid?.Value == ExtensionType))
            {
                AsnReader sequence = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (sequence.HasData)
                {
                    bool isUri = sequence.PeekTag() is { TagClass: TagClass.ContextSpecific, TagValue: Uri };
                    if (Read(sequence) is { } name)
                    {
                        names.Add((name, isUri));
                    }
                }
            }
        }
        catch (AsnContentException)
        {
            // What cannot be read names nobody.
            names.Clear();
        }

        return names;
    }

    private static string? Read(AsnReader sequence)
    {
        Asn1Tag tag = sequence.PeekTag();
        if (tag.TagClass == TagClass.ContextSpecific)
        {
            switch (tag.TagValue)
            {
                case RfcName or DnsName or Uri:
                    return sequence.ReadCharacterString(UniversalTagNumber.IA5String, tag);
                case IPName:
                    byte[] address = sequence.ReadOctetString(tag);
                    return address.Length is 4 or 16 ? new IPAddress(address).ToString() : null;
            }
        }

        sequence.ReadEncodedValue();
        return null;
    }
}
