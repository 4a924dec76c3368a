// SPDX-License-Identifier: Apache-2.0
using Greet;
using Peregrine;
using Xunit;

namespace Contract;

/// <summary>Programs of the native package: Server, ServerPort, Channel, ChannelOption.</summary>
public class NativeServerTests
{
    const string Host = "127.0.0.1";

    [Fact]
    public async Task A_hello_world_program_runs()
    {
        Server server = new Server
        {
            Services = { Greeter.BindService(new GreeterService()) },
            Ports = { new ServerPort(Host, ServerPort.PickUnused, ServerCredentials.Insecure) }
        };
        server.Start();
        int port = server.Ports.Single().BoundPort;

        Channel channel = new Channel(Host, port, ChannelCredentials.Insecure);
        var client = new Greeter.GreeterClient(channel);
        var reply = client.SayHello(new HelloRequest { Name = "you" });
        Assert.Equal("Hello you", reply.Message);
        Assert.Equal(ConnectivityState.Ready, channel.State);
        Assert.False(await channel.TryWaitForStateChangedAsync(ConnectivityState.Ready, DateTime.UtcNow));

        channel.ShutdownAsync().Wait();
        Assert.True(channel.ShutdownToken.IsCancellationRequested);
        server.ShutdownAsync().Wait();
        await server.ShutdownTask;
    }

    [Fact]
    public async Task Ports_add_returns_the_bound_port_and_options_are_named()
    {
        var server = new Server(new[]
        {
            new ChannelOption(ChannelOptions.MaxConcurrentStreams, 10),
            new ChannelOption(ChannelOptions.MaxReceiveMessageLength, 100),
            new ChannelOption(ChannelOptions.MaxSendMessageLength, -1)
        });
        server.Services.Add(Greeter.BindService(new GreeterService()));
        int port = server.Ports.Add(Host, ServerPort.PickUnused, ServerCredentials.Insecure);
        int secondPort = server.Ports.Add(new ServerPort(Host, 0, ServerCredentials.Insecure));
        Assert.NotEqual(port, secondPort);
        server.Start();

        var options = new List<ChannelOption>
        {
            new ChannelOption(ChannelOptions.SslTargetNameOverride, "foo.test.google.fr"),
            new ChannelOption(ChannelOptions.DefaultAuthority, "bar.test.google.fr"),
            new ChannelOption(ChannelOptions.PrimaryUserAgentString, "contract/1.0"),
            new ChannelOption(ChannelOptions.MaxReceiveMessageLength, 1000),
            new ChannelOption(ChannelOptions.MaxSendMessageLength, 500)
        };
        var channel = new Channel($"{Host}:{port}", ChannelCredentials.Insecure, options);
        await channel.ConnectAsync(deadline: DateTime.UtcNow.AddSeconds(20));
        Assert.Contains(port.ToString(), channel.ResolvedTarget);
        var client = new Greeter.GreeterClient(channel);
        Assert.Equal("Hello a", (await client.SayHelloAsync(new HelloRequest { Name = "a" })).Message);

        var tooLong = Assert.Throws<RpcException>(() => client.SayHello(new HelloRequest { Name = new string('x', 200) }));
        Assert.Equal(StatusCode.ResourceExhausted, tooLong.StatusCode);

        await channel.ShutdownAsync();
        await server.KillAsync();
    }

    [Fact]
    public void An_option_that_is_not_known_is_refused_instead_of_ignored()
    {
        var error = Assert.Throws<ArgumentException>(() => new Server(new[] { new ChannelOption("grpc.no_such_option", 1) }));
        Assert.Contains("grpc.no_such_option", error.Message);
        error = Assert.Throws<ArgumentException>(() => new Channel("localhost:1", ChannelCredentials.Insecure, new[] { new ChannelOption("grpc.no_such_option", 1) }));
        Assert.Contains("grpc.no_such_option", error.Message);
    }
}
