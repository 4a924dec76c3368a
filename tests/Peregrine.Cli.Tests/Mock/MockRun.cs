// SPDX-License-Identifier: Apache-2.0

using System.Text.Json;
using Peregrine.Cli.Commands;

namespace Peregrine.Cli.Tests.Mock;

/// <summary><c>peregrine serve --json</c> in this process, on a port of 127.0.0.1, and <c>peregrine call</c> against it.</summary>
internal sealed class MockRun : IAsyncDisposable
{
    /// <summary>What most tests serve, beside the shop.</summary>
    public const string Proto = """
        syntax = "proto3";
        package zoo.v1;
        import "google/protobuf/duration.proto";
        import "google/protobuf/struct.proto";

        service Zoo {
          rpc Admit(Animal) returns (Ticket);
          rpc Count(stream Animal) returns (Ticket);
          rpc Feed(Animal) returns (stream Ticket);
          rpc Talk(stream Animal) returns (stream Ticket);
          rpc Same(Animal) returns (Animal);
        }

        enum Kind { KIND_UNKNOWN = 0; KIND_BIRD = 1; KIND_FISH = 2; }

        message Keeper { string full_name = 1; int32 age = 2; }

        message Animal {
          string name = 1;
          Kind kind = 2;
          int64 weight = 3;
          bool tame = 4;
          repeated string foods = 5;
          map<string, int32> scores = 6;
          Keeper keeper = 7;
          repeated Keeper visitors = 8;
          google.protobuf.Struct notes = 9;
          bytes raw = 10;
          Animal mother = 11;
        }

        message Ticket {
          string name = 1;
          Kind kind = 2;
          int64 weight = 3;
          int32 tame = 4;
          repeated string foods = 5;
          map<string, int32> scores = 6;
          Keeper keeper = 7;
          google.protobuf.Duration wait = 8;
          string label = 9;
        }
        """;

    private readonly CancellationTokenSource _interrupted = new();
    private readonly WatchedWriter _output = new();
    private readonly WatchedWriter _errors = new();
    private Task<int> _run = null!;

    private MockRun()
    {
        Files.Write("zoo.proto", Proto);
        Files.Write("shop.proto", ShopServer.Proto);
    }

    /// <summary>The folder, and the tool as a client.</summary>
    public CommandLine Files { get; } = new();

    /// <summary>The first address that it listens on.</summary>
    public string Address { get; private set; } = "";

    /// <summary>What the server printed.</summary>
    public string Output => _output.ToString();

    /// <summary>What the server printed on standard error.</summary>
    public string Errors => _errors.ToString();

    /// <summary>The events that the server printed.</summary>
    public JsonElement[] Events => [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>The events of calls that ended.</summary>
    public JsonElement[] Calls => [.. Events.Where(each => each.GetProperty("event").GetString() == "call")];

    /// <summary>Starts it with zoo.proto and shop.proto.</summary>
    /// <param name="answers">The text of answers.yaml; null for none.</param>
    /// <param name="args">More arguments; <c>{folder}</c> stands for the folder of the files.</param>
    public static Task<MockRun> StartAsync(string? answers = null, params string[] args) => StartAsync(answers, TimeProvider.System, args);

    /// <summary>Starts it with another clock.</summary>
    public static async Task<MockRun> StartAsync(string? answers, TimeProvider time, params string[] args)
    {
        var run = new MockRun();
        await run.ServeAsync(answers, time, args);
        return run;
    }

    /// <summary>Runs it to its end, which comes by itself: for files with errors.</summary>
    /// <returns>The exit code, and what stood on standard error, the folder's name left away.</returns>
    public static async Task<(int Code, string Errors)> FailAsync(string answers, params string[] args)
    {
        await using var run = new MockRun();
        run.Files.Write("answers.yaml", answers);
        run.Begin(["--answers", run.Files["answers.yaml"], .. args], TimeProvider.System);
        var code = await run._run.WaitAsync(TimeSpan.FromSeconds(60));
        return (code, run.Errors.Replace(run.Files.Folder + Path.DirectorySeparatorChar, ""));
    }

    /// <summary>Calls a method; responses and status are <see cref="Responses"/> and <see cref="Status"/>.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> CallAsync(string method, string data, params string[] args)
    {
        Files.Clear();
        return Files.RunAsync(["call", Address, method, "--json", "-d", data, .. args]);
    }

    /// <summary>The responses of the last call, as JSON without blanks.</summary>
    public string[] Responses => [.. Lines.Where(line => line.StartsWith("{\"message\":")).Select(line => line["{\"message\":".Length..^1])];

    /// <summary>The end of the last call.</summary>
    public JsonElement End => JsonDocument.Parse(Lines[^1]).RootElement;

    /// <summary>The status of the last call: <c>NOT_FOUND: why</c>.</summary>
    public string Status => End.GetProperty("status") is var status && status.GetProperty("code").GetInt32() == 0 ? "OK" : $"{status.GetProperty("name")}: {status.GetProperty("message")}";

    private string[] Lines => Files.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Is done when the server has printed a text.</summary>
    public Task PrintsAsync(string text) => _output.ContainsAsync(text);

    /// <summary>Is done when the server has printed a text on standard error.</summary>
    public Task WarnsAsync(string text) => _errors.ContainsAsync(text);

    /// <summary>Presses Ctrl-C.</summary>
    public void Interrupt() => _interrupted.Cancel();

    /// <summary>The exit code.</summary>
    public Task<int> ExitAsync() => _run.WaitAsync(TimeSpan.FromSeconds(60));

    public async ValueTask DisposeAsync()
    {
        await _interrupted.CancelAsync();
        await _run.WaitAsync(TimeSpan.FromSeconds(60));
        _interrupted.Dispose();
        Files.Dispose();
    }

    private async Task ServeAsync(string? answers, TimeProvider time, string[] args)
    {
        if (answers is not null)
        {
            Files.Write("answers.yaml", answers);
            args = ["--answers", Files["answers.yaml"], .. args];
        }

        Begin(args, time);
        var ready = PrintsAsync("\"ready\"");
        if (await Task.WhenAny(ready, _run) == _run)
        {
            throw new InvalidOperationException($"The server ended with {await _run}: {Errors}");
        }

        await ready;
        Address = Events[0].GetProperty("addresses")[0].GetString()!;
    }

    private void Begin(string[] args, TimeProvider time)
    {
        var terminal = new Terminal(_output, _errors, new ByteStreams(() => new MemoryStream(), () => new MemoryStream()), isInteractive: false, usesColor: false, errorsUseColor: false);
        string[] drain = args.Contains("--drain") ? [] : ["--drain", "20s"];
        string[] all = ["serve", "127.0.0.1:0", "--json", .. drain, "--proto", Files["zoo.proto"], "--proto", Files["shop.proto"], .. args.Select(each => each.Replace("{folder}", Files.Folder))];
        _run = Task.Run(() => DeveloperCommands.RunAsync(all, terminal, _interrupted.Token, time));
    }
}
