// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Cli.Certificates;

/// <summary>The URIs among the subject alternative names, such as SPIFFE ids, which the platform does not list.</summary>
internal static class UriNames
{
    // GeneralName ::= CHOICE { ... uniformResourceIdentifier [6] IA5String ... } (RFC 5280 section 4.2.1.6).
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    /// <summary>The URIs, in their order.</summary>
    /// <returns>None also when the extension is malformed.</returns>
    public static List<string> Of(X509SubjectAlternativeNameExtension names)
    {
        var uris = new List<string>();
        try
        {
            var sequence = new AsnReader(names.RawData, AsnEncodingRules.DER).ReadSequence();
            while (sequence.HasData)
            {
                if (sequence.PeekTag().HasSameClassAndValue(UriTag))
                {
                    uris.Add(sequence.ReadCharacterString(UniversalTagNumber.IA5String, UriTag));
                }
                else
                {
                    sequence.ReadEncodedValue();
                }
            }
        }
        catch (AsnContentException)
        {
            uris.Clear();
        }

        return uris;
    }
}
