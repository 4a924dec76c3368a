// SPDX-License-Identifier: Apache-2.0
using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Credentials;

/// <summary>
/// The common name of a certificate's subject, and nothing else: what the platform calls the simple name may also be an organization or an
/// e-mail address, at which an authority has not looked as at a name of the peer.
/// </summary>
internal static class SubjectNames
{
    private const string CommonNameType = "2.5.4.3"; // id-at-commonName, RFC 5280 appendix A.1

    // Authorities do not all sort what is named together.
    private static readonly AsnReaderOptions Unsorted = new() { SkipSetSortOrderVerification = true };

    /// <summary>Reads the common name.</summary>
    /// <returns>The last one, which is the most specific; null when there is none, or the subject cannot be read.</returns>
    public static string? CommonNameOf(X509Certificate2 certificate)
    {
        try
        {
            string? last = null;
            AsnReader subject = new AsnReader(certificate.SubjectName.RawData, AsnEncodingRules.DER, Unsorted).ReadSequence();
            while (subject.HasData)
            {
                AsnReader together = subject.ReadSetOf();
                while (together.HasData)
                {
                    AsnReader attribute = together.ReadSequence();
                    if (attribute.ReadObjectIdentifier() == CommonNameType)
                    {
                        last = ReadText(attribute);
                    }
                }
            }

            return last;
        }
        catch (AsnContentException)
        {
            // What cannot be read names nobody.
            return null;
        }
    }

    private static string? ReadText(AsnReader attribute)
    {
        Asn1Tag tag = attribute.PeekTag();
        var type = (UniversalTagNumber)tag.TagValue;
        return tag.TagClass == TagClass.Universal
            && type is UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String
                or UniversalTagNumber.T61String or UniversalTagNumber.BMPString
            ? attribute.ReadCharacterString(type)
            : null;
    }
}
