// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Endurance.Faults;

/// <summary>A TCP proxy on 127.0.0.1 that hurts the connections through it as a <see cref="Fault"/> says.</summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;
    private long _up;
    private long _down;

    /// <param name="targetPort">Where new connections lead.</param>
    public FaultProxy(int targetPort)
    {
        TargetPort = targetPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Where new connections lead.</summary>
    public int TargetPort { get; set; }

    /// <summary>What happens to new connections.</summary>
    public Fault Fault { get; set; } = Fault.None;

    /// <summary>Octets that went through: from the client and to it, over all connections.</summary>
    public (long Up, long Down) Octets => (Interlocked.Read(ref _up), Interlocked.Read(ref _down));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        Task[] connections;
        lock (_gate)
        {
            connections = [.. _connections];
        }

        await Task.WhenAll(connections);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptSocketAsync(_stopping.Token);
                lock (_gate)
                {
                    _connections.Add(Task.Run(() => ServeAsync(client, Fault, TargetPort)));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proxy stops.
        }
    }

    [SuppressMessage("Reliability", "CA2025", Justification = "Closing the sockets is what ends the other direction.")]
    private async Task ServeAsync(Socket client, Fault fault, int port)
    {
        using (client)
        using (Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true })
        {
            try
            {
                client.NoDelay = true;
                await server.ConnectAsync(IPAddress.Loopback, port, _stopping.Token);
                Task up = PumpAsync(client, server, fault, fault.CutUp, count => Interlocked.Add(ref _up, count));
                Task down = PumpAsync(server, client, fault, fault.CutDown, count => Interlocked.Add(ref _down, count));
                await (await Task.WhenAny(up, down));
                await Task.WhenAll(up, down);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One side is gone, or the connection was cut: both sides close.
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Fault fault, long cutAfter, Action<int> count)
    {
        Random random = new(fault.Seed);
        byte[] buffer = new byte[16 << 10];
        while (true)
        {
            int wanted = (int)Math.Min(fault.LargestPiece, Math.Min(buffer.Length, Math.Max(cutAfter, 1)));
            int received = await from.ReceiveAsync(buffer.AsMemory(0, wanted), SocketFlags.None, _stopping.Token);
            if (received == 0)
            {
                to.Shutdown(SocketShutdown.Send);
                return;
            }

            if (cutAfter == 0)
            {
                Cut(from, to);
                return;
            }

            if (fault.IsSilent)
            {
                continue;
            }

            if (fault.MaxDelay > 0)
            {
                await Task.Delay(random.Next(fault.MaxDelay), _stopping.Token);
            }

            count(received);
            await to.SendAsync(buffer.AsMemory(0, received), SocketFlags.None, _stopping.Token);
            cutAfter -= received;
            if (cutAfter == 0 && fault.CutsAtOnce)
            {
                Cut(from, to);
                return;
            }
        }
    }

    // With RST, as a process that dies or a firewall does.
    private static void Cut(params Socket[] sockets)
    {
        foreach (Socket socket in sockets)
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        }
    }
}
