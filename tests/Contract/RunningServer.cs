// SPDX-License-Identifier: Apache-2.0
using Peregrine;

namespace Contract;

/// <summary>The server of the native package, listening on a port that it picks.</summary>
public sealed class RunningServer : IAsyncDisposable
{
    private readonly Server _server;

    public RunningServer(params ServerServiceDefinition[] services)
    {
        _server = new Server
        {
            Ports = { new ServerPort("127.0.0.1", ServerPort.PickUnused, ServerCredentials.Insecure) }
        };
        foreach (var service in services)
        {
            _server.Services.Add(service);
        }

        _server.Start();
        Port = _server.Ports.Single().BoundPort;
    }

    public int Port { get; }

    public string Address => $"http://127.0.0.1:{Port}";

    public async ValueTask DisposeAsync()
    {
        await _server.KillAsync();
        await _server.ShutdownTask;
    }
}
