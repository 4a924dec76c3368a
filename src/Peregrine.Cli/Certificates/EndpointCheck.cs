// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Cli.Certificates;

/// <summary>
/// Looks at the TLS of a live endpoint as a gRPC client would, but goes on where one would give up: protocol, ALPN, chain, revocation, names,
/// time, keys, and whether HTTP/2 answers (under TLS 1.3 only that shows that a server refuses a client's certificate).
/// </summary>
internal sealed class EndpointCheck
{
    private const int FrameHeaderLength = 9;

    // The values of SslProtocols that are too old; the platform has marked their names as obsolete.
    private const SslProtocols NoProtocol = SslProtocols.None;
    private const SslProtocols Tls10 = (SslProtocols)192;
    private const SslProtocols Tls11 = (SslProtocols)768;

    // The preface and an empty SETTINGS frame (RFC 9113 sections 3.4 and 6.5).
    private static readonly byte[] Opening = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0];

    private readonly List<EndpointFinding> _findings = [];

    /// <summary>The host to connect to.</summary>
    public required string Host { get; init; }

    /// <summary>The port to connect to.</summary>
    public required int Port { get; init; }

    /// <summary>The name that the certificate must have, and SNI says; null: the host.</summary>
    public string? ServerName { get; init; }

    /// <summary>The roots to trust instead of the system's; null: the system's.</summary>
    public X509Certificate2Collection? Roots { get; init; }

    /// <summary>Files of revocation lists by which the chain is judged, as <see cref="CertificateTrust.RevocationListPaths"/> does; empty for none.</summary>
    public IReadOnlyList<string> RevocationListPaths { get; init; } = [];

    /// <summary>The client's certificate with its key, under mutual TLS.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>How long a certificate must be valid still.</summary>
    public TimeSpan LeastLeft { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The certificates that the endpoint sent, its own first; known after <see cref="RunAsync"/>.</summary>
    public IReadOnlyList<CertificateFacts> Chain { get; private set; } = [];

    private string ExpectedName => ServerName ?? Host;

    /// <summary>Connects and looks.</summary>
    /// <returns>What was found, in the order in which a client meets it.</returns>
    public async Task<IReadOnlyList<EndpointFinding>> RunAsync(CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(Host, Port, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            Add("connect", false, $"{Host}:{Port} cannot be reached: {e.Message}");
            return _findings;
        }

        using var tls = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = ExpectedName,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            ClientCertificates = ClientCertificate is null ? null : [ClientCertificate],
            RemoteCertificateValidationCallback = (_, certificate, chain, _) => Inspect(certificate as X509Certificate2, chain),
        };
        try
        {
            await tls.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            Add("tls", false, $"the handshake failed: {Reason(e)}{(Chain.Count == 0 ? ". Perhaps the port does not speak TLS, or asks for a client's certificate (--cert, --key)" : "")}");
            return _findings;
        }

        AddConnection(tls);
        await AskHttp2Async(tls, cancellationToken).ConfigureAwait(false);
        return _findings;
    }

    private void AddConnection(SslStream tls)
    {
        var isModern = tls.SslProtocol is not (NoProtocol or Tls10 or Tls11);
        Add("tls", isModern, $"{tls.SslProtocol}, {tls.NegotiatedCipherSuite}{(isModern ? "" : "; gRPC needs TLS 1.2 or later")}");
        var alpn = tls.NegotiatedApplicationProtocol.ToString();
        var isHttp2 = tls.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2;
        Add("alpn", isHttp2, isHttp2 ? "h2" : $"{(alpn.Length > 0 ? alpn : "none")}; clients of gRPC need h2 (RFC 9113 section 3.2)");
    }

    private bool Inspect(X509Certificate2? certificate, X509Chain? built)
    {
        if (certificate is null)
        {
            Add("chain", false, "the server sent no certificate");
            return true;
        }

        // What the server sent stands in the extra store of the chain that the platform built.
        var sent = built?.ChainPolicy.ExtraStore ?? [];
        Chain = [new CertificateFacts(certificate), .. sent.Where(other => !other.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span)).Select(other => new CertificateFacts(other))];
        AddChain(certificate, sent);
        AddName(certificate);
        AddTime();
        var weak = Chain.FirstOrDefault(facts => facts.IsWeak);
        Add("key", weak is null, weak is null ? $"{Chain[0].KeyName}, signed with {Chain[0].Signature}" : $"{weak.Subject} has a weak key: {weak.KeyName}");
        return true;
    }

    private void AddChain(X509Certificate2 certificate, X509Certificate2Collection sent)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new(DevelopmentAuthority.ServerAuth));
        chain.ChainPolicy.ExtraStore.AddRange(sent);

        // Times have an answer of their own.
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        chain.ChainPolicy.VerificationTime = Time.GetUtcNow().UtcDateTime;
        if (Roots is not null)
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(Roots);
        }

        var isGood = chain.Build(certificate);
        var problems = chain.ChainStatus.Where(status => status.Status is not (X509ChainStatusFlags.NoError or X509ChainStatusFlags.NotTimeValid)).ToList();
        var path = string.Join(" <- ", chain.ChainElements.Select(element => element.Certificate.Subject));
        Add("chain", isGood, isGood ? path : $"{path}: {string.Join("; ", problems.Select(Explain).Distinct())}");
        if (RevocationListPaths.Count > 0)
        {
            AddRevocation(chain, isGood);
        }
    }

    private void AddRevocation(X509Chain chain, bool isGood)
    {
        if (!isGood)
        {
            Add("revoked", false, "not looked for: that needs a good chain");
            return;
        }

        var trust = new CertificateTrust
        {
            RootCertificates = Roots is null ? null : string.Concat(Roots.Select(root => root.ExportCertificatePem() + "\n")),
            RevocationListPaths = RevocationListPaths,
        };
        try
        {
            var problem = trust.FindRevoked(chain, Time.GetUtcNow());
            Add("revoked", problem is null, problem ?? "no certificate, as the lists say");
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            Add("revoked", false, e.Message);
        }
    }

    private string Explain(X509ChainStatus status) => status.Status switch
    {
        X509ChainStatusFlags.UntrustedRoot => Roots is null ? "the root is not one that this system trusts (--cacert names others)" : "the root is not in the file of --cacert",
        X509ChainStatusFlags.PartialChain => "the chain ends before a root: the server leaves an intermediate certificate out, or its issuer is not trusted here (--cacert names roots)",
        X509ChainStatusFlags.NotValidForUsage => "the certificate is not for servers (extended key usage)",
        X509ChainStatusFlags.NotSignatureValid => "a signature is wrong: the issuer has the right name, but another key",
        _ => status.StatusInformation.Trim().TrimEnd('.'),
    };

    private void AddName(X509Certificate2 certificate)
    {
        var names = Chain[0].Names;
        var isGood = names.Count > 0 && certificate.MatchesHostname(ExpectedName, allowWildcards: true, allowCommonName: false);
        var has = names.Count > 0 ? $"the certificate is for {string.Join(", ", names)}" : "the certificate has no subject alternative name, and common names do not count (RFC 9525)";
        Add("name", isGood, isGood ? $"{ExpectedName} is one of {string.Join(", ", names)}" : $"{ExpectedName} does not match: {has}");
    }

    private void AddTime()
    {
        if (Chain.Select(facts => facts.TimeProblem(Time) is { } problem ? $"{facts.Subject} {problem}" : null).FirstOrDefault(problem => problem is not null) is { } wrong)
        {
            Add("time", false, wrong);
            return;
        }

        var first = Chain.MinBy(facts => facts.NotAfter)!;
        var left = first.Left(Time);
        var text = string.Create(CultureInfo.InvariantCulture, $"{(int)left.TotalDays} days left, until {first.NotAfter:yyyy-MM-dd}");
        Add("time", left >= LeastLeft, left >= LeastLeft ? text : string.Create(CultureInfo.InvariantCulture, $"{text}: fewer than {LeastLeft.TotalDays:0.##} ({first.Subject})"));
    }

    private async Task AskHttp2Async(SslStream tls, CancellationToken cancellationToken)
    {
        const byte settings = 4;
        try
        {
            await tls.WriteAsync(Opening, cancellationToken).ConfigureAwait(false);
            var header = new byte[FrameHeaderLength];
            await tls.ReadExactlyAsync(header, cancellationToken).ConfigureAwait(false);
            var isHttp2 = header[3] == settings;
            Add("http2", isHttp2, isHttp2 ? "SETTINGS came" : "what came is no SETTINGS frame: the port speaks another protocol");
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            var hint = ClientCertificate is null ? "; it may ask for a client's certificate (--cert, --key)" : "; it may not trust the client's certificate";
            Add("http2", false, $"the server closed the connection: {Reason(e)}{hint}");
        }
    }

    // The innermost exception is what OpenSSL or the peer said.
    private static string Reason(Exception e) => e.GetBaseException().Message.TrimEnd('.');

    private void Add(string question, bool isGood, string answer) => _findings.Add(new EndpointFinding(question, isGood, answer));
}
