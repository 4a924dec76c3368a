// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Cli.Bench;
using Peregrine.Cli.Calls;
using Peregrine.Cli.Schema;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Commands;

/// <summary><c>peregrine bench</c>: makes calls of any kind for some time, and tells how many there were and how long they took.</summary>
internal sealed class BenchCommand : ToolCommand, INamesSymbols
{
    private static readonly TimeSpan DefaultDuration = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DefaultWarmUp = TimeSpan.FromSeconds(1);
    private const int DefaultStreams = 10;

    // Each takes some kB here and there; sockets end long before.
    private const int MostOpen = 1_000_000;

    // More than any generator begins; and times of a schedule must differ.
    private const double MostPerSecond = 10_000_000;

    private readonly Argument<string> _address = new("ADDRESS") { Description = "The server, such as localhost:9090, http://host:port, https://host or unix:/path." };
    private readonly Argument<string> _method = new("METHOD") { Description = "The method: package.Service/Method, or with a dot before its name." };

    private readonly Option<string[]> _data = new("--data", "-d") { Description = "The request, @FILE, or @ for standard input; encoded once. Streams send several in turn. Nothing means the empty message.", HelpName = "DATA" };
    private readonly Option<string> _format = new Option<string>("--format") { Description = "How requests are written: json (default) or text.", HelpName = "FORMAT", DefaultValueFactory = _ => "json" }.AcceptOnlyFromAmong("json", "text");
    private readonly Option<TimeSpan?> _timeout = DurationArgument.Option("--timeout", "The deadline of each call; none by default.", "--deadline");

    private readonly Option<int?> _connections = new("--connections", "-c") { Description = "How many connections; 1 by default.", HelpName = "N" };
    private readonly Option<int?> _streams = new("--streams", "-s") { Description = "Closed loop: how many calls are open at once on each connection, each begun behind the one before; 10 by default.", HelpName = "N" };
    private readonly Option<double?> _rate = new("--rate", "-r") { Description = "Open loop: how many calls begin each second on all connections together, whether earlier ones have ended or not. Latency counts from when a call was due.", HelpName = "N" };
    private readonly Option<bool> _poisson = new("--poisson") { Description = "Calls of --rate come at random times, as those of many users do, instead of evenly." };
    private readonly Option<int?> _seed = new("--seed") { Description = "Where the random times begin; 1 by default.", HelpName = "N" };
    private readonly Option<TimeSpan?> _duration = DurationArgument.Option("--duration", "How long calls count; 10s by default, or as long as --calls take.", "-t");
    private readonly Option<long?> _calls = new("--calls", "-n") { Description = "How many calls count.", HelpName = "N" };
    private readonly Option<TimeSpan?> _warmUp = DurationArgument.OptionWithZero("--warm-up", "How long calls are made before any counts; 1s by default, nothing with --calls.");
    private readonly Option<bool> _raw = new("--raw") { Description = "Call straight on the HTTP/2 core, with header block and messages encoded once: costs least here, so that the server is what is measured." };

    private readonly Option<long?> _messages = new("--messages") { Description = "How many messages each stream sends; until the end by default.", HelpName = "N" };
    private readonly Option<double?> _messageRate = new("--messages-per-second", "-m") { Description = "How many messages each stream sends in a second; as fast as flow control, or --in-flight, allows by default. Latency counts from when a message was due.", HelpName = "N" };
    private readonly Option<int?> _inFlight = new("--in-flight") { Description = "How many messages of a stream both ways may be unanswered; 1, ping-pong, by default.", HelpName = "N" };

    private readonly Option<bool> _json = new("--json") { Description = "Print the result as JSON, with the histograms." };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "Write the result as JSON to a file, too: for bench-compare and --baseline.", HelpName = "FILE" };
    private readonly Option<string?> _html = new("--html") { Description = "Write a report with charts: one file that needs no other.", HelpName = "FILE" };
    private readonly Option<string?> _baseline = new("--baseline") { Description = "Compare with the result in a file of --output.", HelpName = "FILE" };
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Tell on standard error how it goes, a line for each interval." };
    private readonly SchemaFlags _schema = new();
    private readonly ConnectionFlags _connection = new();
    private readonly Terminal _terminal;

    /// <summary>Makes it.</summary>
    public BenchCommand(Terminal terminal)
        : base("bench", "Make calls of any kind for some time, and tell how many there were and how long they took. Exit code 0 when all ended with OK, else 64 + the most frequent other status; 78 when nothing was answered.")
    {
        _terminal = terminal;
        Add(_address);
        Add(_method);
        Add(new OptionGroup("Load", [_connections, _streams, _rate, _poisson, _seed, _duration, _calls, _warmUp, _raw]));
        Add(new OptionGroup("Streams of requests", [_messages, _messageRate, _inFlight]));
        Add(new OptionGroup("Request", [_data, _format, _timeout]));
        Add(new OptionGroup("Output", [_json, _output, _html, _baseline, _verbose]));
        Add(_schema.Group);
        Add(_connection.Group);
        Examples =
        [
            "peregrine bench localhost:9090 demo.Greeter/Greet -d '{\"name\": \"world\"}' --streams 100",
            "peregrine bench localhost:9090 demo.Greeter/Greet --rate 5000 --duration 1m --html report.html",
            "peregrine bench localhost:9090 demo.Chat/Talk --streams 1000 --messages-per-second 10 -o after.json --baseline before.json",
            "peregrine bench localhost:9090 demo.Greeter/Greet --raw --streams 100",
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
        var settings = _connection.Read(result, result.GetValue(_address)!, _terminal);

        // Before minutes of calls, not behind them.
        var baseline = result.GetValue(_baseline) is { } path ? ResultJson.Read(path) : null;
        using var output = ResultFile.Open(_output.Name, result.GetValue(_output));
        using var html = ResultFile.Open(_html.Name, result.GetValue(_html));
        var plan = await PlanAsync(result, settings, cancellationToken).ConfigureAwait(false);
        var window = new RunWindow(TimeProvider.System, plan.WarmUp, plan.Duration, plan.Calls);

        // Where standard error shows colours, it knows how to erase a line, too.
        var rewrites = _terminal.IsInteractive && _terminal.ErrorsUseColor && !result.GetValue(_json) && !result.GetValue(_verbose);
        var progress = new ProgressLine(_terminal, rewrites, plan.Duration);
        var found = await RunAsync(plan, window, rewrites || result.GetValue(_verbose) ? progress.Write : static _ => { }, cancellationToken).ConfigureAwait(false);
        progress.Erase();
        if (output is not null)
        {
            await output.WriteAsync(ResultJson.Write(found)).ConfigureAwait(false);
        }

        if (html is not null)
        {
            await html.WriteAsync(HtmlReport.Write(found, baseline)).ConfigureAwait(false);
        }

        if (result.GetValue(_json))
        {
            await _terminal.Output.WriteLineAsync(ResultJson.Write(found)).ConfigureAwait(false);
        }
        else
        {
            ResultText.Write(found, _terminal);
            if (baseline is not null)
            {
                await _terminal.Output.WriteLineAsync().ConfigureAwait(false);
                RunComparison.Of(baseline, found).Write(_terminal);
            }
        }

        return found.Code;
    }

    private static async Task<RunResult> RunAsync(BenchPlan plan, RunWindow window, Action<TimelinePoint> progress, CancellationToken cancellationToken)
    {
        if (plan.Raw)
        {
            using var raw = new RawLoad(plan, window);
            return await new LoadRun(plan, window, raw, progress).RunAsync(cancellationToken).ConfigureAwait(false);
        }

        using var load = new ClientLoad(plan, window);
        return await new LoadRun(plan, window, load, progress).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<BenchPlan> PlanAsync(ParseResult result, ConnectionSettings settings, CancellationToken cancellationToken)
    {
        using var connection = ServerConnection.Create(settings);
        var schema = _schema.Open(result, connection, _terminal);
        var method = await schema.FindMethodAsync(result.GetValue(_method)!, cancellationToken).ConfigureAwait(false);
        var calls = Positive(result, _calls);
        var plan = new BenchPlan
        {
            Service = method.Service.FullName,
            Method = method.Name,
            Kind = (method.IsClientStreaming, method.IsServerStreaming) switch
            {
                (false, false) => MethodType.Unary,
                (false, true) => MethodType.ServerStreaming,
                (true, false) => MethodType.ClientStreaming,
                _ => MethodType.DuplexStreaming,
            },
            Connection = settings,
            Requests = await EncodeAsync(result, method, schema, cancellationToken).ConfigureAwait(false),
            Raw = result.GetValue(_raw),
            Connections = Positive(result, _connections) ?? 1,
            Streams = Positive(result, _streams) ?? DefaultStreams,
            Rate = Rate(result, _rate),
            Poisson = result.GetValue(_poisson),
            Seed = result.GetValue(_seed) ?? 1,
            Calls = calls,
            Duration = result.GetValue(_duration) ?? (calls is null ? DefaultDuration : null),
            WarmUp = result.GetValue(_warmUp) ?? (calls is null ? DefaultWarmUp : TimeSpan.Zero),
            Messages = Positive(result, _messages),
            MessageRate = Rate(result, _messageRate),
            InFlight = Positive(result, _inFlight) ?? 1,
            Timeout = result.GetValue(_timeout),
        };
        Check(result, plan, method.FullName);
        return plan;
    }

    private void Check(ParseResult result, BenchPlan plan, string method)
    {
        if (plan.Raw && plan.Connection.Credentials is not null)
        {
            throw new ToolException("--raw encodes its headers once and takes no token of --oauth2-url. Get one beforehand and give it by --token, or leave --raw away.", ExitCode.Usage);
        }

        if (plan.Rate is not null && result.GetValue(_streams) is not null)
        {
            throw new ToolException("--streams is how many calls of a closed loop are open at once; with --rate calls begin when they are due. Leave one away.", ExitCode.Usage);
        }

        if (plan.Rate is not null && plan.MessageRate is not null)
        {
            throw new ToolException("--messages-per-second is for streams of a closed loop. Say how many with --streams, and leave --rate away.", ExitCode.Usage);
        }

        if ((long)plan.Connections * (plan.Rate is null ? plan.Streams : 1) > MostOpen)
        {
            throw new ToolException($"{plan.Connections} connections with {plan.Streams} calls each are more than {MostOpen} at once: say less by --connections and --streams.", ExitCode.Usage);
        }

        if (plan.MessageRate * plan.Connections * plan.Streams > MostPerSecond)
        {
            throw new ToolException($"--messages-per-second {plan.MessageRate} on each of {plan.Connections} x {plan.Streams} streams is more than {MostPerSecond:0} a second.", ExitCode.Usage);
        }

        if (plan.Rate is null && (plan.Poisson || result.GetValue(_seed) is not null))
        {
            throw new ToolException("--poisson and --seed say when calls of --rate begin: say --rate, too.", ExitCode.Usage);
        }

        if (!plan.StreamsRequests && (plan.Messages is not null || plan.MessageRate is not null || result.GetValue(_inFlight) is not null))
        {
            throw new ToolException($"--messages, --messages-per-second and --in-flight are for streams of requests, and {method} takes one request.", ExitCode.Usage);
        }

        if (plan.MessageRate is not null && result.GetValue(_inFlight) is not null)
        {
            throw new ToolException("--in-flight is how many messages wait for their answers; with --messages-per-second they go out when they are due. Leave one away.", ExitCode.Usage);
        }

        if (plan.StreamsRequests && plan.Messages is null && plan.Duration is null)
        {
            throw new ToolException($"The streams of {method} would have no end: say --messages or --duration beside --calls.", ExitCode.Usage);
        }
    }

    private static T? Positive<T>(ParseResult result, Option<T?> option)
        where T : struct, IComparable<T> =>
        result.GetValue(option) is { } value && value.CompareTo(default) <= 0
            ? throw new ToolException($"{option.Name} {value} is not more than zero.", ExitCode.Usage)
            : result.GetValue(option);

    private static double? Rate(ParseResult result, Option<double?> option) =>
        Positive(result, option) is { } rate && !(rate <= MostPerSecond)
            ? throw new ToolException($"{option.Name} {rate} is more than {MostPerSecond:0} a second.", ExitCode.Usage)
            : Positive(result, option);

    private async Task<IReadOnlyList<byte[]>> EncodeAsync(ParseResult result, MethodDescriptor method, SchemaSource schema, CancellationToken cancellationToken)
    {
        if (result.GetValue(_data) is not { Length: > 0 } data)
        {
            return [[]];
        }

        var settings = new RequestSettings(data, result.GetValue(_format) == "text" ? MessageText.Text : MessageText.Json);
        List<byte[]> requests = [];
        await foreach (var request in new Requests(settings, method, schema, _terminal.Streams).ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            requests.Add(request.ToByteArray());
        }

        return requests.Count > 0 ? requests : [[]];
    }
}
