// SPDX-License-Identifier: Apache-2.0

using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Peregrine.Cli.Calls;
using Xunit;

namespace Peregrine.Cli.Tests;

/// <summary>How commands reach servers: TLS or not, sockets, and servers that are none.</summary>
public sealed class ConnectionTests : IDisposable
{
    private readonly CommandLine _line = new();

    public ConnectionTests() => _line.Write("shop.proto", ShopServer.Proto);

    public void Dispose() => _line.Dispose();

    private Task<int> BuyAsync(string address, params string[] args) =>
        _line.RunAsync(["call", address, "shop.v1.Shop/Buy", "--proto", _line["shop.proto"], "-d", """{"item": "tea"}""", .. args]);

    [Fact]
    public async Task TLS_is_used_with_a_certificate_of_a_file_and_by_another_name()
    {
        await using var server = await ShopServer.StartAsync(Tls("shop.example"));
        Assert.Equal(0, await BuyAsync(server.Address, "--tls", "--cacert", _line["cert.pem"], "--servername", "shop.example"));
        _line.Clear();
        Assert.Equal(0, await BuyAsync("https://" + server.Address, "--cacert", _line["cert.pem"], "--servername", "shop.example"));
        _line.Clear();
        Assert.Equal(78, await BuyAsync(server.Address, "--tls", "--cacert", _line["cert.pem"]));
        Assert.Contains("is not valid for the name '127.0.0.1'", _line.Errors);
        Assert.Contains("--servername says which name to expect.", _line.Errors);
        _line.Clear();
        Assert.Equal(78, await BuyAsync(server.Address, "--tls", "--servername", "shop.example"));
        Assert.Contains("--cacert names the authorities to trust", _line.Errors);
    }

    [Fact]
    public async Task A_certificate_is_not_looked_at_when_asked_for_and_that_is_warned_of()
    {
        await using var server = await ShopServer.StartAsync(Tls("shop.example"));
        Assert.Equal(0, await BuyAsync(server.Address, "--tls", "--insecure"));
        Assert.Contains("warning: the server's certificate is not checked", _line.Errors);
        Assert.Contains("0 tea", _line.Output);
    }

    [Fact]
    public async Task A_port_that_speaks_TLS_is_recognized()
    {
        await using var server = await ShopServer.StartAsync(Tls("shop.example"));
        Assert.Equal(78, await BuyAsync(server.Address));
        Assert.Contains("That port speaks TLS: add --tls.", _line.Errors);
    }

    [Fact]
    public async Task A_port_that_speaks_plaintext_is_recognized()
    {
        await using var server = await ShopServer.StartAsync();
        Assert.Equal(78, await BuyAsync(server.Address, "--tls", "--servername", "shop.example"));
        Assert.Contains("That port speaks plaintext: add --plaintext.", _line.Errors);
        Assert.Equal(78, await BuyAsync("https://" + server.Address, "--servername", "shop.example"));
        Assert.Contains("That port speaks plaintext: write http:// instead of https://.", _line.Errors);
    }

    [Fact]
    public async Task What_may_help_is_a_sentence_behind_what_is_wrong()
    {
        await using var server = await ShopServer.StartAsync(Tls("shop.example"));
        Assert.Equal(78, await BuyAsync(server.Address, "--tls", "--servername", "shop.example"));
        Assert.Contains(". --cacert names the authorities to trust", _line.Errors);
    }

    [Fact]
    public async Task A_Unix_socket_is_an_address()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The path is of another system.");
        await using var server = await ShopServer.StartAsync(address: "unix:" + _line["s"]);
        Assert.Equal(0, await BuyAsync("unix:" + _line["s"]));
    }

    [Fact]
    public async Task A_port_at_which_nobody_listens_is_UNAVAILABLE_at_once()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Assert.Equal(78, await BuyAsync(taken.LocalEndPoint!.ToString()!));
        Assert.StartsWith("UNAVAILABLE (14): ", _line.Errors);
    }

    [Fact]
    public async Task A_server_that_never_says_anything_is_given_up()
    {
        using var silent = Listen();
        Assert.Equal(78, await BuyAsync(silent.LocalEndpoint.ToString()!, "--connect-timeout", "200ms"));
        Assert.Contains("does not answer: no connection within 0.2 s (--connect-timeout)", _line.Errors);
    }

    [Fact]
    public async Task A_server_that_speaks_something_else_is_an_error()
    {
        using var other = Listen();
        var answering = Task.Run(async () =>
        {
            while (true)
            {
                using var client = await other.AcceptTcpClientAsync();
                await client.GetStream().WriteAsync("SSH-2.0-OpenSSH_9.6 \u001b[31m\r\n"u8.ToArray());
            }
        });
        Assert.Equal(78, await BuyAsync(other.LocalEndpoint.ToString()!));
        Assert.DoesNotContain('\u001b', _line.Errors);
        other.Stop();
        await Assert.ThrowsAnyAsync<Exception>(() => answering);
    }

    [Fact]
    public async Task A_server_that_comes_later_is_waited_for_when_asked_for()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var address = taken.LocalEndPoint!.ToString()!;
        taken.Dispose();
        var call = BuyAsync(address, "--wait-for-ready", "--timeout", "50s");
        await using var server = await ShopServer.StartAsync(address: address);
        Assert.Equal(0, await call);
    }

    [Theory]
    [InlineData("127.0.0.1:1", false)]
    [InlineData("localhost:1", false)]
    [InlineData("[::1]:1", false)]
    [InlineData("unix:/tmp/s", false)]
    [InlineData("unix:///tmp/s", false)]
    [InlineData("dns:///localhost:1", false)]
    [InlineData("http://example.com", false)]
    [InlineData("https://localhost:1", true)]
    [InlineData("example.com:443", true)]
    [InlineData("10.0.0.1:50051", true)]
    public void Without_a_flag_TLS_is_used_as_the_scheme_says_or_for_servers_elsewhere(string address, bool tls) =>
        Assert.Equal(tls, new ConnectionSettings { Address = address }.UsesTls);

    [Theory]
    [InlineData("http://localhost:1", "--tls", "Leave one away")]
    [InlineData("https://localhost:1", "--plaintext", "Leave one away")]
    [InlineData("ftp://localhost:1", "--plaintext", "is not a channel target")]
    public async Task Addresses_that_contradict_a_flag_or_mean_nothing_are_refused(string address, string flag, string message)
    {
        Assert.Equal(2, await BuyAsync(address, flag));
        Assert.Contains(message, _line.Errors);
        Assert.DoesNotContain("Parameter", _line.Errors);
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private SslServerCredentials Tls(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        _line.Write("cert.pem", certificate.ExportCertificatePem());
        return new SslServerCredentials([new KeyCertificatePair(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem())]);
    }
}
