// SPDX-License-Identifier: Apache-2.0
using Peregrine.Client;

namespace Peregrine.Tests.Client;

/// <summary>What tests of the client share: a scripted server, a channel to it, text methods of all four kinds.</summary>
public abstract class ClientTestBase : IAsyncDisposable
{
    internal static readonly TimeSpan Patience = ScriptedConnection.Patience;
    internal static readonly Method<string, string> Unary = Text(MethodType.Unary);
    internal static readonly Method<string, string> ClientStreaming = Text(MethodType.ClientStreaming);
    internal static readonly Method<string, string> ServerStreaming = Text(MethodType.ServerStreaming);
    internal static readonly Method<string, string> Duplex = Text(MethodType.DuplexStreaming);

    private readonly List<GrpcChannel> _channels = [];

    internal ScriptedServer Server { get; } = new();

    internal GrpcChannel Connect(Action<GrpcChannelOptions>? configure = null, string? address = null)
    {
        var options = new GrpcChannelOptions();
        configure?.Invoke(options);
        var channel = GrpcChannel.ForAddress(address ?? Server.Address, options);
        _channels.Add(channel);
        return channel;
    }

    internal static Method<string, string> Text(MethodType type) =>
        new(type, "test.Echo", type.ToString(), Marshallers.StringMarshaller, Marshallers.StringMarshaller);

    internal static AsyncUnaryCall<string> CallUnary(GrpcChannel channel, CallOptions options = default, string request = "hi") =>
        channel.CreateCallInvoker().AsyncUnaryCall(Unary, null, options, request);

    internal static async Task<RpcException> FailsAsync(Task call, StatusCode code)
    {
        var thrown = await Assert.ThrowsAsync<RpcException>(() => call.WaitAsync(Patience));
        Assert.True(code == thrown.StatusCode, $"expected {code}, was {thrown.Status}");
        return thrown;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels)
        {
            await channel.ShutdownAsync().WaitAsync(Patience);
        }

        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
