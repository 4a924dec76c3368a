// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Peregrine.Cli.Certificates;

namespace Peregrine.Cli.Commands;

/// <summary><c>peregrine cert show</c>: what is in files of certificates and revocation lists.</summary>
internal sealed class CertShowCommand : ToolCommand
{
    // More serial numbers are for scripts.
    private const int MaxRevoked = 20;

    private readonly Argument<string[]> _files = new("FILES") { Description = "Files of certificates and revocation lists, PEM or DER.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<int?> _within = new("--within") { Description = "Fail if one of them expires within so many days, or has expired; a list: if the next one is due.", HelpName = "DAYS" };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON, for scripts." };
    private readonly Terminal _terminal;
    private readonly TimeProvider _time;

    /// <summary>Makes it.</summary>
    public CertShowCommand(Terminal terminal, TimeProvider time)
        : base("show", "Show the certificates and revocation lists of files: whose, for which names and uses, what is revoked, until when.")
    {
        _terminal = terminal;
        _time = time;
        Add(_files);
        Add(new OptionGroup("Options", [_within, _json]));
        Examples = ["peregrine cert show server.crt", "peregrine cert show --within 30 --json *.crt", "peregrine cert show ca.crl"];
        SetAction(Run);
    }

    private int Run(ParseResult line)
    {
        var files = (line.GetValue(_files) ?? []).Select(file => (Name: file, Contents: CertificateFiles.ReadAll(file)))
            .Select(file => (file.Name, Certificates: file.Contents.Certificates.Select(each => new CertificateFacts(each)).ToList(), file.Contents.Lists)).ToList();
        if (line.GetValue(_json))
        {
            _terminal.Output.WriteLine(Terminal.EscapeJson(JsonText.Of(writer =>
            {
                writer.WriteStartArray();
                foreach (var (name, certificates, lists) in files)
                {
                    certificates.ForEach(facts => Write(writer, facts, _time, name));
                    foreach (var facts in lists)
                    {
                        Write(writer, facts, name);
                    }
                }

                writer.WriteEndArray();
            })));
        }
        else
        {
            foreach (var (name, certificates, lists) in files)
            {
                certificates.ForEach(facts => Write(name, facts));
                foreach (var facts in lists)
                {
                    Write(name, facts);
                }
            }
        }

        // Without --within, showing never fails.
        return line.GetValue(_within) is { } days
            && files.Exists(file => file.Certificates.Exists(facts => facts.Left(_time) <= TimeSpan.FromDays(days)) || file.Lists.Any(facts => facts.Left(_time) <= TimeSpan.FromDays(days)))
            ? ExitCode.Failure : ExitCode.Success;
    }

    /// <summary>A certificate as a JSON object.</summary>
    internal static void Write(Utf8JsonWriter writer, CertificateFacts facts, TimeProvider time, string? file = null)
    {
        writer.WriteStartObject();
        if (file is not null)
        {
            writer.WriteString("file", file);
        }

        writer.WriteString("type", "certificate");
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

    private void Write(Utf8JsonWriter writer, RevocationListFacts facts, string file)
    {
        writer.WriteStartObject();
        writer.WriteString("file", file);
        writer.WriteString("type", "revocationList");
        writer.WriteString("issuer", facts.Issuer);
        writer.WriteString("number", facts.Number);
        writer.WriteString("thisUpdate", facts.ThisUpdate);
        if (facts.NextUpdate is { } next)
        {
            writer.WriteString("nextUpdate", next);
            writer.WriteNumber("daysLeft", (int)Math.Floor(facts.Left(_time)!.Value.TotalDays));
        }

        WriteList(writer, "scope", facts.Scope);
        writer.WriteString("signature", facts.Signature);
        writer.WriteString("sha256", facts.Fingerprint);
        writer.WriteStartArray("revoked");
        foreach (var revoked in facts.Revoked)
        {
            writer.WriteStartObject();
            writer.WriteString("serial", revoked.Serial);
            writer.WriteString("date", revoked.Date);
            if (revoked.Reason is { } reason)
            {
                writer.WriteString("reason", reason);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
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
    }

    private void Write(string file, RevocationListFacts facts)
    {
        _terminal.Output.WriteLine($"{Terminal.Escape(file)} (revocation list)");
        Row("issuer", facts.Issuer);
        Row("number", facts.Number ?? "none");
        Row("valid", string.Create(CultureInfo.InvariantCulture, $"from {facts.ThisUpdate:yyyy-MM-dd HH:mm} UTC, {UntilOf(facts)}"));
        foreach (var part in facts.Scope)
        {
            Row("scope", part);
        }

        Row("signed", "with " + facts.Signature);
        Row("sha256", facts.Fingerprint);
        Row("revoked", facts.Revoked.Count == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"{facts.Revoked.Count} certificates"));
        foreach (var revoked in facts.Revoked.Take(MaxRevoked))
        {
            Row("", string.Create(CultureInfo.InvariantCulture, $"{revoked.Serial}  {revoked.Date:yyyy-MM-dd HH:mm} UTC{(revoked.Reason is { } reason ? "  " + reason : "")}"));
        }

        if (facts.Revoked.Count > MaxRevoked)
        {
            Row("", string.Create(CultureInfo.InvariantCulture, $"and {facts.Revoked.Count - MaxRevoked} more; --json has all"));
        }
    }

    private string UntilOf(RevocationListFacts facts) => (facts.NextUpdate, facts.Left(_time)) switch
    {
        ({ } next, { } left) when left >= TimeSpan.Zero => string.Create(CultureInfo.InvariantCulture, $"the next by {next:yyyy-MM-dd HH:mm} UTC ({(int)left.TotalDays} days left)"),
        ({ } next, _) => string.Create(CultureInfo.InvariantCulture, $"out of date: the next was due on {next:yyyy-MM-dd HH:mm} UTC"),
        _ => "without an end",
    };

    private void Row(string name, string value) => _terminal.Output.WriteLine($"  {name,-9}{Terminal.Escape(value)}");
}
