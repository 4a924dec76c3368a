// SPDX-License-Identifier: Apache-2.0
using Peregrine.Client;

namespace Peregrine.Tests.Client;

public sealed class ChannelTests : ClientTestBase
{
    [Fact]
    public void An_address_without_scheme_needs_credentials()
    {
        Assert.Contains(
            "Credentials", Assert.Throws<InvalidOperationException>(() => GrpcChannel.ForAddress("localhost:5000")).Message, StringComparison.Ordinal);
        using var channel = GrpcChannel.ForAddress("localhost:5000", new GrpcChannelOptions { Credentials = ChannelCredentials.Insecure });
        Assert.Equal("localhost:5000", channel.Target);
    }

    [Theory]
    [InlineData("http://localhost:1", true)]
    [InlineData("https://localhost:1", false)]
    public void Credentials_that_contradict_the_scheme_are_refused(string address, bool tls)
    {
        var options = new GrpcChannelOptions { Credentials = tls ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure };
        Assert.Throws<InvalidOperationException>(() => GrpcChannel.ForAddress(address, options));
    }

    [Fact]
    public void Target_of_an_http_address_is_its_authority()
    {
        using var channel = GrpcChannel.ForAddress(new Uri("http://localhost:5000"));
        Assert.Equal("localhost:5000", channel.Target);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Connect(options => options.MaxReceiveMessageSize = -1));
        Assert.Throws<ArgumentException>(() => Connect(options => options.InitialReconnectBackoff = TimeSpan.Zero));
    }

    [Fact]
    public async Task Call_credentials_on_plaintext_are_UNAUTHENTICATED_before_anything_is_sent()
    {
        var fetched = false;
        var credentials = CallCredentials.FromInterceptor((_, _) =>
        {
            fetched = true;
            return Task.CompletedTask;
        });
        var channel = Connect();
        var thrown = await FailsAsync(CallUnary(channel, new CallOptions(credentials: credentials)).ResponseAsync, StatusCode.Unauthenticated);

        Assert.Contains("plaintext", thrown.Status.Detail, StringComparison.Ordinal);
        Assert.False(fetched);
        Assert.Equal(ConnectivityState.Idle, channel.State);
    }

    [Fact]
    public async Task Call_credentials_are_fetched_for_each_call_and_sent()
    {
        var count = 0;
        var credentials = CallCredentials.FromInterceptor(
            async (context, metadata) =>
            {
                await Task.Yield();
                Assert.Equal("Unary", context.MethodName);
                metadata.Add("authorization", $"Bearer {++count}");
            },
            requireTransportSecurity: false);
        var channel = Connect(options => options.Credentials = ChannelCredentials.Create(ChannelCredentials.Insecure, credentials));
        ScriptedConnection? peer = null;
        for (var i = 1; i <= 2; i++)
        {
            var call = CallUnary(channel);
            peer ??= await Server.AcceptAsync();
            var request = await peer.ExpectRequestAsync();
            Assert.Equal($"Bearer {i}", request.Header("authorization"));
            peer.Respond(request.Stream!, "ok");
            Assert.Equal("ok", await call.ResponseAsync.WaitAsync(Patience));
        }
    }

    [Fact]
    public async Task Call_credentials_that_throw_are_UNAUTHENTICATED()
    {
        var credentials = CallCredentials.FromInterceptor((_, _) => throw new InvalidOperationException("no token"), requireTransportSecurity: false);
        var thrown = await FailsAsync(CallUnary(Connect(), new CallOptions(credentials: credentials)).ResponseAsync, StatusCode.Unauthenticated);
        Assert.Contains("no token", thrown.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_old_channel_shape_makes_calls_with_its_options()
    {
        var channel = new Peregrine.Channel(
            "127.0.0.1",
            Server.Port,
            ChannelCredentials.Insecure,
            [new ChannelOption(ChannelOptions.DefaultAuthority, "name.test"), new ChannelOption(ChannelOptions.PrimaryUserAgentString, "app/1")]);
        var call = channel.CreateCallInvoker().AsyncUnaryCall(Unary, null, default, "hi");
        var peer = await Server.AcceptAsync();
        var request = await peer.ExpectRequestAsync();
        Assert.Equal("name.test", request.Header(":authority"));
        Assert.StartsWith("app/1 grpc-csharp-peregrine/", request.Header("user-agent"), StringComparison.Ordinal);
        peer.Respond(request.Stream!, "ok");
        Assert.Equal("ok", await call.ResponseAsync.WaitAsync(Patience));
        Assert.Equal(ConnectivityState.Ready, channel.State);

        var shutdown = channel.ShutdownAsync();
        Assert.True(channel.ShutdownToken.IsCancellationRequested);
        await peer.DisposeAsync();
        await shutdown.WaitAsync(Patience);
    }

    [Fact]
    public void The_old_channel_shape_refuses_options_that_it_does_not_know() => Assert.Contains(
        "'grpc.nonsense'",
        Assert.Throws<ArgumentException>(() => new Peregrine.Channel("a:1", ChannelCredentials.Insecure, [new ChannelOption("grpc.nonsense", 1)])).Message,
        StringComparison.Ordinal);
}
