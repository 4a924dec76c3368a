// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Cli.Calls;
using Peregrine.Cli.Schema;

namespace Peregrine.Cli.Commands;

/// <summary><c>peregrine call</c>: calls a method of any kind.</summary>
internal sealed class CallCommand : ToolCommand, INamesSymbols
{
    private readonly Argument<string> _address = new("ADDRESS") { Description = "The server, such as localhost:9090, http://host:port, https://host or unix:/path." };
    private readonly Argument<string> _method = new("METHOD") { Description = "The method: package.Service/Method, or with a dot before its name." };
    private readonly Option<string[]> _data = new("--data", "-d")
    {
        Description = "The request, @FILE, or @ for standard input. A method with a stream of requests takes several, one behind the other, and reads standard input "
            + "when nothing is given: each is sent as soon as it is whole. For others nothing means the empty message.",
        HelpName = "DATA",
    };

    private readonly Option<string> _format = new Option<string>("--format") { Description = "How messages are written: json (default) or text; of a stream in text format, --- on a line parts them.", HelpName = "FORMAT", DefaultValueFactory = _ => "json" }
        .AcceptOnlyFromAmong("json", "text");

    private readonly Option<bool> _lines = new("--lines") { Description = "Requests are what --json prints, also where {\"message\": ...} could be a request itself; elsewhere this is recognized." };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON lines for scripts: {\"message\": ...} for each response, then {\"status\": ..., \"headers\": ..., \"trailers\": ...}." };
    private readonly Option<bool> _emitDefaults = new("--emit-defaults") { Description = "Print fields that hold their default, too." };
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Tell on standard error what is called, headers, trailers and times; of a failed call what happened on its connection." };
    private readonly Option<TimeSpan?> _timeout = DurationArgument.Option("--timeout", "The call's deadline, such as 500ms or 2.5s; none by default.", "--deadline");
    private readonly Option<string?> _compression = new Option<string?>("--compression") { Description = "Compress requests: gzip or deflate.", HelpName = "NAME" }.AcceptOnlyFromAmong("gzip", "deflate", "identity");
    private readonly Option<bool> _waitForReady = new("--wait-for-ready") { Description = "Wait for a server that is not there yet, as long as --timeout allows." };
    private readonly SchemaFlags _schema = new();
    private readonly ConnectionFlags _connection = new();
    private readonly Terminal _terminal;

    /// <summary>Makes it.</summary>
    public CallCommand(Terminal terminal)
        : base("call", "Call a method: unary or with streams, with requests in JSON or text format. Exit code 0 for status OK, else 64 + the status, such as 69 for NOT_FOUND.")
    {
        _terminal = terminal;
        Add(_address);
        Add(_method);
        Add(new OptionGroup("Request", [_data, _format, _lines, _timeout, _compression, _waitForReady]));
        Add(new OptionGroup("Output", [_json, _emitDefaults, _verbose]));
        Add(_schema.Group);
        Add(_connection.Group);
        Examples =
        [
            "peregrine call localhost:9090 demo.Greeter/Greet -d '{\"name\": \"world\"}'",
            "peregrine call localhost:9090 demo.Greeter/GreetAll < names.json",
            "peregrine call localhost:9090 demo.Greeter/Greetings --json | peregrine call localhost:9091 demo.Log/Store -d @",
            "peregrine call https://api.example.com demo.Greeter/Greet --token @token.txt --timeout 2s -d @request.json",
            "peregrine call localhost:9090 demo.Greeter.Greet --proto greeter.proto --format text -d 'name: \"world\"'",
        ];
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> CompleteAsync(ParseResult result, CancellationToken cancellationToken)
    {
        if (result.GetResult(_address) is not { Tokens: [var address, ..] } || result.GetResult(_method) is { Tokens.Count: > 0 })
        {
            return [];
        }

        using var connection = ServerConnection.Create(_connection.Read(result, address.Value, _terminal));
        return await SymbolCandidates.OfAsync(_schema.Open(result, connection, _terminal), withServices: false, withMethods: true, cancellationToken).ConfigureAwait(false);
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var settings = new CallSettings
        {
            Requests = new RequestSettings(result.GetValue(_data) ?? [], result.GetValue(_format) == "text" ? MessageText.Text : MessageText.Json, result.GetValue(_lines)),
            Timeout = result.GetValue(_timeout),
            Compression = result.GetValue(_compression),
            WaitForReady = result.GetValue(_waitForReady),
            Verbose = result.GetValue(_verbose),
            Json = result.GetValue(_json),
            EmitsDefaults = result.GetValue(_emitDefaults),
        };
        using var connection = ServerConnection.Create(_connection.Read(result, result.GetValue(_address)!, _terminal));
        var schema = _schema.Open(result, connection, _terminal);
        if (settings.WaitForReady && !_schema.IsLocal(result))
        {
            // The schema comes from the server that is waited for.
            await connection.OpenAsync(waitForReady: true, cancellationToken).ConfigureAwait(false);
        }

        var method = await schema.FindMethodAsync(result.GetValue(_method)!, cancellationToken).ConfigureAwait(false);
        return await new CallRun(connection, schema, method, settings, _terminal).RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
