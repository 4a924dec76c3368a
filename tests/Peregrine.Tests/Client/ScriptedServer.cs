// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Peregrine.Tests.Client;

/// <summary>A server on loopback that does what a test tells it: accepts connections as bare HTTP/2, with no gRPC of its own.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<ScriptedConnection> _connections = [];

    internal ScriptedServer(int port = 0)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen(16);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
    }

    internal int Port { get; }

    internal string Address => $"http://127.0.0.1:{Port}";

    /// <summary>Whether a connection that nobody has accepted is there.</summary>
    internal bool HasPendingConnection => _listener.Poll(0, SelectMode.SelectRead);

    /// <summary>Accepts a connection that speaks HTTP/2.</summary>
    internal async Task<ScriptedConnection> AcceptAsync(int maxConcurrentStreams = 100, int maxHeaderListSize = 8192)
    {
        var connection = new ScriptedConnection(await AcceptSocketAsync(), maxConcurrentStreams, maxHeaderListSize);
        _connections.Add(connection);
        return connection;
    }

    /// <summary>Accepts a connection and says nothing on it.</summary>
    internal async Task<Socket> AcceptSocketAsync()
    {
        var socket = await _listener.AcceptAsync().WaitAsync(ScriptedConnection.Patience);
        socket.NoDelay = true;
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }
    }
}
