// SPDX-License-Identifier: Apache-2.0

using System.Text.Json;
using Xunit;

namespace Peregrine.Cli.Tests.Bench;

/// <summary><c>peregrine bench</c> against a server of this process.</summary>
public sealed class BenchCommandTests : IAsyncLifetime
{
    private readonly CommandLine _line = new();
    private ShopServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _line.Write("shop.proto", ShopServer.Proto);
        _server = await ShopServer.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _line.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("--raw")]
    public async Task A_number_of_unary_calls_is_made_and_told(string mode)
    {
        Assert.Equal(0, await BenchAsync("Buy", mode, "-n", "300", "-c", "2", "-s", "5", "-d", """{"item": "tea", "count": 2}"""));
        Assert.StartsWith($"shop.v1.Shop/Buy at {_server.Address}\n", _line.Output);
        Assert.Contains("  calls       300, ", _line.Output);
        Assert.Contains("  sent        300 messages, ", _line.Output);
        Assert.Contains("  received    300 messages, ", _line.Output);
        Assert.Contains("  99.9 %", _line.Output);
        Assert.DoesNotContain("Statuses", _line.Output);
        Assert.Equal("", _line.Errors);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--raw")]
    public async Task For_scripts_the_result_is_JSON_whose_histogram_counts_each_call(string mode)
    {
        Assert.Equal(0, await BenchAsync("Buy", mode, "-n", "200", "--json", "-d", """{"item": "tea"}"""));
        var result = JsonDocument.Parse(_line.Output).RootElement;
        Assert.Equal(200, result.GetProperty("calls").GetInt64());
        Assert.Equal(0, result.GetProperty("failed").GetInt64());
        Assert.Equal(200, result.GetProperty("latency").GetProperty("buckets").EnumerateArray().Sum(bucket => bucket[1].GetInt64()));
        Assert.Equal(200, result.GetProperty("statuses")[0].GetProperty("calls").GetInt64());
        Assert.Equal("closed", result.GetProperty("settings").GetProperty("loop").GetString());
        var latency = result.GetProperty("latency");
        Assert.InRange(latency.GetProperty("p99").GetInt64(), latency.GetProperty("p50").GetInt64(), latency.GetProperty("max").GetInt64());

        // The item's octets and those around it, five for "tea".
        Assert.Equal(200 * 5, result.GetProperty("sent").GetProperty("bytes").GetInt64());
    }

    [Theory]
    [InlineData("")]
    [InlineData("--raw")]
    public async Task A_time_of_calls_is_measured_behind_a_warm_up(string mode)
    {
        Assert.Equal(0, await BenchAsync("Buy", mode, "-t", "400ms", "--warm-up", "100ms", "--json"));
        var result = JsonDocument.Parse(_line.Output).RootElement;
        Assert.Equal(0.4, result.GetProperty("seconds").GetDouble(), 1e-6);
        var calls = result.GetProperty("calls").GetInt64();
        Assert.InRange(calls, 1, long.MaxValue);
        Assert.Equal(calls / 0.4, result.GetProperty("callsPerSecond").GetDouble(), 1);
        Assert.Equal(calls, result.GetProperty("timeline").EnumerateArray().Sum(point => point.GetProperty("calls").GetInt64()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--raw")]
    public async Task Calls_that_fail_are_counted_by_status_and_the_exit_code_is_that_of_the_status(string mode)
    {
        Assert.Equal(69, await BenchAsync("Buy", mode, "-n", "20", "-d", """{"item": "escape"}"""));
        Assert.Contains("20 failed", _line.Output);
        Assert.Contains("  NOT_FOUND  20  no \uFFFD[31mred", _line.Output);
        Assert.DoesNotContain('\u001b', _line.Output);
        Assert.DoesNotContain('\u202e', _line.Output);
        Assert.Contains("Latency of calls that failed", _line.Output);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("", "--poisson")]
    [InlineData("--raw", "")]
    public async Task An_open_loop_keeps_its_schedule(string mode, string arrivals)
    {
        Assert.Equal(0, await BenchAsync("Buy", mode, "--rate", "500", arrivals, "-n", "100", "-c", "2", "--json"));
        var result = JsonDocument.Parse(_line.Output).RootElement;
        Assert.Equal(100, result.GetProperty("calls").GetInt64());
        Assert.Equal(100, result.GetProperty("scheduleLag").GetProperty("count").GetInt64());
        Assert.Equal("open", result.GetProperty("settings").GetProperty("loop").GetString());

        // 100 calls at 500 a second cannot be over in less, unless they come at random.
        Assert.InRange(result.GetProperty("seconds").GetDouble(), arrivals.Length > 0 ? 0.1 : 0.198, 60);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--raw")]
    public async Task The_messages_of_a_servers_streams_are_counted(string mode)
    {
        Assert.Equal(0, await BenchAsync("Watch", mode, "-n", "10", "-s", "3", "--json", "-d", """{"item": "tea", "count": 40}"""));
        var result = JsonDocument.Parse(_line.Output).RootElement;
        Assert.Equal(10, result.GetProperty("calls").GetInt64());
        Assert.Equal(10, result.GetProperty("sent").GetProperty("messages").GetInt64());
        Assert.Equal(400, result.GetProperty("received").GetProperty("messages").GetInt64());
        Assert.Equal(10, result.GetProperty("messageLatency").GetProperty("count").GetInt64());
    }

    [Theory]
    [InlineData("")]
    [InlineData("--raw")]
    public async Task Streams_that_only_the_server_would_end_are_no_failures(string mode)
    {
        Assert.Equal(0, await BenchAsync("Watch", mode, "-t", "100ms", "--warm-up", "0", "-s", "3", "--json", "-d", """{"item": "forever", "count": 1}"""));
        var result = JsonDocument.Parse(_line.Output).RootElement;
        Assert.Equal(0, result.GetProperty("failed").GetInt64());
        Assert.Empty(result.GetProperty("statuses").EnumerateArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("--raw")]
    public async Task The_messages_of_a_clients_streams_are_sent(string mode)
    {
        Assert.Equal(0, await BenchAsync("Fill", mode, "-n", "10", "--messages", "25", "--json", "-d", """{"item": "a"} {"item": "b"}"""));
        var result = JsonDocument.Parse(_line.Output).RootElement;
        Assert.Equal(10, result.GetProperty("calls").GetInt64());
        Assert.Equal(250, result.GetProperty("sent").GetProperty("messages").GetInt64());
        Assert.Equal(10, result.GetProperty("received").GetProperty("messages").GetInt64());
    }

    [Theory]
    [InlineData("", "1")]
    [InlineData("", "4")]
    [InlineData("--raw", "1")]
    [InlineData("--raw", "4")]
    public async Task Each_message_of_a_stream_both_ways_is_answered_and_has_a_latency(string mode, string inFlight)
    {
        Assert.Equal(0, await BenchAsync("Chat", mode, "-n", "6", "-s", "2", "--messages", "20", "--in-flight", inFlight, "--json", "-d", """{"item": "a"}"""));
        var result = JsonDocument.Parse(_line.Output).RootElement;
        Assert.Equal(6, result.GetProperty("calls").GetInt64());
        Assert.Equal(120, result.GetProperty("sent").GetProperty("messages").GetInt64());
        Assert.Equal(120, result.GetProperty("received").GetProperty("messages").GetInt64());
        Assert.Equal(120, result.GetProperty("messageLatency").GetProperty("count").GetInt64());
    }

    [Theory]
    [InlineData("")]
    [InlineData("--raw")]
    public async Task Streams_send_at_their_rate_until_the_end(string mode)
    {
        Assert.Equal(0, await BenchAsync("Chat", mode, "-c", "2", "-s", "5", "--messages-per-second", "50", "-t", "400ms", "--warm-up", "1ms", "--json", "-d", """{"item": "a"}"""));
        var result = JsonDocument.Parse(_line.Output).RootElement;

        // Ten streams at 50 a second for 0.4 s.
        Assert.Equal(200, result.GetProperty("messageLatency").GetProperty("count").GetInt64(), 2.0);
        Assert.Equal(200, result.GetProperty("sent").GetProperty("messages").GetInt64(), 2.0);
        Assert.InRange(result.GetProperty("scheduleLag").GetProperty("count").GetInt64(), 199, 201);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--raw")]
    public async Task A_number_of_streams_with_a_rate_of_messages_has_an_end(string mode)
    {
        Assert.Equal(0, await BenchAsync("Chat", mode, "-n", "2", "-s", "2", "--messages", "3", "--messages-per-second", "100", "--json", "-d", """{"item": "a"}"""));
        var result = JsonDocument.Parse(_line.Output).RootElement;
        Assert.Equal(2, result.GetProperty("calls").GetInt64());
        Assert.Equal(6, result.GetProperty("sent").GetProperty("messages").GetInt64());
        Assert.InRange(result.GetProperty("seconds").GetDouble(), 0.01, 30);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--raw")]
    public async Task A_stream_that_the_server_ends_is_begun_again(string mode)
    {
        Assert.Equal(64 + (int)StatusCode.Aborted, await BenchAsync("Chat", mode, "-n", "5", "-s", "1", "-t", "20s", "--json", "-d", """{"item": "stop"}"""));
        var result = JsonDocument.Parse(_line.Output).RootElement;
        Assert.Equal(5, result.GetProperty("failed").GetInt64());
        Assert.Equal("stopped", result.GetProperty("statuses")[0].GetProperty("example").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("--raw")]
    public async Task Ctrl_C_ends_the_run_and_the_result_is_told(string mode)
    {
        using CancellationTokenSource interrupted = new();
        var run = Task.Run(() => _line.Run(Args("Buy", mode, "-t", "1h", "--warm-up", "1ms", "-v"), interrupted.Token));
        await _line.WarnsAsync(" calls/s, 50 % ");
        await interrupted.CancelAsync();
        Assert.Equal(130, await run.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("ended by Ctrl-C", _line.Output);
        Assert.DoesNotContain("calls       0", _line.Output);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--raw")]
    public async Task A_call_without_an_end_is_told_as_such(string mode)
    {
        using CancellationTokenSource interrupted = new();
        var run = Task.Run(() => _line.Run(Args("Buy", mode, "-n", "1", "--json", "-d", """{"item": "never"}"""), interrupted.Token));
        await _server.Waiting.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await interrupted.CancelAsync();
        Assert.Equal(130, await run.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(1, JsonDocument.Parse(_line.Output).RootElement.GetProperty("unfinished").GetInt64());
    }

    [Theory]
    [InlineData("")]
    [InlineData("--raw")]
    public async Task Headers_and_deadline_are_those_of_a_call(string mode)
    {
        Assert.Equal(68, await BenchAsync("Buy", mode, "-n", "1", "--timeout", "2s", "-d", """{"item": "never"}""", "-H", "x-name: me", "-H", "x-raw-bin: AQI", "--authority", "shop.example"));
        Assert.Equal("me", _server.Headers.GetValue("x-name"));
        Assert.Equal([1, 2], _server.Headers.GetValueBytes("x-raw-bin"));
        Assert.Equal("shop.example", _server.Host);
        Assert.Contains("DEADLINE_EXCEEDED", _line.Output);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--raw")]
    public async Task A_server_that_is_not_there_is_told_before_anything_else(string mode)
    {
        await _server.DisposeAsync();
        Assert.Equal(78, await BenchAsync("Buy", mode, "-n", "1"));
        Assert.Contains("refused", _line.Errors);
        Assert.Equal("", _line.Output);
    }

    [Theory]
    [InlineData("Buy", "--streams", "0", "is not more than zero")]
    [InlineData("Buy", "--streams=1000001", "--connections=1", "are more than 1000000 at once")]
    [InlineData("Buy", "--connections=2147483647", "--streams=2", "are more than 1000000 at once")]
    [InlineData("Buy", "--rate", "-1", "is not more than zero")]
    [InlineData("Buy", "--rate", "1e400", "is more than 10000000 a second")]
    [InlineData("Buy", "--rate", "NaN", "is not more than zero")]
    [InlineData("Chat", "--streams=1000", "--messages-per-second=10001", "is more than 10000000 a second")]
    [InlineData("Buy", "--messages", "5", "takes one request")]
    [InlineData("Buy", "--poisson", "", "say --rate, too")]
    [InlineData("Buy", "--rate=5", "--streams=3", "Leave one away")]
    [InlineData("Chat", "--rate=5", "--messages-per-second=3", "leave --rate away")]
    [InlineData("Chat", "--in-flight=2", "--messages-per-second=3", "Leave one away")]
    [InlineData("Fill", "-n", "5", "would have no end")]
    [InlineData("Buy", "--output", "/nowhere/x.json", "--output /nowhere/x.json cannot be written: ")]
    [InlineData("Buy", "--html", "/nowhere/x.html", "--html /nowhere/x.html cannot be written: ")]
    [InlineData("Buy", "--duration", "0", "is no time longer than zero")]
    [InlineData("Buy", "--warm-up", "-1s", "is no time")]
    [InlineData("Buy", "--baseline", "nowhere.json", "cannot be read")]
    public async Task Values_that_mean_nothing_are_refused(string method, string option, string value, string message)
    {
        Assert.InRange(await BenchAsync(method, option, value), 1, 2);
        Assert.Contains(message, _line.Errors);
        Assert.Empty(_server.Headers);
    }

    [Fact]
    public async Task The_result_goes_to_files_that_are_not_touched_without_one()
    {
        _line.Write("r.json", new string('x', 100_000));
        string[] files = ["-o", _line["r.json"], "--html", _line["r.html"]];
        Assert.Equal(2, await BenchAsync("Buy", [.. files, "--messages", "5"]));
        Assert.Equal(new string('x', 100_000), _line.Read("r.json"));
        Assert.False(File.Exists(_line["r.html"]));
        Assert.Equal(0, await BenchAsync("Buy", [.. files, "-n", "5"]));
        Assert.Equal(5, JsonDocument.Parse(_line.Read("r.json")).RootElement.GetProperty("calls").GetInt64());
        Assert.EndsWith("</html>", _line.Read("r.html").TrimEnd());
    }

    [Fact]
    public async Task Raw_mode_does_not_leave_a_token_away_unseen()
    {
        Assert.Equal(2, await BenchAsync("Buy", "--raw", "-n", "1", "--oauth2-url", "https://id.example/token", "--oauth2-client-id", "me", "--oauth2-client-secret", "x"));
        Assert.Contains("takes no token of --oauth2-url", _line.Errors);
        Assert.Empty(_server.Headers);
    }

    private Task<int> BenchAsync(string method, params string[] args) => _line.RunAsync(Args(method, args));

    private string[] Args(string method, params string[] args) =>
        ["bench", _server.Address, "shop.v1.Shop/" + method, "--proto", _line["shop.proto"], .. args.Where(arg => arg.Length > 0)];
}
