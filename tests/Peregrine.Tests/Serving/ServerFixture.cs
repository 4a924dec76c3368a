// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Tests.Serving;

/// <summary>A server with one method of each kind, whose handlers a test gives.</summary>
internal sealed class ServerFixture : IAsyncDisposable
{
    private readonly ServerServiceDefinition.Builder _builder = ServerServiceDefinition.CreateBuilder();
    private readonly List<RawClient> _clients = [];

    public GrpcServerOptions Options { get; } = new();

    public GrpcServer Server { get; private set; } = null!;

    public int Port { get; private set; }

    public static Method<string, string> Method(MethodType type, string name) =>
        new(type, "test.Svc", name, Marshallers.StringMarshaller, Marshallers.StringMarshaller);

    public ServerFixture Unary(UnaryServerMethod<string, string> handler, string name = "Unary")
    {
        _builder.AddMethod(Method(MethodType.Unary, name), handler);
        return this;
    }

    public ServerFixture ClientStreaming(ClientStreamingServerMethod<string, string> handler)
    {
        _builder.AddMethod(Method(MethodType.ClientStreaming, "ClientStreaming"), handler);
        return this;
    }

    public ServerFixture ServerStreaming(ServerStreamingServerMethod<string, string> handler)
    {
        _builder.AddMethod(Method(MethodType.ServerStreaming, "ServerStreaming"), handler);
        return this;
    }

    public ServerFixture Duplex(DuplexStreamingServerMethod<string, string> handler)
    {
        _builder.AddMethod(Method(MethodType.DuplexStreaming, "Duplex"), handler);
        return this;
    }

    public async Task<ServerFixture> StartAsync(ServerCredentials? credentials = null)
    {
        Server = new GrpcServer(Options);
        Server.AddService(_builder.Build());
        Port = await Server.ListenAsync("127.0.0.1:0", credentials ?? ServerCredentials.Insecure);
        return this;
    }

    public RawClient Connect(bool reads = true, Peregrine.Http2.Http2ConnectionOptions? options = null)
    {
        var client = new RawClient(Port, reads, options);
        _clients.Add(client);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.KillAsync().WaitAsync(RawClient.Patience);
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        await Server.DisposeAsync();
    }
}
