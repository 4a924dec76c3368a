// SPDX-License-Identifier: Apache-2.0

using System;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Cli.Certificates;

/// <summary>One subject alternative name: a DNS name, perhaps a wildcard, an IP address or a URI such as a SPIFFE id (RFC 5280 section 4.2.1.6).</summary>
internal sealed class SubjectName
{
    // RFC 1035 section 2.3.4.
    private const int MaxName = 253;
    private const int MaxLabel = 63;

    private readonly IPAddress? _address;
    private readonly Uri? _uri;

    private SubjectName(string text, IPAddress? address = null, Uri? uri = null)
    {
        Text = text;
        _address = address;
        _uri = uri;
    }

    /// <summary>The name as certificates have it: international names in their ASCII form.</summary>
    public string Text { get; }

    /// <summary>The name of a text: what is no address and no URI is a DNS name.</summary>
    /// <exception cref="ToolException">It is none of them; the message says why, and what was perhaps meant.</exception>
    public static SubjectName Parse(string text)
    {
        if (IPAddress.TryParse(text.Trim('[', ']'), out var address))
        {
            return new SubjectName(address.ToString(), address);
        }

        if (text.Contains("://", StringComparison.Ordinal))
        {
            return Uri.TryCreate(text, UriKind.Absolute, out var uri)
                ? new SubjectName(uri.AbsoluteUri, uri: uri)
                : throw new ToolException($"\"{text}\" is no URI.");
        }

        return new SubjectName(ParseDnsName(text));
    }

    /// <summary>Adds the name to those of a certificate.</summary>
    public void AddTo(SubjectAlternativeNameBuilder names)
    {
        if (_address is not null)
        {
            names.AddIpAddress(_address);
        }
        else if (_uri is not null)
        {
            names.AddUri(_uri);
        }
        else
        {
            names.AddDnsName(Text);
        }
    }

    private static string ParseDnsName(string text)
    {
        const string wildcard = "*.";
        var isWildcard = text.StartsWith(wildcard, StringComparison.Ordinal);
        var host = isWildcard ? text[wildcard.Length..] : text;
        if (host.StartsWith('*') && !isWildcard && host.Length > 1)
        {
            // What the world's tutorials have, and clients refuse (RFC 9525 section 6.3).
            throw new ToolException($"\"{text}\" matches nothing: a wildcard is a whole label. Write \"*.{host.TrimStart('*')}\".");
        }

        string ascii;
        try
        {
            ascii = new IdnMapping().GetAscii(host.TrimEnd('.')).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            throw new ToolException($"\"{text}\" is no DNS name, IP address or URI.");
        }

        var labels = ascii.Split('.');
        if (ascii.Length > MaxName || !labels.All(IsLabel))
        {
            throw new ToolException(
                $"\"{text}\" is no DNS name: its labels have 1 to {MaxLabel} letters, digits and hyphens each, no hyphen first or last; a wildcard is the whole first label.");
        }

        if (isWildcard && labels.Length < 2)
        {
            throw new ToolException($"\"{text}\" is too wide: clients take a wildcard only below two labels, as in \"*.example.com\".");
        }

        return isWildcard ? wildcard + ascii : ascii;
    }

    // Underscores are not for host names, but are found in those of containers.
    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MaxLabel && !label.StartsWith('-') && !label.EndsWith('-')
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
