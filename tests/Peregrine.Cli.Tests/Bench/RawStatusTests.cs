// SPDX-License-Identifier: Apache-2.0

using System.Text.Json;
using Xunit;

namespace Peregrine.Cli.Tests.Bench;

/// <summary>What raw mode makes of servers that answer strangely.</summary>
public sealed class RawStatusTests : IDisposable
{
    private const int Always = int.MaxValue;

    private readonly CommandLine _line = new();

    public RawStatusTests() => _line.Write("shop.proto", ShopServer.Proto);

    public void Dispose() => _line.Dispose();

    [Theory]
    [InlineData("192", 66, "UNKNOWN")]
    [InlineData("17", 66, "UNKNOWN")]
    [InlineData("-1", 66, "UNKNOWN")]
    [InlineData("16", 80, "UNAUTHENTICATED")]
    public async Task A_status_that_gRPC_does_not_have_is_UNKNOWN(string status, int code, string name)
    {
        await using ScriptedHttp2Server server = new(Always, ("grpc-status", status));
        Assert.Equal(code, await BenchAsync(server, "Buy"));
        JsonElement told = Assert.Single(Result().GetProperty("statuses").EnumerateArray());
        Assert.Equal(name, told.GetProperty("name").GetString());
    }

    [Fact]
    public async Task What_a_status_says_more_is_kept_up_to_a_length()
    {
        await using ScriptedHttp2Server server = new(Always, ("grpc-status", "5"), ("grpc-message", new string('x', 5000)));
        Assert.Equal(69, await BenchAsync(server, "Buy"));
        Assert.Equal(new string('x', 1000) + "...", Result().GetProperty("statuses")[0].GetProperty("example").GetString());
    }

    [Theory]
    [InlineData("Buy", 77)]
    [InlineData("Fill", 77)]
    [InlineData("Watch", 0)]
    [InlineData("Chat", 0)]
    public async Task OK_without_a_message_is_a_failure_where_there_must_be_one(string method, int code)
    {
        await using ScriptedHttp2Server server = new(Always, ("grpc-status", "0"));
        Assert.Equal(code, await BenchAsync(server, method, method is "Fill" or "Chat" ? ["--messages", "1"] : []));
        Assert.Equal(5, Result().GetProperty("calls").GetInt64());
    }

    [Theory]
    [InlineData("-s", "1")]
    [InlineData("--rate", "1000")]
    public async Task A_connection_that_the_server_ends_is_told_and_another_takes_its_place(string flag, string value)
    {
        await using ScriptedHttp2Server server = new(callsUntilGoAway: 3, ("grpc-status", "0"));
        Assert.Equal(0, await BenchAsync(server, "Watch", flag, value, "-n", "10"));
        Assert.Equal(10, Result().GetProperty("calls").GetInt64());
        Assert.Equal(3, Result().GetProperty("connectionsEnded").GetInt64());
        Assert.Equal(10, CallsWith("OK"));
    }

    [Theory]
    [InlineData("-s", "1")]
    [InlineData("--rate", "1000")]
    public async Task What_cannot_begin_since_the_server_is_gone_fails(string flag, string value)
    {
        await using ScriptedHttp2Server server = new(callsUntilGoAway: 3, connections: 1, ("grpc-status", "0"));
        Assert.Equal(78, await BenchAsync(server, "Watch", flag, value, "-n", "5"));
        Assert.Equal(3, CallsWith("OK"));
        Assert.Equal(2, CallsWith("UNAVAILABLE"));
        Assert.Equal(1, Result().GetProperty("connectionsEnded").GetInt64());
    }

    [Fact]
    public async Task A_server_that_takes_connections_and_no_calls_ends_the_run()
    {
        await using ScriptedHttp2Server server = new(callsUntilGoAway: 0, ("grpc-status", "0"));
        Assert.Equal(78, await BenchAsync(server, "Watch", "-s", "2", "-n", "4"));
        Assert.Equal(4, CallsWith("UNAVAILABLE"));
    }

    [Fact]
    public async Task Calls_whose_connections_the_server_drops_were_made()
    {
        await using var mock = await Mock.MockRun.StartAsync("zoo.v1.Zoo/Admit:\n  - fault: drop\n");
        Assert.Equal(78, await _line.RunAsync("bench", mock.Address, "zoo.v1.Zoo/Admit", "--raw", "--json", "-n", "5", "-s", "1"));
        Assert.Equal(5, CallsWith("UNAVAILABLE"));
        Assert.Equal(5, Result().GetProperty("sent").GetProperty("messages").GetInt64());
    }

    private Task<int> BenchAsync(ScriptedHttp2Server server, string method, params string[] args) =>
        _line.RunAsync(["bench", server.Address, "shop.v1.Shop/" + method, "--proto", _line["shop.proto"], "--raw", "--json", .. args.Contains("-n") ? args : [.. args, "-n", "5", "-s", "1"]]);

    private long CallsWith(string status) =>
        Result().GetProperty("statuses").EnumerateArray().Where(each => each.GetProperty("name").GetString() == status).Sum(each => each.GetProperty("calls").GetInt64());

    private JsonElement Result() => JsonDocument.Parse(_line.Output).RootElement;
}
