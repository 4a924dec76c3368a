// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Peregrine.Cli.Certificates;

namespace Peregrine.Cli.Commands;

/// <summary><c>peregrine cert show</c>: what is in files of certificates.</summary>
internal sealed class CertShowCommand : ToolCommand
{
    private readonly Argument<string[]> _files = new("FILES") { Description = "Files of certificates, PEM or DER.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<int?> _within = new("--within") { Description = "Fail if one of them expires within so many days, or has expired.", HelpName = "DAYS" };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON, for scripts." };
    private readonly Terminal _terminal;
    private readonly TimeProvider _time;

    /// <summary>Makes it.</summary>
    public CertShowCommand(Terminal terminal, TimeProvider time)
        : base("show", "Show the certificates of files: whose, for which names and uses, until when.")
    {
        _terminal = terminal;
        _time = time;
        Add(_files);
        Add(new OptionGroup("Options", [_within, _json]));
        Examples = ["peregrine cert show server.crt", "peregrine cert show --within 30 --json *.crt"];
        SetAction(Run);
    }

    private int Run(ParseResult line)
    {
        var items = (line.GetValue(_files) ?? []).SelectMany(file => CertificateFiles.Read(file).Select(certificate => (File: file, Facts: new CertificateFacts(certificate)))).ToList();
        if (line.GetValue(_json))
        {
            _terminal.Output.WriteLine(Terminal.EscapeJson(JsonText.Of(writer =>
            {
                writer.WriteStartArray();
                items.ForEach(item => Write(writer, item.Facts, _time, item.File));
                writer.WriteEndArray();
            })));
        }
        else
        {
            items.ForEach(item => Write(item.File, item.Facts));
        }

        // Without --within, showing never fails.
        return line.GetValue(_within) is { } days && items.Exists(item => item.Facts.Left(_time) <= TimeSpan.FromDays(days)) ? ExitCode.Failure : ExitCode.Success;
    }

    /// <summary>A certificate as a JSON object.</summary>
    internal static void Write(Utf8JsonWriter writer, CertificateFacts facts, TimeProvider time, string? file = null)
    {
        writer.WriteStartObject();
        if (file is not null)
        {
            writer.WriteString("file", file);
        }

        writer.WriteString("subject", facts.Subject);
        writer.WriteString("issuer", facts.Issuer);
        writer.WriteString("serial", facts.Serial);
        WriteList(writer, "names", facts.Names);
        WriteList(writer, "uses", facts.Uses);
        writer.WriteBoolean("isAuthority", facts.IsAuthority);
        writer.WriteString("notBefore", facts.NotBefore);
        writer.WriteString("notAfter", facts.NotAfter);
        writer.WriteNumber("daysLeft", (int)Math.Floor(facts.Left(time).TotalDays));
        writer.WriteString("key", facts.KeyName);
        writer.WriteString("signature", facts.Signature);
        writer.WriteString("sha256", facts.Fingerprint);
        writer.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    private void Write(string file, CertificateFacts facts)
    {
        var output = _terminal.Output;
        var left = facts.TimeProblem(_time) ?? string.Create(CultureInfo.InvariantCulture, $"{(int)facts.Left(_time).TotalDays} days left");
        output.WriteLine(Terminal.Escape(file));
        Row("subject", facts.Subject);
        Row("issuer", facts.IsSelfIssued ? "itself" : facts.Issuer);
        Row("names", facts.Names.Count > 0 ? string.Join(", ", facts.Names) : "none");
        Row("for", facts.IsAuthority ? "signing certificates (an authority)" : facts.Uses.Count > 0 ? string.Join(", ", facts.Uses) : "any use");
        Row("valid", string.Create(CultureInfo.InvariantCulture, $"{facts.NotBefore:yyyy-MM-dd HH:mm} to {facts.NotAfter:yyyy-MM-dd HH:mm} UTC ({left})"));
        Row("key", facts.KeyName + (facts.IsWeak ? " (weak)" : "") + ", signed with " + facts.Signature);
        Row("serial", facts.Serial);
        Row("sha256", facts.Fingerprint);

        void Row(string name, string value) => output.WriteLine($"  {name,-9}{Terminal.Escape(value)}");
    }
}
