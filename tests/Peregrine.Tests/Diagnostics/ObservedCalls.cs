// SPDX-License-Identifier: Apache-2.0
using Peregrine.Client;
using Peregrine.Tests.Client;
using Peregrine.Tests.Serving;

namespace Peregrine.Tests.Diagnostics;

/// <summary>A server and a channel to it, whose calls a test observes.</summary>
internal sealed class ObservedCalls : IAsyncDisposable
{
    public static readonly Method<string, string> Unary = ServerFixture.Method(MethodType.Unary, "Unary");

    private GrpcChannel? _channel;

    public ServerFixture Fixture { get; } = new();

    public GrpcChannelOptions Options { get; } = new();

    public CallInvoker Invoker => _channel!.CreateCallInvoker();

    public string Target => $"dns:///localhost:{Fixture.Port}";

    public async Task<ObservedCalls> StartAsync(UnaryServerMethod<string, string> handler)
    {
        _ = await Fixture.Unary(handler).StartAsync();
        _channel = GrpcChannel.ForAddress($"http://localhost:{Fixture.Port}", Options);
        return this;
    }

    public async Task<ObservedCalls> StartInProcessAsync(UnaryServerMethod<string, string> handler)
    {
        _ = await Fixture.Unary(handler).StartAsync();
        var address = $"inproc:observed-{Fixture.Port}";
        _ = await Fixture.Server.ListenAsync(address, ServerCredentials.Insecure);
        _channel = GrpcChannel.ForAddress(address, Options);
        return this;
    }

    public Task<string> CallAsync(string request = "hi", CallOptions options = default) =>
        Invoker.AsyncUnaryCall(Unary, null, options, request).ResponseAsync.WaitAsync(ScriptedConnection.Patience);

    public Task ShutdownChannelAsync() => _channel!.ShutdownAsync().WaitAsync(ScriptedConnection.Patience);

    public async ValueTask DisposeAsync()
    {
        if (_channel is not null)
        {
            await ShutdownChannelAsync();
        }

        await Fixture.DisposeAsync();
    }
}
