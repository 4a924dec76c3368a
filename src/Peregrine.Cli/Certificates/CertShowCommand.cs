// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Peregrine.Protobuf.Compiler.Diagnostics;

namespace Peregrine.Cli.Certificates;

/// <summary><c>peregrine cert show</c>: what is in files of certificates.</summary>
internal static class CertShowCommand
{
    /// <summary>The command.</summary>
    /// <param name="time">The clock.</param>
    public static Command Create(TimeProvider time)
    {
        var files = new Argument<string[]>("files") { Description = "Files of certificates, PEM or DER.", Arity = ArgumentArity.OneOrMore };
        var within = new Option<int>("--within") { Description = "Fail if one of them expires within so many days, or has expired." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("show", "Show the certificates of files: whose, for which names and uses, until when.") { files, within, json };
        command.SetAction(line => CertCommand.Report(line, () =>
        {
            var items = (line.GetValue(files) ?? []).SelectMany(file => CertificateFiles.Read(file).Select(certificate => (File: file, Facts: new CertificateFacts(certificate)))).ToList();
            var output = line.InvocationConfiguration.Output;
            if (line.GetValue(json))
            {
                output.WriteLine(JsonText.Of(writer =>
                {
                    writer.WriteStartArray();
                    items.ForEach(item => Write(writer, item.Facts, time, item.File));
                    writer.WriteEndArray();
                }));
            }
            else
            {
                items.ForEach(item => Write(output, item.File, item.Facts, time));
            }

            // Without --within, showing never fails.
            var limit = line.GetResult(within) is null ? TimeSpan.MinValue : TimeSpan.FromDays(line.GetValue(within));
            return items.TrueForAll(item => item.Facts.Left(time) > limit) ? ExitCode.Success : ExitCode.Failure;
        }));
        return command;
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

    private static void Write(TextWriter output, string file, CertificateFacts facts, TimeProvider time)
    {
        var left = facts.TimeProblem(time) ?? string.Create(CultureInfo.InvariantCulture, $"{(int)facts.Left(time).TotalDays} days left");
        output.WriteLine(file);
        Row("subject", facts.Subject);
        Row("issuer", facts.IsSelfIssued ? "itself" : facts.Issuer);
        Row("names", facts.Names.Count > 0 ? string.Join(", ", facts.Names) : "none");
        Row("for", facts.IsAuthority ? "signing certificates (an authority)" : facts.Uses.Count > 0 ? string.Join(", ", facts.Uses) : "any use");
        Row("valid", string.Create(CultureInfo.InvariantCulture, $"{facts.NotBefore:yyyy-MM-dd HH:mm} to {facts.NotAfter:yyyy-MM-dd HH:mm} UTC ({left})"));
        Row("key", facts.KeyName + (facts.IsWeak ? " (weak)" : "") + ", signed with " + facts.Signature);
        Row("serial", facts.Serial);
        Row("sha256", facts.Fingerprint);

        void Row(string name, string value) => output.WriteLine($"  {name,-9}{DisplayText.OneLine(value)}");
    }
}
