// SPDX-License-Identifier: Apache-2.0

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Xunit;

namespace Peregrine.Cli.Tests.Certificates;

/// <summary>Revocation lists in <c>peregrine cert show</c>.</summary>
public sealed class RevocationListTests : IDisposable
{
    private static readonly DateTimeOffset Made = new(2026, 1, 2, 3, 4, 0, TimeSpan.Zero);

    private readonly CertLine _line = new();

    public void Dispose() => _line.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Show_tells_issuer_times_number_and_what_is_revoked_and_why(bool isPem)
    {
        Write("ca.crl", Build(builder =>
        {
            builder.AddEntry([0x0A, 0xBC], Made.AddDays(-2), X509RevocationReason.KeyCompromise);
            builder.AddEntry([0x11], Made.AddDays(-1));
        }), isPem);
        Assert.Equal(ExitCode.Success, _line.Run("show", _line["ca.crl"]));
        Assert.Contains("ca.crl (revocation list)\n  issuer   CN=Lists\n  number   4660\n", _line.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("from 2026-01-02 03:04 UTC, out of date: the next was due on 2026-01-12 03:04 UTC", _line.Output, StringComparison.Ordinal);
        Assert.Contains("0ABC  2025-12-31 03:04 UTC  keyCompromise", _line.Output, StringComparison.Ordinal);
        Assert.Contains("11  2026-01-01 03:04 UTC", _line.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("scope", _line.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Show_prints_lists_as_JSON_beside_certificates()
    {
        Assert.Equal(ExitCode.Success, _line.Make("authority"));
        File.AppendAllText(_line["ca.crt"], PemEncoding.WriteString("X509 CRL", Build(builder => builder.AddEntry([7], Made, X509RevocationReason.Superseded))));
        Assert.Equal(ExitCode.Success, _line.Run("show", "--json", _line["ca.crt"]));
        using JsonDocument json = JsonDocument.Parse(_line.Output);
        Assert.Equal(["certificate", "revocationList"], json.RootElement.EnumerateArray().Select(each => each.GetProperty("type").GetString()));
        JsonElement list = json.RootElement[1];
        Assert.Equal("4660", list.GetProperty("number").GetString());
        Assert.Equal(Made, list.GetProperty("thisUpdate").GetDateTimeOffset());
        JsonElement revoked = Assert.Single(list.GetProperty("revoked").EnumerateArray());
        Assert.Equal(("07", "superseded"), (revoked.GetProperty("serial").GetString(), revoked.GetProperty("reason").GetString()));
    }

    [Fact]
    public void A_list_that_is_due_soon_fails_within()
    {
        Write("ca.crl", Build(_ => { }, DateTimeOffset.UtcNow.AddDays(10)), isPem: true);
        Assert.Equal(ExitCode.Success, _line.Run("show", "--within", "5", _line["ca.crl"]));
        Assert.Contains("revoked  none", _line.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failure, _line.Run("show", "--within", "11", _line["ca.crl"]));
    }

    [Fact]
    public void A_long_list_is_cut_for_people_and_whole_for_scripts()
    {
        Write("ca.crl", Build(builder =>
        {
            for (byte i = 1; i <= 25; i++)
            {
                builder.AddEntry([i], Made);
            }
        }), isPem: false);
        Assert.Equal(ExitCode.Success, _line.Run("show", _line["ca.crl"]));
        Assert.Contains("25 certificates", _line.Output, StringComparison.Ordinal);
        Assert.Contains("and 5 more; --json has all", _line.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Success, _line.Run("show", "--json", _line["ca.crl"]));
        using JsonDocument json = JsonDocument.Parse(_line.Output);
        Assert.Equal(25, json.RootElement[0].GetProperty("revoked").GetArrayLength());
    }

    [Fact]
    public void Every_damaged_list_is_refused_without_a_trace_of_the_stack()
    {
        byte[] list = Build(builder => builder.AddEntry([7], Made, X509RevocationReason.Superseded));
        for (int length = 1; length < list.Length; length++)
        {
            File.WriteAllBytes(_line["cut.crl"], list[..length]);
            Assert.Equal(ExitCode.Failure, _line.Run("show", _line["cut.crl"]));
            Write("cut.crl", list[..length], isPem: true);
            Assert.Equal(ExitCode.Failure, _line.Run("show", _line["cut.crl"]));
            Assert.Contains("The revocation list in", _line.Errors, StringComparison.Ordinal);
        }

        for (int i = 0; i < list.Length; i++)
        {
            byte[] broken = [.. list];
            broken[i] ^= 0x55;
            File.WriteAllBytes(_line["broken.crl"], broken);
            Assert.InRange(_line.Run("show", _line["broken.crl"]), ExitCode.Success, ExitCode.Failure);
        }
    }

    private void Write(string name, byte[] der, bool isPem)
    {
        if (isPem)
        {
            File.WriteAllText(_line[name], PemEncoding.WriteString("X509 CRL", der));
        }
        else
        {
            File.WriteAllBytes(_line[name], der);
        }
    }

    private static byte[] Build(Action<CertificateRevocationListBuilder> fill, DateTimeOffset? next = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=Lists", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var issuer = request.CreateSelfSigned(Made.AddYears(-1), Made.AddYears(10));
        CertificateRevocationListBuilder builder = new();
        fill(builder);
        return builder.Build(issuer, 0x1234, next ?? Made.AddDays(10), HashAlgorithmName.SHA256, thisUpdate: Made);
    }
}
