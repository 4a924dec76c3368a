// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
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
    public async Task Connections_that_say_nothing_or_nothing_after_their_hello_take_no_place()
    {
        await using var calls = await TlsCalls.StartAsync(
            new SslServerCredentials([_authority.Issue("localhost")]), options => options.MaxConcurrentHandshakes = 1);
        using var silent = RawClient.ConnectSocket(calls.Port);
        Assert.Equal("", await calls.CallAsync(new SslCredentials(_authority.AuthorityPem)));
        using var stalled = await StalledHandshake.StartAsync(calls.Port);
        Assert.Equal("", await calls.CallAsync(new SslCredentials(_authority.AuthorityPem)));
    }

    [Fact]
    public async Task What_a_client_sends_after_its_hello_is_looked_at_in_turn_and_a_failure_gives_the_place_back()
    {
        var gate = new HandshakeGate(1);
        using var sockets = Sockets.Connect();
        var server = TlsHandshake.AsServerAsync(sockets.Far, _server, gate, "the peer", default);
        await sockets.Near.SendAsync(await StalledHandshake.HelloAsync());
        Assert.Equal(1, await sockets.Near.ReceiveAsync(new byte[1]).WaitAsync(Patience));
        await gate.EnterAsync(default).WaitAsync(Patience);
        await sockets.Near.SendAsync("no TLS at all"u8.ToArray());
        Assert.True(SpinWait.SpinUntil(() => gate.Waiting == 1, Patience));
        Assert.False(server.IsCompleted);
        gate.Leave();
        _ = await Assert.ThrowsAsync<TransportException>(() => server.WaitAsync(Patience));
        Assert.True(gate.EnterAsync(default).IsCompletedSuccessfully);
        Assert.False(gate.EnterAsync(default).IsCompleted);
    }

    [Fact]
    public async Task Whatever_goes_wrong_is_a_failure_of_the_handshake()
    {
        var gate = new HandshakeGate(1);
        var clock = new BrokenClock();
        var pair = _authority.Issue("localhost");
        using var withKey = X509Certificate2.CreateFromPem(pair.CertificateChain, pair.PrivateKey);
        var tls = new ServerTls(
            SslServerCredentials.FromOptions(new SslServerCredentialsOptions { Certificates = { CertificateSource.FromCallback(() => [withKey]) } }), clock);
        using var sockets = Sockets.Connect();
        clock.IsBroken = true;
        var server = TlsHandshake.AsServerAsync(sockets.Far, tls, gate, "the peer", default);
        await sockets.Near.SendAsync(await StalledHandshake.HelloAsync());
        var failure = await Assert.ThrowsAsync<TransportException>(() => server.WaitAsync(Patience));
        Assert.Contains("the clock is broken", failure.Message, StringComparison.Ordinal);
        Assert.True(gate.EnterAsync(default).IsCompletedSuccessfully);
    }

    // What throws in the middle of a handshake, as code of users may.
    private sealed class BrokenClock : TimeProvider
    {
        public bool IsBroken { get; set; }

        public override long GetTimestamp() => IsBroken ? throw new ArithmeticException("the clock is broken") : base.GetTimestamp();
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
