// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Protobuf.Compiler.Diagnostics;

namespace Peregrine.Cli.Certificates;

/// <summary><c>peregrine cert check</c>: whether clients of gRPC could connect to a live endpoint by TLS, and if not, why.</summary>
internal static class CertCheckCommand
{
    private const int DefaultPort = 443;
    private const int DefaultDays = 14;
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The command.</summary>
    /// <param name="time">The clock.</param>
    public static Command Create(TimeProvider time)
    {
        var address = new Argument<string>("address") { Description = "HOST:PORT, or https://HOST:PORT." };
        var roots = new Option<string>("--cacert") { Description = "A file of roots to trust instead of the system's." };
        var certificate = new Option<string>("--cert") { Description = "The client's certificate, under mutual TLS." };
        var key = new Option<string>("--key") { Description = "The private key of --cert." };
        var name = new Option<string>("--servername") { Description = "The name that the certificate must have, if not the host." };
        var within = new Option<int>("--within") { Description = "Fail if a certificate expires within so many days.", DefaultValueFactory = _ => DefaultDays };
        var timeout = new Option<double>("--timeout") { Description = "How many seconds it may take.", DefaultValueFactory = _ => DefaultTimeout.TotalSeconds };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("check", "Check the TLS of a live endpoint: protocol, ALPN, chain, names, expiry, keys.") { address, roots, certificate, key, name, within, timeout, json };
        command.Validators.Add(result =>
        {
            if (result.GetResult(certificate) is null != result.GetResult(key) is null)
            {
                result.AddError("--cert and --key belong together.");
            }
        });
        command.SetAction(async (line, cancellationToken) =>
        {
            try
            {
                var (host, port) = ParseAddress(address.Of(line));
                using var pair = line.GetValue(certificate) is { } path ? CertificateFiles.ReadPair(path, line.GetValue(key)!) : null;
                var check = new EndpointCheck
                {
                    Host = host,
                    Port = port,
                    ServerName = line.GetValue(name),
                    Roots = line.GetValue(roots) is { } file ? CertificateFiles.Read(file) : null,
                    ClientCertificate = pair,
                    LeastLeft = TimeSpan.FromDays(line.GetValue(within)),
                    Time = time,
                };
                return Print(line, check, await RunAsync(check, TimeSpan.FromSeconds(line.GetValue(timeout)), time, cancellationToken), line.GetValue(json), time);
            }
            catch (CertificateException e)
            {
                return CertCommand.Report(line, () => throw e);
            }
        });
        return command;
    }

    private static async Task<IReadOnlyList<EndpointFinding>> RunAsync(EndpointCheck check, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await check.RunAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            throw new CertificateException($"{check.Host}:{check.Port} did not answer within {timeout.TotalSeconds:0.#} s: no TLS server is there, or a firewall drops what is sent.");
        }
    }

    private static int Print(ParseResult line, EndpointCheck check, IReadOnlyList<EndpointFinding> findings, bool asJson, TimeProvider time)
    {
        var output = line.InvocationConfiguration.Output;
        if (asJson)
        {
            output.WriteLine(JsonText.Of(writer =>
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
                    CertShowCommand.Write(writer, facts, time);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }));
        }
        else
        {
            foreach (var finding in findings)
            {
                output.WriteLine($"{(finding.IsGood ? "ok  " : "FAIL")}  {finding.Question,-8}{DisplayText.OneLine(finding.Answer)}");
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
            : throw new CertificateException($"\"{address}\" is no address: HOST:PORT, [IPV6]:PORT or https://HOST:PORT.");
    }
}
