// SPDX-License-Identifier: Apache-2.0

using System;
using System.CommandLine;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Cli.Mock;

namespace Peregrine.Cli.Commands;

/// <summary><c>peregrine serve</c>: a mock server of services that are known by their .proto files only.</summary>
internal sealed class ServeCommand : ToolCommand
{
    private const string DefaultAddress = "localhost:9090";
    private const int DefaultMaxMessageSize = 64 << 20;
    private static readonly TimeSpan DefaultDrain = TimeSpan.FromSeconds(10);

    private readonly Argument<string[]> _addresses = new("ADDRESS")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "Where to listen: host:port, *:port, [::]:port or unix:/path; several are possible, port 0 lets the system choose. localhost:9090 by default.",
    };

    private readonly Option<string?> _answers = new("--answers", "-a") { Description = "Answer by the rules of this file, YAML or JSON.", HelpName = "FILE" };
    private readonly Option<bool> _echo = new("--echo") { Description = "Without a rule, copy to the response what the request has by the same names and types; else it is empty." };
    private readonly Option<bool> _watch = new("--watch") { Description = "Read the files again when they change; running calls go on, and nothing changes while there are errors." };
    private readonly Option<int?> _seed = new("--seed") { Description = "Choose the same way each time where rules leave it to chance.", HelpName = "NUMBER" };
    private readonly Option<string?> _certificate = new("--cert", "--tls-cert") { Description = "Use TLS with this certificate chain (PEM), and --key; read again when it changes, for new connections.", HelpName = "FILE" };
    private readonly Option<string?> _key = new("--key", "--tls-key") { Description = "The private key of --cert (PEM).", HelpName = "FILE" };
    private readonly Option<string?> _clientCa = new("--client-ca", "--tls-client-ca") { Description = "Mutual TLS: take clients only with a certificate of these authorities (PEM).", HelpName = "FILE" };
    private readonly Option<int?> _maxMessageSize = new("--max-message-size") { Description = "The largest request to accept, in bytes; 64 MiB by default, 0 for no limit.", HelpName = "BYTES" };
    private readonly Option<TimeSpan?> _drain = DurationArgument.OptionWithZero("--drain", "How long running calls may go on at the end; 10s by default.");
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON lines for scripts: {\"event\": \"ready\", \"addresses\": [...]}, then {\"event\": \"call\", ...} for each call." };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Print no line for each call." };
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Print metadata and messages, too." };
    private readonly SchemaFlags _schema = new("Schema (needed)");
    private readonly Terminal _terminal;
    private readonly TimeProvider _time;

    /// <summary>Makes it.</summary>
    public ServeCommand(Terminal terminal, TimeProvider time)
        : base("serve", "Serve what .proto files describe: a mock server with canned or templated answers, delays, errors and faults. Reflection and health are on.")
    {
        _terminal = terminal;
        _time = time;
        Add(_addresses);
        Add(_schema.Group);
        Add(new OptionGroup("Answers", [_answers, _echo, _watch, _seed]));
        Add(new OptionGroup("Server", [_certificate, _key, _clientCa, _maxMessageSize, _drain]));
        Add(new OptionGroup("Output", [_json, _quiet, _verbose]));
        Examples =
        [
            "peregrine serve --proto greeter.proto --echo",
            "peregrine serve localhost:9090 --proto protos/ --answers answers.yaml --watch",
            "peregrine serve 127.0.0.1:0 unix:/tmp/mock.sock --descriptor-set api.binpb --json",
            "peregrine serve *:9443 --proto protos/ --cert server.crt --key server.key --client-ca ca.crt",
        ];
        Validators.Add(result =>
        {
            if (result.GetValue(_certificate) is null != result.GetValue(_key) is null)
            {
                result.AddError("--cert and --key belong together.");
            }
            else if (result.GetValue(_clientCa) is not null && result.GetValue(_certificate) is null)
            {
                result.AddError("--client-ca needs the server's own --cert and --key.");
            }

            if (result.GetValue(_maxMessageSize) is < 0)
            {
                result.AddError("--max-message-size is negative.");
            }

            if (result.GetValue(_quiet) && result.GetValue(_verbose))
            {
                result.AddError("--quiet and --verbose exclude each other.");
            }
        });
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        if (!_schema.IsLocal(result))
        {
            throw new ToolException("Say what to serve: --proto PATH or --descriptor-set FILE.", ExitCode.Usage);
        }

        var settings = new ServeSettings
        {
            Addresses = result.GetValue(_addresses) is { Length: > 0 } addresses ? addresses : [DefaultAddress],
            OpenSchema = () => _schema.OpenLocal(result, _terminal),
            SchemaPaths = _schema.Paths(result),
            ImportFolders = () => _schema.ImportFolders(result),
            Credentials = Credentials(result),
            AnswersPath = result.GetValue(_answers),
            Echoes = result.GetValue(_echo),
            Watches = result.GetValue(_watch),
            Seed = result.GetValue(_seed),
            MaxMessageSize = (result.GetValue(_maxMessageSize) ?? DefaultMaxMessageSize) is > 0 and var size ? size : null,
            Drain = result.GetValue(_drain) ?? DefaultDrain,
            Json = result.GetValue(_json),
            IsQuiet = result.GetValue(_quiet),
            Verbose = result.GetValue(_verbose),
        };

        // Who runs it in the background ends it by SIGTERM, as containers do: the same as Ctrl-C.
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = !stopped.IsCancellationRequested;
            stopped.Cancel();
        });
        return await new ServeRun(settings, _terminal, _time).RunAsync(stopped.Token).ConfigureAwait(false);
    }

    private ServerCredentials Credentials(ParseResult result)
    {
        if (result.GetValue(_certificate) is not { } certificate)
        {
            return ServerCredentials.Insecure;
        }

        var options = new SslServerCredentialsOptions { Certificates = { CertificateSource.FromPemFiles(certificate, result.GetValue(_key)!) } };
        if (result.GetValue(_clientCa) is { } authorities)
        {
            options.ClientCertificateRequest = SslClientCertificateRequestType.RequestAndRequireAndVerify;
            options.ClientTrust = new CertificateTrust { RootCertificatesPath = authorities };
        }

        // Read when it listens, and again when they change.
        return SslServerCredentials.FromOptions(options);
    }
}
