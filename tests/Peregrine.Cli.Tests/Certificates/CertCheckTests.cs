// SPDX-License-Identifier: Apache-2.0

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Xunit;

namespace Peregrine.Cli.Tests.Certificates;

public sealed class CertCheckTests : IDisposable
{
    private readonly CertLine _line = new();
    private readonly CertLine _other = new();

    public void Dispose()
    {
        _line.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task A_good_endpoint_passes_every_check()
    {
        _line.Make("server");
        using TlsEndpoint endpoint = new(_line.Folder);
        Assert.Equal(ExitCode.Success, await CheckAsync(endpoint, "--cacert", _line["ca.crt"]));
        Assert.DoesNotContain("FAIL", _line.Output, StringComparison.Ordinal);
        foreach (string question in (string[])["chain", "name", "time", "key", "tls", "alpn", "http2"])
        {
            Assert.Contains($"ok    {question}", _line.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_root_that_is_not_trusted_is_a_fault_of_the_chain_only()
    {
        _line.Make("server");
        _other.Make("authority");
        using TlsEndpoint endpoint = new(_line.Folder);
        Assert.Equal(ExitCode.Failure, await CheckAsync(endpoint, "--cacert", _other["ca.crt"]));
        AssertOnlyFault("chain");
        Assert.Equal(ExitCode.Failure, await CheckAsync(endpoint));
        AssertOnlyFault("chain");
        Assert.Contains("--cacert", _line.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revocation_lists_are_asked_when_they_are_given()
    {
        _line.Make("server");
        using TlsEndpoint endpoint = new(_line.Folder);
        using X509Certificate2 authority = X509Certificate2.CreateFromPemFile(_line["ca.crt"], _line["ca.key"]);
        using X509Certificate2 server = X509CertificateLoader.LoadCertificateFromFile(_line["server.crt"]);
        CertificateRevocationListBuilder lists = new();
        WriteList("good.crl");
        lists.AddEntry(server);
        WriteList("bad.crl");

        Assert.Equal(ExitCode.Success, await CheckAsync(endpoint, "--cacert", _line["ca.crt"], "--crl", _line["good.crl"]));
        Assert.Contains("ok    revoked", _line.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failure, await CheckAsync(endpoint, "--cacert", _line["ca.crt"], "--crl", _line["bad.crl"]));
        AssertOnlyFault("revoked");
        Assert.Contains("is revoked since", _line.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failure, await CheckAsync(endpoint, "--cacert", _line["ca.crt"], "--crl", _line["missing.crl"]));
        AssertOnlyFault("revoked");
        Assert.Contains("missing.crl", _line.Output, StringComparison.Ordinal);

        _other.Make("authority");
        using X509Certificate2 stranger = X509Certificate2.CreateFromPemFile(_other["ca.crt"], _other["ca.key"]);
        File.WriteAllBytes(_line["other.crl"], new CertificateRevocationListBuilder().Build(stranger, 1, DateTimeOffset.UtcNow.AddDays(1), HashAlgorithmName.SHA256));
        Assert.Equal(ExitCode.Failure, await CheckAsync(endpoint, "--cacert", _line["ca.crt"], "--crl", _line["other.crl"]));
        Assert.Contains("is not known: no revocation list given is signed by its issuer", _line.Output, StringComparison.Ordinal);

        void WriteList(string name) => File.WriteAllBytes(_line[name], lists.Build(authority, 1, DateTimeOffset.UtcNow.AddDays(1), HashAlgorithmName.SHA256));
    }

    [Fact]
    public async Task Another_name_is_a_fault_that_lists_the_names_that_there_are()
    {
        _line.Make("server", "a.example", "b.example");
        using TlsEndpoint endpoint = new(_line.Folder);
        Assert.Equal(ExitCode.Failure, await CheckAsync(endpoint, "--cacert", _line["ca.crt"]));
        AssertOnlyFault("name");
        Assert.Contains("a.example, b.example", _line.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Success, await CheckAsync(endpoint, "--cacert", _line["ca.crt"], "--servername", "b.example"));
    }

    [Fact]
    public async Task Expiry_soon_and_past_are_faults()
    {
        _line.Make("server", "--days", "40");
        using TlsEndpoint endpoint = new(_line.Folder);
        Assert.Equal(ExitCode.Failure, await CheckAsync(endpoint, "--cacert", _line["ca.crt"], "--within", "60"));
        AssertOnlyFault("time");
        _line.Time = new FixedTime(TimeSpan.FromDays(41));
        Assert.Equal(ExitCode.Failure, await CheckAsync(endpoint, "--cacert", _line["ca.crt"], "--within", "0"));
        AssertOnlyFault("time");
        Assert.Contains("expired on", _line.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_s_certificate_serves_as_a_server_s_for_nobody()
    {
        _line.Make("client", "localhost", "--file", "server");
        using TlsEndpoint endpoint = new(_line.Folder);
        Assert.Equal(ExitCode.Failure, await CheckAsync(endpoint, "--cacert", _line["ca.crt"], "--servername", "localhost"));
        AssertOnlyFault("chain");
        Assert.Contains("not for servers", _line.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_asks_for_a_client_s_certificate_is_found_out_and_satisfied()
    {
        _line.Make("set");
        using TlsEndpoint endpoint = new(_line.Folder, asksForClients: true);
        Assert.Equal(ExitCode.Failure, await CheckAsync(endpoint, "--cacert", _line["ca.crt"]));
        Assert.Contains("--cert, --key", _line.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Success, await CheckAsync(endpoint, "--cacert", _line["ca.crt"], "--cert", _line["client.crt"], "--key", _line["client.key"]));
    }

    [Fact]
    public async Task A_server_of_HTTP_1_is_told_by_ALPN()
    {
        _line.Make("server");
        using TlsEndpoint endpoint = new(_line.Folder, protocol: SslApplicationProtocol.Http11);
        Assert.Equal(ExitCode.Failure, await CheckAsync(endpoint, "--cacert", _line["ca.crt"]));
        Assert.Contains("FAIL", _line.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_listens_the_address_is_named()
    {
        using Socket reserved = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        reserved.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        string address = $"127.0.0.1:{((IPEndPoint)reserved.LocalEndPoint!).Port}";
        Assert.Equal(ExitCode.Failure, await _line.RunAsync("check", address));
        Assert.Contains(address, _line.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JSON_has_findings_and_certificates()
    {
        _line.Make("server");
        using TlsEndpoint endpoint = new(_line.Folder);
        Assert.Equal(ExitCode.Success, await CheckAsync(endpoint, "--cacert", _line["ca.crt"], "--json"));
        using JsonDocument json = JsonDocument.Parse(_line.Output);
        Assert.True(json.RootElement.GetProperty("isGood").GetBoolean());
        Assert.NotEmpty(json.RootElement.GetProperty("findings").EnumerateArray());
        Assert.NotEmpty(json.RootElement.GetProperty("certificates").EnumerateArray());
    }

    private Task<int> CheckAsync(TlsEndpoint endpoint, params string[] args) => _line.RunAsync(["check", endpoint.Address, .. args]);

    private void AssertOnlyFault(string question)
    {
        string fault = Assert.Single(_line.Output.Split('\n'), row => row.StartsWith("FAIL", StringComparison.Ordinal));
        Assert.StartsWith($"FAIL  {question}", fault, StringComparison.Ordinal);
    }
}
