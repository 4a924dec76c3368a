// SPDX-License-Identifier: Apache-2.0
using System.IO.Compression;
using Greet;
using Microsoft.Extensions.Logging.Abstractions;
using Peregrine;
using Peregrine.Client;
using Peregrine.Compression;
using Xunit;

namespace Contract;

/// <summary>GrpcChannel and its options.</summary>
public class ChannelUsageTests
{
    [Fact]
    public async Task A_channel_is_made_with_options_connected_watched_and_shut_down()
    {
        await using var server = new RunningServer(Greeter.BindService(new GreeterService()));
        using var channel = GrpcChannel.ForAddress(new Uri(server.Address), new GrpcChannelOptions
        {
            Credentials = ChannelCredentials.Insecure,
            MaxSendMessageSize = 2 * 1024 * 1024,
            MaxReceiveMessageSize = 5 * 1024 * 1024,
            CompressionProviders = new List<ICompressionProvider> { new GzipCompressionProvider(CompressionLevel.Fastest) },
            LoggerFactory = NullLoggerFactory.Instance,
            ThrowOperationCanceledOnCancellation = true,
            UnsafeUseInsecureChannelCallCredentials = true,
            MaxReconnectBackoff = TimeSpan.FromSeconds(10),
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(100)
        });

        Assert.Equal(ConnectivityState.Idle, channel.State);
        Assert.Contains(server.Port.ToString(), channel.Target);
        var changed = channel.WaitForStateChangedAsync(ConnectivityState.Idle, TestContext.Current.CancellationToken);
        await channel.ConnectAsync(TestContext.Current.CancellationToken);
        await changed;
        Assert.Equal(ConnectivityState.Ready, channel.State);

        // Call credentials are sent without TLS because the options say so.
        var credentials = CallCredentials.FromInterceptor((context, metadata) =>
        {
            metadata.Add("ask", context.MethodName);
            return Task.CompletedTask;
        });
        var client = new Greeter.GreeterClient(channel);
        var call = client.SayHelloAsync(new HelloRequest { Name = "x" }, new CallOptions(credentials: credentials).WithWaitForReady());
        await call;
        Assert.Equal("SayHello", call.GetTrailers().GetValue("answer"));

        using var cts = new CancellationTokenSource();
        cts.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await client.SayHelloAsync(new HelloRequest(), cancellationToken: cts.Token));

        await channel.ShutdownAsync();
        Assert.Equal(ConnectivityState.Shutdown, channel.State);
    }

    [Fact]
    public async Task An_address_without_a_server_is_unavailable()
    {
        int port;
        await using (var server = new RunningServer())
        {
            port = server.Port;
        }

        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        var client = new Greeter.GreeterClient(channel);
        var ex = await Assert.ThrowsAsync<RpcException>(async () => await client.SayHelloAsync(new HelloRequest()));
        Assert.Equal(StatusCode.Unavailable, ex.StatusCode);
        Assert.Empty(ex.Trailers);
    }
}
