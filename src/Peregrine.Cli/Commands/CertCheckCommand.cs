// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Cli.Certificates;

namespace Peregrine.Cli.Commands;

/// <summary><c>peregrine cert check</c>: whether clients of gRPC could connect to a live endpoint by TLS, and if not, why.</summary>
internal sealed class CertCheckCommand : ToolCommand
{
    private const int DefaultPort = 443;
    private const int DefaultDays = 14;
    private const double DefaultTimeout = 10;
    private const double MaxTimeout = 86400;
    private const string Good = "32";
    private const string Bad = "31;1";

    private readonly Argument<string> _address = new("ADDRESS") { Description = "HOST:PORT, [IPV6]:PORT or https://HOST:PORT." };
    private readonly Option<string?> _roots = new("--cacert") { Description = "Trust the roots of this file instead of the system's.", HelpName = "FILE" };
    private readonly Option<string[]> _lists = new("--crl") { Description = "Refuse what this revocation list (PEM or DER) revokes, and what no list is of; may be given several times.", HelpName = "FILE" };
    private readonly Option<string?> _certificate = new("--cert") { Description = "The client's certificate, for mutual TLS.", HelpName = "FILE" };
    private readonly Option<string?> _key = new("--key") { Description = "The private key of --cert.", HelpName = "FILE" };
    private readonly Option<string?> _name = new("--servername") { Description = "The name that the certificate must have, if it is not the host.", HelpName = "NAME" };
    private readonly Option<int> _within = new("--within") { Description = "Fail if a certificate expires within so many days; 14 by default.", HelpName = "DAYS", DefaultValueFactory = _ => DefaultDays };
    private readonly Option<double> _timeout = new("--timeout") { Description = "How long it may take; 10 seconds by default.", HelpName = "SECONDS", DefaultValueFactory = _ => DefaultTimeout };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON, for scripts." };
    private readonly Terminal _terminal;
    private readonly TimeProvider _time;

    /// <summary>Makes it.</summary>
    public CertCheckCommand(Terminal terminal, TimeProvider time)
        : base("check", "Check the TLS of a live endpoint: protocol, ALPN, chain, revocation by lists that you have, names, expiry, keys, HTTP/2.")
    {
        _terminal = terminal;
        _time = time;
        Add(_address);
        Add(new OptionGroup("TLS", [_roots, _lists, _certificate, _key, _name]));
        Add(new OptionGroup("Options", [_within, _timeout, _json]));
        Examples = ["peregrine cert check example.com:443", "peregrine cert check localhost:9090 --cacert ca.crt --cert client.crt --key client.key"];
        Validators.Add(result =>
        {
            if (result.GetValue(_certificate) is null != result.GetValue(_key) is null)
            {
                result.AddError("--cert and --key belong together.");
            }
        });
        _timeout.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<double>() is not (> 0 and <= MaxTimeout))
            {
                result.AddError("--timeout takes a number of seconds above 0, at most a day.");
            }
        });
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var (host, port) = ParseAddress(line.GetValue(_address)!);
        using var pair = line.GetValue(_certificate) is { } path ? CertificateFiles.ReadPair(path, line.GetValue(_key)!) : null;
        var check = new EndpointCheck
        {
            Host = host,
            Port = port,
            ServerName = line.GetValue(_name),
            Roots = line.GetValue(_roots) is { } file ? CertificateFiles.Read(file) : null,
            RevocationListPaths = line.GetValue(_lists) ?? [],
            ClientCertificate = pair,
            LeastLeft = TimeSpan.FromDays(line.GetValue(_within)),
            Time = _time,
        };
        var findings = await RunAsync(check, TimeSpan.FromSeconds(line.GetValue(_timeout)), cancellationToken).ConfigureAwait(false);
        return Print(check, findings, line.GetValue(_json));
    }

    private static async Task<IReadOnlyList<EndpointFinding>> RunAsync(EndpointCheck check, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(timeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await check.RunAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            throw new ToolException($"{check.Host}:{check.Port} did not answer within {timeout.TotalSeconds:0.#} s: no TLS server is there, or a firewall drops what is sent.");
        }
    }

    private int Print(EndpointCheck check, IReadOnlyList<EndpointFinding> findings, bool asJson)
    {
        var output = _terminal.Output;
        if (asJson)
        {
            output.WriteLine(Terminal.EscapeJson(JsonText.Of(writer =>
            {
                writer.WriteStartObject();
                writer.WriteBoolean("isGood", findings.All(finding => finding.IsGood));
                writer.WriteStartArray("findings");
                foreach (var finding in findings)
                {
                    writer.WriteStartObject();
                    writer.WriteString("question", finding.Question);
                    writer.WriteBoolean("isGood", finding.IsGood);
                    writer.WriteString("answer", finding.Answer);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteStartArray("certificates");
                foreach (var facts in check.Chain)
                {
                    CertShowCommand.Write(writer, facts, _time);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            })));
        }
        else
        {
            foreach (var finding in findings)
            {
                output.WriteLine($"{(finding.IsGood ? _terminal.Paint("ok  ", Good) : _terminal.Paint("FAIL", Bad))}  {finding.Question,-8}{Terminal.Escape(finding.Answer)}");
            }
        }

        return findings.All(finding => finding.IsGood) ? ExitCode.Success : ExitCode.Failure;
    }

    private static (string Host, int Port) ParseAddress(string address)
    {
        const string scheme = "https://";
        var text = address.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? address : scheme + address;
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Host.Length > 0
            ? (uri.DnsSafeHost, uri.IsDefaultPort ? DefaultPort : uri.Port)
            : throw new ToolException($"\"{address}\" is no address: HOST:PORT, [IPV6]:PORT or https://HOST:PORT.");
    }
}
