// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Peregrine.Credentials;
using Peregrine.Tests.Serving;
using Peregrine.Transport;

namespace Peregrine.Tests.Credentials;

/// <summary>The limit of TLS handshakes that go on at once.</summary>
public sealed class HandshakeGateTests : IDisposable
{
    private static readonly TimeSpan Patience = RawClient.Patience;
    private readonly TestCertificates _authority = new();
    private readonly ServerTls _server;
    private readonly ClientTls _client;

    public HandshakeGateTests()
    {
        _server = new ServerTls(new SslServerCredentials([_authority.Issue("localhost")]), TimeProvider.System);
        _client = new ClientTls(new SslCredentials(_authority.AuthorityPem), TimeProvider.System);
    }

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task A_handshake_beyond_the_limit_waits_for_its_turn()
    {
        var gate = new HandshakeGate(1);
        await gate.EnterAsync(default);
        using var sockets = Sockets.Connect();
        var server = TlsHandshake.AsServerAsync(sockets.Far, _server, gate, "the peer", default);
        var client = TlsHandshake.AsClientAsync(sockets.Near, _client, "localhost", "the server", default);
        Assert.True(SpinWait.SpinUntil(() => gate.Waiting == 1, Patience));
        Assert.False(server.IsCompleted || client.IsCompleted);
        gate.Leave();
        (await server.WaitAsync(Patience)).Duplex.Dispose();
        (await client.WaitAsync(Patience)).Duplex.Dispose();
        Assert.Equal(0, gate.Waiting);
        Assert.True(gate.EnterAsync(default).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Who_waits_too_long_is_refused_with_the_reason_and_takes_no_place()
    {
        var gate = new HandshakeGate(1);
        await gate.EnterAsync(default);
        using var sockets = Sockets.Connect();
        using var time = new CancellationTokenSource();
        var server = TlsHandshake.AsServerAsync(sockets.Far, _server, gate, "the peer", time.Token);
        await sockets.Near.SendAsync(await StalledHandshake.HelloAsync());
        Assert.True(SpinWait.SpinUntil(() => gate.Waiting == 1, Patience));
        await time.CancelAsync();
        var failure = await Assert.ThrowsAsync<TransportException>(() => server.WaitAsync(Patience));
        Assert.Contains("MaxConcurrentHandshakes", failure.Message, StringComparison.Ordinal);
        gate.Leave();
        Assert.True(gate.EnterAsync(default).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_connection_that_says_nothing_takes_no_place_and_one_that_fails_gives_its_back()
    {
        await using var calls = await TlsCalls.StartAsync(
            new SslServerCredentials([_authority.Issue("localhost")]), options => options.MaxConcurrentHandshakes = 1);
        using var silent = RawClient.ConnectSocket(calls.Port);
        Assert.Equal("", await calls.CallAsync(new SslCredentials(_authority.AuthorityPem)));
        using (await StalledHandshake.StartAsync(calls.Port))
        {
        }

        Assert.Equal("", await calls.CallAsync(new SslCredentials(_authority.AuthorityPem)));
    }

    private sealed record Sockets(Socket Near, Socket Far) : IDisposable
    {
        public static Sockets Connect()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var near = RawClient.ConnectSocket(((IPEndPoint)listener.LocalEndpoint).Port);
            return new Sockets(near, listener.AcceptSocket());
        }

        public void Dispose()
        {
            Near.Dispose();
            Far.Dispose();
        }
    }
}
