// SPDX-License-Identifier: Apache-2.0

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Peregrine.Cli.Certificates;

namespace Peregrine.Cli.Tests.Certificates;

/// <summary>A TLS server on this machine that answers the preface of HTTP/2 with SETTINGS.</summary>
internal sealed class TlsEndpoint : IDisposable
{
    private const int OpeningLength = 33;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly SslServerAuthenticationOptions _options;

    /// <param name="folder">Where <c>server.crt</c>, <c>server.key</c> and <c>ca.crt</c> lie.</param>
    /// <param name="asksForClients">Whether a client needs a certificate of <c>ca.crt</c>.</param>
    /// <param name="protocol">What ALPN offers.</param>
    public TlsEndpoint(string folder, bool asksForClients = false, SslApplicationProtocol? protocol = null)
    {
        X509Certificate2 own = CertificateFiles.ReadPair(Path.Combine(folder, "server.crt"), Path.Combine(folder, "server.key"));
        string authority = Path.Combine(folder, "ca.crt");
        _options = new SslServerAuthenticationOptions
        {
            ServerCertificate = own,
            ApplicationProtocols = [protocol ?? SslApplicationProtocol.Http2],
            ClientCertificateRequired = asksForClients,
            CertificateChainPolicy = asksForClients ? PolicyOf(authority) : null,
            RemoteCertificateValidationCallback = (_, certificate, _, errors) => !asksForClients || (certificate is not null && errors == SslPolicyErrors.None),
        };
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public void Dispose() => _listener.Dispose();

    private static X509ChainPolicy PolicyOf(string authority)
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(authority);
        return policy;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                await ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using SslStream tls = new(client.GetStream());
        try
        {
            await tls.AuthenticateAsServerAsync(_options);
            await tls.ReadExactlyAsync(new byte[OpeningLength]);
            await tls.WriteAsync(new byte[] { 0, 0, 0, 4, 0, 0, 0, 0, 0 });
            await tls.CopyToAsync(Stream.Null);
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // What the client's side says is what the test looks at.
        }
    }
}
