// SPDX-License-Identifier: Apache-2.0

using Peregrine.Cli.Commands;
using Peregrine.Services;
using Xunit;

namespace Peregrine.Cli.Tests.Bench;

/// <summary>How <c>peregrine bench</c> reaches servers, by the client and in raw mode, and what a person sees meanwhile.</summary>
public sealed class BenchConnectionTests : IDisposable
{
    private readonly CommandLine _line = new();

    public BenchConnectionTests() => _line.Write("shop.proto", ShopServer.Proto);

    public void Dispose() => _line.Dispose();

    [Theory]
    [InlineData("--streams=2")]
    [InlineData("--raw")]
    public async Task TLS_is_spoken_and_the_certificate_is_looked_at(string mode)
    {
        await using ShopServer server = await ShopServer.StartAsync(Tls());
        Assert.Equal(0, await BuyAsync(server.Address, mode, "--tls", "--cacert", _line["certs/ca.crt"]));
        Assert.Contains("  calls       50, ", _line.Output);
        _line.Clear();
        Assert.Equal(78, await BuyAsync(server.Address, mode, "--tls"));
        Assert.Equal("", _line.Output);
        _line.Clear();
        Assert.Equal(78, await BuyAsync(server.Address, mode, "--tls", "--cacert", _line["certs/ca.crt"], "--servername", "other.example"));
        _line.Clear();
        Assert.Equal(0, await BuyAsync(server.Address, mode, "--tls", "--insecure"));
        Assert.Contains("certificate is not checked", _line.Errors);
    }

    [Theory]
    [InlineData("--streams=2")]
    [InlineData("--raw")]
    public async Task A_clients_certificate_is_shown(string mode)
    {
        await using ShopServer server = await ShopServer.StartAsync(Tls(asksForClients: true));
        string[] flags = ["--tls", "--cacert", _line["certs/ca.crt"]];
        Assert.Equal(0, await BuyAsync(server.Address, [mode, .. flags, "--cert", _line["certs/client.crt"], "--key", _line["certs/client.key"]]));
        Assert.Equal(78, await BuyAsync(server.Address, [mode, .. flags]));
    }

    [Theory]
    [InlineData("--streams=2")]
    [InlineData("--raw")]
    public async Task A_port_that_speaks_TLS_is_recognized(string mode)
    {
        await using ShopServer server = await ShopServer.StartAsync(Tls());
        Assert.Equal(78, await BuyAsync(server.Address, mode));
        Assert.Contains("That port speaks TLS: add --tls.", _line.Errors);
    }

    [Theory]
    [InlineData("--streams=2")]
    [InlineData("--raw")]
    public async Task A_Unix_socket_is_an_address(string mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The path is of another system.");
        await using ShopServer server = await ShopServer.StartAsync(address: "unix:" + _line["s"]);
        Assert.Equal(0, await BuyAsync("unix:" + _line["s"], mode));
        Assert.Contains("  calls       50, ", _line.Output);
    }

    [Theory]
    [InlineData("--streams=2")]
    [InlineData("--raw")]
    public async Task A_server_that_goes_away_ends_calls_with_UNAVAILABLE(string mode)
    {
        ShopServer server = await ShopServer.StartAsync();
        Task<int> run = _line.RunAsync("bench", server.Address, "shop.v1.Shop/Buy", "--proto", _line["shop.proto"], mode, "-n", "4", "-t", "20s", "-d", """{"item": "never"}""");
        await server.Waiting.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await server.DisposeAsync();
        Assert.InRange(await run, 64 + 1, 64 + 16);
        Assert.Contains("Statuses", _line.Output);
    }

    [Fact]
    public async Task The_schema_comes_from_the_servers_reflection_too()
    {
        await using GrpcServer server = new();
        _ = server.AddHealthService();
        _ = server.AddReflectionService();
        int port = await server.ListenAsync("127.0.0.1:0", ServerCredentials.Insecure);
        Assert.Equal(0, await _line.RunAsync("bench", $"127.0.0.1:{port}", "grpc.health.v1.Health/Check", "-n", "50"));
        Assert.Contains("  calls       50, ", _line.Output);
    }

    [Fact]
    public async Task A_person_sees_how_it_goes_on_one_line_that_the_result_replaces()
    {
        await using ShopServer server = await ShopServer.StartAsync();
        StringWriter output = new(), errors = new();
        Terminal terminal = new(output, errors, ByteStreams.OfProcess, isInteractive: true, usesColor: true, errorsUseColor: true);
        string[] args = ["bench", server.Address, "shop.v1.Shop/Buy", "--proto", _line["shop.proto"], "-t", "700ms", "--warm-up", "300ms", "-d", """{"item": "nothing"}"""];
        Assert.Equal(67, await DeveloperCommands.RunAsync(args, terminal, CancellationToken.None));
        string[] lines = errors.ToString().Split("\r\u001b[K");
        Assert.Contains(lines, line => line.StartsWith("warming up, ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains(" of 0.7 s: ", StringComparison.Ordinal) && line.Contains(" calls/s", StringComparison.Ordinal) && line.EndsWith(" failed", StringComparison.Ordinal));
        Assert.Equal("", lines[^1]);
        Assert.DoesNotContain('\n', errors.ToString());
        Assert.Contains("INVALID_ARGUMENT", output.ToString());
    }

    [Fact]
    public async Task A_person_who_wants_them_sees_lines_that_stay()
    {
        await using ShopServer server = await ShopServer.StartAsync();
        StringWriter output = new(), errors = new();
        Terminal terminal = new(output, errors, ByteStreams.OfProcess, isInteractive: true, usesColor: true, errorsUseColor: true);
        string[] args = ["bench", server.Address, "shop.v1.Shop/Buy", "--proto", _line["shop.proto"], "-t", "300ms", "--warm-up", "100ms", "-v"];
        Assert.Equal(0, await DeveloperCommands.RunAsync(args, terminal, CancellationToken.None));
        Assert.DoesNotContain('\r', errors.ToString());
        Assert.Contains(" calls/s", errors.ToString());
    }

    private Task<int> BuyAsync(string address, params string[] args) =>
        _line.RunAsync(["bench", address, "shop.v1.Shop/Buy", "--proto", _line["shop.proto"], "-n", "50", "-d", """{"item": "tea"}""", .. args]);

    private SslServerCredentials Tls(bool asksForClients = false)
    {
        Assert.Equal(0, _line.Run("cert", "set", "localhost", "127.0.0.1", "--out", _line["certs"]));
        _line.Clear();
        return asksForClients
            ? new SslServerCredentials(
                [new KeyCertificatePair(_line.Read("certs/server.crt"), _line.Read("certs/server.key"))], _line.Read("certs/ca.crt"), SslClientCertificateRequestType.RequestAndRequireAndVerify)
            : SslServerCredentials.FromFiles(_line["certs/server.crt"], _line["certs/server.key"]);
    }
}
