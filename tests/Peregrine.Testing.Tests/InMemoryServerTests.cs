// SPDX-License-Identifier: Apache-2.0
using Greet;
using Peregrine.Client;

namespace Peregrine.Testing.Tests;

public sealed class InMemoryServerTests
{
    private static readonly GreetRequest Request = new() { Name = "world" };

    [Fact]
    public async Task Two_servers_do_not_meet()
    {
        await using var first = InMemoryServer.Start(Greeter.BindService(new GreeterService()));
        await using var second = InMemoryServer.Start();
        Assert.NotEqual(first.Address, second.Address);
        Assert.Equal("Hello, world", (await new Greeter.GreeterClient(first.Channel).GreetAsync(Request)).Text);
        var failure = await Assert.ThrowsAsync<RpcException>(() => new Greeter.GreeterClient(second.Channel).GreetAsync(Request).ResponseAsync);
        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
        _ = second.Server.AddService(Greeter.BindService(new GreeterService()));
        Assert.Equal("Hello, world", (await new Greeter.GreeterClient(second.Channel).GreetAsync(Request)).Text);
    }

    [Fact]
    public async Task Options_reach_server_and_channels()
    {
        var options = new InMemoryServerOptions { Channel = { MaxReceiveMessageSize = 5 }, Server = { EnableDetailedErrors = true } };
        await using var server = InMemoryServer.Start(options, Greeter.BindService(new GreeterService()));
        server.Faults.Add(Fault.Throw(new InvalidOperationException("shown")) with { Calls = 1 });
        var client = new Greeter.GreeterClient(server.Channel);
        Assert.Contains("shown", (await Assert.ThrowsAsync<RpcException>(() => client.GreetAsync(Request).ResponseAsync)).Status.Detail, StringComparison.Ordinal);
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(() => client.GreetAsync(Request).ResponseAsync)).StatusCode);
        var other = new Greeter.GreeterClient(server.CreateChannel(new GrpcChannelOptions()));
        Assert.Equal("Hello, world", (await other.GreetAsync(Request)).Text);
    }

    [Fact]
    public async Task Disposing_cancels_what_runs_and_takes_the_channels_along()
    {
        var server = InMemoryServer.Start(Greeter.BindService(new GreeterService()));
        var channel = server.Channel;
        Assert.Same(channel, server.Channel);
        var running = new Greeter.GreeterClient(channel).GreetAsync(new GreetRequest { Name = "sloth" }).ResponseAsync;
        await channel.ConnectAsync(TestContext.Current.CancellationToken);
        await server.DisposeAsync();
        await Assert.ThrowsAsync<RpcException>(() => running);
        Assert.Equal(ConnectivityState.Shutdown, channel.State);
        Assert.Throws<ObjectDisposedException>(() => server.CreateChannel());
        Assert.Same(channel, server.Channel);
    }
}
