// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;
using Peregrine.Client;
using Peregrine.Resolution;
using Peregrine.Tests.Credentials;
using Peregrine.Tests.Serving;

namespace Peregrine.Tests.Client;

/// <summary>Channels that reach their server through a proxy; the proxy is a socket that a test moves.</summary>
public sealed class ProxyTunnelTests : ClientTestBase
{
    private const string Target = "http://server.test:8080";
    private const string Password = "s3cret";

    // An empty SETTINGS frame.
    private static readonly byte[] Settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];

    [Fact]
    public async Task A_call_goes_through_the_tunnel_to_a_name_that_the_proxy_resolves()
    {
        var call = CallUnary(Connect(options => options.Proxy = ProxyWithUser(), Target));
        using var socket = await Server.AcceptSocketAsync();
        Assert.Equal(
            $"CONNECT server.test:8080 HTTP/1.1\r\nHost: server.test:8080\r\nProxy-Authorization: Basic {Convert.ToBase64String("joe:s3cret"u8)}\r\n\r\n",
            await ReceiveRequestAsync(socket));

        // What the server says first comes in one piece with the proxy's answer.
        _ = socket.Send([.. "HTTP/1.1 200 Connection established\r\n\r\n"u8, .. Settings]);
        await using var peer = new ScriptedConnection(socket, 100);
        var request = await peer.ExpectRequestAsync();
        Assert.Equal("server.test:8080", request.Header(":authority"));
        peer.Respond(request.Stream!, "through");
        Assert.Equal("through", await call.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task The_answer_may_come_byte_by_byte()
    {
        var call = CallUnary(Connect(options => options.Proxy = Proxy(), Target));
        using var socket = await Server.AcceptSocketAsync();
        Assert.DoesNotContain("Authorization", await ReceiveRequestAsync(socket), StringComparison.Ordinal);
        foreach (var value in "HTTP/1.1 200 OK\r\nVia: test\r\n\r\n"u8.ToArray())
        {
            _ = await socket.SendAsync(new[] { value });
        }

        await using var peer = new ScriptedConnection(socket, 100);
        peer.Respond((await peer.ExpectRequestAsync()).Stream!, "slowly");
        Assert.Equal("slowly", await call.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task TLS_is_between_channel_and_server()
    {
        using var certificates = new TestCertificates();
        await using var server = await new ServerFixture()
            .Unary((request, _) => Task.FromResult(request))
            .StartAsync(new SslServerCredentials([certificates.Issue("server.test")]));
        var channel = Connect(
            options =>
            {
                options.Credentials = new SslCredentials(certificates.AuthorityPem);
                options.Proxy = Proxy();
            },
            "https://server.test");
        var call = channel.CreateCallInvoker().AsyncUnaryCall(ServerFixture.Method(MethodType.Unary, "Unary"), null, default, "hi");
        using var socket = await Server.AcceptSocketAsync();
        Assert.StartsWith("CONNECT server.test:443 HTTP/1.1\r\n", await ReceiveRequestAsync(socket), StringComparison.Ordinal);
        using var onward = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await onward.ConnectAsync(IPAddress.Loopback, server.Port);
        _ = socket.Send("HTTP/1.1 200 OK\r\n\r\n"u8);
        await using var near = new NetworkStream(socket);
        await using var far = new NetworkStream(onward);
        var there = near.CopyToAsync(far);
        var back = far.CopyToAsync(near);
        Assert.Equal("hi", await call.ResponseAsync.WaitAsync(Patience));

        socket.Dispose();
        onward.Dispose();
        await there.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        await back.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
    }

    [Theory]
    [InlineData("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "\"HTTP/1.1 407 Proxy Authentication Required\"", "does not accept the user")]
    [InlineData("HTTP/1.1 403 Forbidden\r\n\r\n", "\"HTTP/1.1 403 Forbidden\"", "allow CONNECT")]
    [InlineData("HTTP/1.1 502 Bad Gateway\r\n\r\n", "\"HTTP/1.1 502 Bad Gateway\"", "server's name and port")]
    [InlineData("SSH-2.0-test\r\n", "\"S\"", "name an HTTP proxy")]
    [InlineData("HTTP/1.1 200 O", "before its answer was complete", "name an HTTP proxy")]
    [InlineData("", "before its answer was complete", "name an HTTP proxy")]
    public async Task What_the_proxy_refuses_is_UNAVAILABLE_and_names_proxy_answer_and_advice_but_no_password(string answer, string what, string advice)
    {
        var call = CallUnary(Connect(options => options.Proxy = ProxyWithUser(), Target));
        using var socket = await Server.AcceptSocketAsync();
        _ = await ReceiveRequestAsync(socket);
        _ = socket.Send(Encoding.ASCII.GetBytes(answer));
        socket.Shutdown(SocketShutdown.Send);

        var thrown = await FailsAsync(call.ResponseAsync, StatusCode.Unavailable);
        Assert.Contains($"server.test:8080 through the proxy 127.0.0.1:{Server.Port}", thrown.Status.Detail, StringComparison.Ordinal);
        Assert.Contains(what, thrown.Status.Detail, StringComparison.Ordinal);
        Assert.Contains(advice, thrown.Status.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, thrown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_wants_a_user_says_how_to_give_one()
    {
        var call = CallUnary(Connect(options => options.Proxy = Proxy(), Target));
        using var socket = await Server.AcceptSocketAsync();
        _ = await ReceiveRequestAsync(socket);
        _ = socket.Send("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"u8);
        var thrown = await FailsAsync(call.ResponseAsync, StatusCode.Unavailable);
        Assert.Contains("http://user:password@host:port", thrown.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endless_answer_is_cut_off()
    {
        var call = CallUnary(Connect(options => options.Proxy = Proxy(), Target));
        using var socket = await Server.AcceptSocketAsync();
        _ = await ReceiveRequestAsync(socket);
        _ = await socket.SendAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nX: " + new string('x', 20_000)));
        var thrown = await FailsAsync(call.ResponseAsync, StatusCode.Unavailable);
        Assert.Contains("at most 16384 bytes", thrown.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_proxy_is_given_up_after_20_s()
    {
        var time = new ManualTime();
        var call = CallUnary(Connect(
            options =>
            {
                options.Proxy = Proxy();
                options.TimeProvider = time;
            },
            Target));
        using var socket = await Server.AcceptSocketAsync();
        _ = await ReceiveRequestAsync(socket);
        time.Advance(TimeSpan.FromSeconds(20));
        var thrown = await FailsAsync(call.ResponseAsync, StatusCode.Unavailable);
        Assert.Contains("through the proxy", thrown.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("too long", thrown.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_is_not_there_is_named()
    {
        await Server.DisposeAsync();
        var thrown = await FailsAsync(CallUnary(Connect(options => options.Proxy = Proxy(), Target)).ResponseAsync, StatusCode.Unavailable);
        Assert.Contains($"the proxy 127.0.0.1:{Server.Port}", thrown.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("refused", thrown.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_whose_name_does_not_resolve_is_named_with_the_variable()
    {
        var channel = GrpcChannel.Create(
            ChannelTarget.Parse(Target),
            new GrpcChannelOptions { Proxy = FromEnvironment("http://joe:s3cret@nowhere.test:3128") },
            (_, _) => Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound)));
        var thrown = await FailsAsync(CallUnary(channel).ResponseAsync, StatusCode.Unavailable);
        await channel.ShutdownAsync();
        Assert.Contains("the proxy 'nowhere.test' (the environment variable https_proxy)", thrown.Status.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, thrown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_in_no_proxy_is_reached_directly()
    {
        var call = CallUnary(Connect(options => options.Proxy = FromEnvironment("http://127.0.0.1:1", "127.0.0.0/8")));
        var peer = await Server.AcceptAsync();
        peer.Respond((await peer.ExpectRequestAsync()).Stream!, "direct");
        Assert.Equal("direct", await call.ResponseAsync.WaitAsync(Patience));
    }

    [Theory]
    [InlineData("unix:/run/test.sock")]
    [InlineData("inproc:test")]
    public async Task A_target_without_a_network_is_reached_without_proxy(string target)
    {
        var parsed = ChannelTarget.Parse(target);
        var addresses = await new DnsResolver(parsed, secure: false, Proxy().Read()).ResolveAsync(TestContext.Current.CancellationToken);
        Assert.Equal(parsed.Addresses, addresses);
    }

    [Theory]
    [InlineData("ipv4:10.0.0.1:50051,10.0.0.2", "10.0.0.1:50051 10.0.0.2:443")]
    [InlineData("ipv6:[fd00::1]:50051", "[fd00::1]:50051")]
    [InlineData("dns:///server.test", "server.test:443")]
    [InlineData("http://server.test", "server.test:80")]
    [InlineData("http://bücher.test:1", "xn--bcher-kva.test:1")]
    public async Task Each_address_of_a_target_is_one_that_the_proxy_connects_to(string target, string expected)
    {
        var addresses = await new DnsResolver(ChannelTarget.Parse(target), secure: !target.StartsWith("http:", StringComparison.Ordinal), Proxy().Read())
            .ResolveAsync(TestContext.Current.CancellationToken);
        var tunnels = addresses.Cast<ProxiedEndPoint>().ToArray();
        Assert.Equal(expected, string.Join(' ', tunnels.Select(tunnel => tunnel.Target)));
        Assert.All(tunnels, tunnel => Assert.Equal(new IPEndPoint(IPAddress.Loopback, Server.Port), tunnel.ProxyAddress));
    }

    [Fact]
    public void A_variable_that_names_no_proxy_is_told_when_the_channel_is_made() =>
        Assert.Throws<InvalidOperationException>(() => Connect(options => options.Proxy = FromEnvironment("socks5://127.0.0.1:1")));

    private static ChannelProxy FromEnvironment(string proxy, string? exceptions = null) =>
        ChannelProxy.FromVariables(name => name == "https_proxy" ? proxy : name == "no_proxy" ? exceptions : null);

    private static async Task<string> ReceiveRequestAsync(Socket socket)
    {
        var request = new StringBuilder();
        var next = new byte[1];
        while (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            Assert.Equal(1, await socket.ReceiveAsync(next).WaitAsync(Patience));
            _ = request.Append((char)next[0]);
        }

        return request.ToString();
    }

    private ChannelProxy Proxy() => ChannelProxy.ForAddress(new Uri($"http://127.0.0.1:{Server.Port}"));

    private ChannelProxy ProxyWithUser() => ChannelProxy.ForAddress(new Uri($"http://joe:{Password}@127.0.0.1:{Server.Port}"));
}
