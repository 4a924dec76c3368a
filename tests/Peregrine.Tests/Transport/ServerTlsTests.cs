// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Peregrine.Credentials;
using Peregrine.Tests.Credentials;
using Peregrine.Tests.Serving;
using Peregrine.Transport;

namespace Peregrine.Tests.Transport;

/// <summary>Connections under TLS over loopback: what succeeds, and what each side says of what fails.</summary>
public class ServerTlsTests
{
    [Fact]
    public async Task Mutual_TLS_connects_and_closes_gracefully()
    {
        using var ca = new TestCertificates();
        await using var server = await new ServerFixture()
            .StartAsync(new SslServerCredentials([ca.Issue("localhost")], ca.AuthorityPem, SslClientCertificateRequestType.RequestAndRequireAndVerify));
        var transport = await ConnectAsync(server.Port, new SslCredentials(ca.AuthorityPem, ca.Issue("client")));
        Assert.True(transport.IsSecure);
        Assert.Equal($"ipv4:127.0.0.1:{server.Port}", transport.Peer);
        await transport.CloseAsync().WaitAsync(RawClient.Patience);
        Assert.True(transport.IsClosed);
    }

    [Fact]
    public async Task A_handshake_may_have_more_time_than_a_timer_waits()
    {
        using var ca = new TestCertificates();
        var fixture = new ServerFixture();
        fixture.Options.HandshakeTimeout = TimeSpan.FromDays(60);
        await using var server = await fixture.StartAsync(new SslServerCredentials([ca.Issue("localhost")]));
        var transport = await ConnectAsync(server.Port, new SslCredentials(ca.AuthorityPem));
        await transport.CloseAsync().WaitAsync(RawClient.Patience);
    }

    [Fact]
    public async Task A_wrong_authority_is_named_by_the_client()
    {
        using var ca = new TestCertificates();
        using var other = new TestCertificates();
        await using var server = await new ServerFixture().StartAsync(new SslServerCredentials([ca.Issue("localhost")]));
        var exception = await Assert.ThrowsAsync<TransportException>(() => ConnectAsync(server.Port, new SslCredentials(other.AuthorityPem)));
        Assert.Equal(TransportPhase.Tls, exception.Phase);
        Assert.Contains("localhost", exception.Message);
    }

    [Fact]
    public async Task A_missing_client_certificate_is_explained_to_the_client()
    {
        using var ca = new TestCertificates();
        await using var server = await new ServerFixture()
            .StartAsync(new SslServerCredentials([ca.Issue("localhost")], ca.AuthorityPem, SslClientCertificateRequestType.RequestAndRequireAndVerify));
        var exception = await Assert.ThrowsAsync<TransportException>(() => ConnectAsync(server.Port, new SslCredentials(ca.AuthorityPem)));
        Assert.Contains("certificate", exception.Message);
    }

    [Fact]
    public async Task A_TLS_client_on_a_plaintext_port_is_told_so()
    {
        using var ca = new TestCertificates();
        await using var server = await new ServerFixture().StartAsync();
        var exception = await Assert.ThrowsAsync<TransportException>(() => ConnectAsync(server.Port, new SslCredentials(ca.AuthorityPem)));
        Assert.Contains("plaintext", exception.Message);
    }

    [Fact]
    public async Task A_plaintext_client_on_a_TLS_port_is_told_so()
    {
        using var ca = new TestCertificates();
        await using var server = await new ServerFixture().StartAsync(new SslServerCredentials([ca.Issue("localhost")]));
        var exception = await Assert.ThrowsAsync<TransportException>(() => ConnectAsync(server.Port, null));
        Assert.Equal(TransportPhase.Settings, exception.Phase);
        Assert.Contains("TLS", exception.Message);
    }

    [Fact]
    public async Task A_refused_connection_asks_whether_the_server_runs()
    {
        await using var server = await new ServerFixture().StartAsync();
        await server.Server.KillAsync();
        var exception = await Assert.ThrowsAsync<TransportException>(() => ConnectAsync(server.Port, null));
        Assert.Equal(TransportPhase.Connect, exception.Phase);
        Assert.Contains("is the server running", exception.Message);
    }

    private static Task<ClientTransport> ConnectAsync(int port, SslCredentials? credentials) => ClientTransport.ConnectAsync(
        new IPEndPoint(IPAddress.Loopback, port),
        new ClientTransportOptions
        {
            TargetName = "localhost",
            Tls = credentials is null ? null : new ClientTls(credentials, TimeProvider.System),
        },
        new NoEvents(),
        CancellationToken.None).WaitAsync(RawClient.Patience);

    private sealed class NoEvents : ClientTransportEvents;
}
