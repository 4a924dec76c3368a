// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Xml;
using Peregrine.Cli.Rules;

namespace Peregrine.Cli.Commands;

/// <summary>Findings as buf reports them to services that read JUnit's XML: each file is a suite of tests, of which each finding is one that failed.</summary>
internal static class JUnitReport
{
    private static readonly XmlWriterSettings Form = new() { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true };

    /// <summary>The report; "" when there are no findings.</summary>
    /// <param name="findings">The findings, those of a file one behind the other.</param>
    public static string Of(IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
        {
            return "";
        }

        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, Form))
        {
            xml.WriteStartElement("testsuites");
            foreach (var file in findings.GroupBy(finding => Terminal.Escape(finding.File)))
            {
                Write(xml, file.Key, [.. file]);
            }

            xml.WriteEndElement();
        }

        return text.Append('\n').ToString();
    }

    private static void Write(XmlWriter xml, string file, List<Finding> findings)
    {
        var count = findings.Count.ToString(CultureInfo.InvariantCulture);
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", file.EndsWith(".proto", System.StringComparison.Ordinal) ? file[..^".proto".Length] : file);
        xml.WriteAttributeString("tests", count);
        xml.WriteAttributeString("failures", count);
        xml.WriteAttributeString("errors", "0");
        foreach (var finding in findings)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{int.Max(finding.Line, 1)}:{int.Max(finding.Column, 1)}");
            xml.WriteStartElement("testcase");
            xml.WriteAttributeString("name", $"{finding.Rule}_{place.Replace(':', '_')}");
            xml.WriteStartElement("failure");
            xml.WriteAttributeString("message", $"{file}:{place}:{Terminal.Escape(finding.Message)}");
            xml.WriteAttributeString("type", finding.Rule);
            xml.WriteFullEndElement();
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }
}
