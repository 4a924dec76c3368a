// SPDX-License-Identifier: Apache-2.0

using System.Text.Json;
using Peregrine.Cli.Certificates;
using Xunit;

namespace Peregrine.Cli.Tests.Certificates;

public sealed class CertCommandTests : IDisposable
{
    private readonly CertLine _line = new();

    public void Dispose() => _line.Dispose();

    [Fact]
    public void One_command_makes_what_mutual_TLS_takes()
    {
        Assert.Equal(ExitCode.Success, _line.Make("set", "*.grpcstudy.com", "127.0.0.1"));
        Assert.Equal(
            ["ca.crt", "ca.key", "client.crt", "client.key", "server.crt", "server.key"],
            Directory.EnumerateFiles(_line.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        CertificateFacts server = new(CertificateFiles.Read(_line["server.crt"])[0]);
        Assert.Equal(["*.grpcstudy.com", "127.0.0.1"], server.Names);
        Assert.Equal(["server"], server.Uses);
        Assert.False(server.IsAuthority);
        CertificateFacts client = new(CertificateFiles.Read(_line["client.crt"])[0]);
        Assert.Equal(["client"], client.Uses);
        Assert.Equal(server.Issuer, client.Issuer);
        Assert.True(new CertificateFacts(CertificateFiles.Read(_line["ca.crt"])[0]).IsAuthority);
    }

    [Fact]
    public void Keys_are_readable_by_their_owner_only()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has access lists instead.");
            return;
        }

        Assert.Equal(ExitCode.Success, _line.Make("set"));
        foreach (string key in Directory.EnumerateFiles(_line.Folder, "*.key"))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        }
    }

    [Fact]
    public void Nothing_is_overwritten_unasked_and_an_authority_is_used_again()
    {
        Assert.Equal(ExitCode.Success, _line.Make("server", "a.example"));
        string authority = File.ReadAllText(_line["ca.crt"]);
        string server = File.ReadAllText(_line["server.crt"]);
        Assert.Equal(ExitCode.Failure, _line.Make("set", "b.example"));
        Assert.Contains("server.crt", _line.Errors, StringComparison.Ordinal);
        Assert.Contains("--force", _line.Errors, StringComparison.Ordinal);
        Assert.Equal(server, File.ReadAllText(_line["server.crt"]));
        Assert.False(File.Exists(_line["client.crt"]));

        Assert.Equal(ExitCode.Success, _line.Make("set", "b.example", "--force"));
        Assert.Equal(authority, File.ReadAllText(_line["ca.crt"]));
        Assert.NotEqual(server, File.ReadAllText(_line["server.crt"]));
        Assert.Equal(ExitCode.Failure, _line.Make("authority"));
        Assert.Equal(authority, File.ReadAllText(_line["ca.crt"]));
        Assert.DoesNotContain(Directory.EnumerateFiles(_line.Folder), file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void A_certificate_does_not_outlive_its_authority()
    {
        Assert.Equal(ExitCode.Success, _line.Make("server", "--days", "900", "--authority-days", "30"));
        CertificateFacts authority = new(CertificateFiles.Read(_line["ca.crt"])[0]);
        Assert.Equal(authority.NotAfter, new CertificateFacts(CertificateFiles.Read(_line["server.crt"])[0]).NotAfter);
        _line.Time = new FixedTime(TimeSpan.FromDays(31));
        Assert.Equal(ExitCode.Failure, _line.Make("client"));
        Assert.Contains("expired", _line.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ecdsa", "ECDSA 256")]
    [InlineData("rsa", "RSA 2048")]
    public void Keys_are_of_the_kind_that_was_asked_for(string key, string name)
    {
        Assert.Equal(ExitCode.Success, _line.Make("server", "--key", key));
        Assert.Equal(name, new CertificateFacts(CertificateFiles.Read(_line["server.crt"])[0]).KeyName);
    }

    [Fact]
    public void An_authority_whose_key_is_anothers_is_refused()
    {
        Assert.Equal(ExitCode.Success, _line.Make("server"));
        File.Copy(_line["server.key"], _line["ca.key"], overwrite: true);
        Assert.Equal(ExitCode.Failure, _line.Make("client"));
        Assert.Contains("ca.key", _line.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_line["client.crt"]));
    }

    [Theory]
    [InlineData("server", "a b")]
    [InlineData("client", "a b")]
    public void A_name_that_is_none_makes_no_file(string command, string name)
    {
        Assert.Equal(ExitCode.Failure, _line.Make(command, name));
        Assert.Empty(Directory.EnumerateFiles(_line.Folder));
    }

    [Fact]
    public void Show_tells_names_uses_and_expiry_and_can_fail_before_it()
    {
        _line.Make("server", "a.example", "spiffe://example.org/x", "--days", "100");
        Assert.Equal(ExitCode.Success, _line.Run("show", _line["server.crt"]));
        Assert.Contains("a.example, spiffe://example.org/x", _line.Output, StringComparison.Ordinal);
        Assert.Contains("99 days left", _line.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failure, _line.Run("show", _line["server.crt"], "--within", "101"));
        Assert.Equal(ExitCode.Success, _line.Run("show", _line["server.crt"], "--within", "50"));
        _line.Time = new FixedTime(TimeSpan.FromDays(200));
        Assert.Equal(ExitCode.Success, _line.Run("show", _line["server.crt"]));
        Assert.Contains("expired on", _line.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failure, _line.Run("show", _line["server.crt"], "--within", "0"));
    }

    [Fact]
    public void Show_prints_JSON_for_scripts()
    {
        _line.Make("server", "a.example");
        Assert.Equal(ExitCode.Success, _line.Run("show", "--json", _line["server.crt"], _line["ca.crt"]));
        using JsonDocument json = JsonDocument.Parse(_line.Output);
        Assert.Equal(2, json.RootElement.GetArrayLength());
        Assert.Equal("a.example", json.RootElement[0].GetProperty("names")[0].GetString());
        Assert.True(json.RootElement[1].GetProperty("isAuthority").GetBoolean());
    }

    [Theory]
    [InlineData("", "no certificate in PEM or DER")]
    [InlineData("hello", "no certificate in PEM or DER")]
    [InlineData("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n", "The revocation list in")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "no certificate in PEM or DER")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "it is a private key")]
    public void A_file_without_a_certificate_is_named_with_the_reason(string text, string why)
    {
        File.WriteAllText(_line["x.crt"], text);
        Assert.Equal(ExitCode.Failure, _line.Run("show", _line["x.crt"]));
        Assert.Contains("x.crt", _line.Errors, StringComparison.Ordinal);
        Assert.Contains(why, _line.Errors, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failure, _line.Run("show", _line["missing.crt"]));
    }
}
