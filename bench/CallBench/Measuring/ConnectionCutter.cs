// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace CallBench.Measuring;

/// <summary>Stands between a client and a server on this machine, so that the connection can be cut: the client's next call makes another.</summary>
internal sealed class ConnectionCutter : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _serverPort;
    private volatile TcpClient? _current;

    public ConnectionCutter(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    /// <summary>Where the client connects to.</summary>
    public int Port { get; }

    /// <summary>Cuts the connection.</summary>
    public void Cut() => _current?.Dispose();

    public void Dispose()
    {
        _listener.Dispose();
        Cut();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                client.NoDelay = true;
                _current = client;
                _ = JoinAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was disposed of.
        }
    }

    private async Task JoinAsync(TcpClient client)
    {
        using TcpClient server = new() { NoDelay = true };
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _serverPort);
            await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(client.GetStream()));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // It was cut.
        }

        client.Dispose();
    }
}
