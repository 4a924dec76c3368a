// SPDX-License-Identifier: Apache-2.0
using Peregrine.Client;
using Peregrine.Tests.Client;
using Peregrine.Tests.Diagnostics;
using Peregrine.Tests.Serving;

namespace Peregrine.Tests.Credentials;

/// <summary>A server under TLS that answers who its client is, and calls of clients with any credentials; each call has a channel of its own.</summary>
internal sealed class TlsCalls : IAsyncDisposable
{
    private static readonly Method<string, string> WhoAmI = ServerFixture.Method(MethodType.Unary, "Unary");
    private readonly ServerFixture _fixture = new();
    private readonly LogTests.Recorder _log = new();
    private readonly List<GrpcChannel> _channels = [];

    /// <summary>What is heard, of both sides.</summary>
    public LogTests.Recorder Log => _log;

    public ManualTime Time { get; } = new(DateTimeOffset.UtcNow);

    public int Port => _fixture.Port;

    public static async Task<TlsCalls> StartAsync(SslServerCredentials credentials, Action<GrpcServerOptions>? configure = null)
    {
        var calls = new TlsCalls();
        calls._fixture.Options.LoggerFactory = calls._log;
        calls._fixture.Options.TimeProvider = calls.Time;
        configure?.Invoke(calls._fixture.Options);
        await calls._fixture
            .Unary((_, context) => Task.FromResult(string.Join(' ', context.AuthContext.PeerIdentity.Select(one => one.Value))))
            .StartAsync(credentials);
        return calls;
    }

    /// <summary>A channel that stays open until the end.</summary>
    public GrpcChannel Connect(ChannelCredentials credentials, string name = "localhost", Action<GrpcChannelOptions>? configure = null)
    {
        var options = new GrpcChannelOptions { Credentials = credentials, SslTargetNameOverride = name, LoggerFactory = _log, TimeProvider = Time };
        configure?.Invoke(options);
        var channel = GrpcChannel.ForAddress($"127.0.0.1:{Port}", options);
        _channels.Add(channel);
        return channel;
    }

    public static Task<string> CallAsync(GrpcChannel channel) =>
        channel.CreateCallInvoker().AsyncUnaryCall(WhoAmI, null, default, "").ResponseAsync.WaitAsync(ScriptedConnection.Patience);

    /// <summary>Breaks all connections; the next call of the channel makes a new one.</summary>
    public async Task ReconnectAsync(GrpcChannel channel)
    {
        var changed = channel.WaitForStateChangedAsync(ConnectivityState.Ready);
        _fixture.Server.AbortConnections();
        await changed.WaitAsync(ScriptedConnection.Patience);
    }

    /// <summary>The names that the server sees of the client.</summary>
    public Task<string> CallAsync(ChannelCredentials credentials, string name = "localhost") => CallAsync(Connect(credentials, name));

    /// <summary>What the client says of a call that must fail.</summary>
    public async Task<string> FailAsync(ChannelCredentials credentials, string name = "localhost") =>
        (await ClientTestBase.FailsAsync(CallAsync(credentials, name), StatusCode.Unavailable)).Status.Detail;

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels)
        {
            await channel.ShutdownAsync().WaitAsync(ScriptedConnection.Patience);
        }

        await _fixture.DisposeAsync();
        _log.Dispose();
    }
}
