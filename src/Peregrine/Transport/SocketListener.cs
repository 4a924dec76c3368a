// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Diagnostics;

namespace Peregrine.Transport;

/// <summary>
/// The listening sockets of one address and their accept loops. <c>localhost</c> and names with several addresses listen on each;
/// <c>[::]</c> takes IPv4 connections as well. A Unix domain socket is one with a file.
/// </summary>
[SuppressMessage("Usage", "CA2213:Disposable fields should be disposed", Justification = "The accept loops still look at the token; a source without a timer holds nothing.")]
internal sealed class SocketListener : Listener
{
    // The kernel caps it (net.core.somaxconn, 4096 on current Linux); enough for a thundering herd of reconnecting clients.
    private const int Backlog = 4096;

    private static readonly TimeSpan PauseAfterError = TimeSpan.FromMilliseconds(100);

    private readonly List<Socket> _sockets = [];
    private readonly List<ListenerSnapshot> _observed = [];
    private readonly Action<Socket> _accepted;
    private readonly Action<Exception> _acceptFailed;
    private readonly TimeProvider _time;
    private readonly DescriptorReserve _descriptors;
    private readonly CancellationTokenSource _stopping = new();
    private int _port;

    private SocketListener(Action<Socket> accepted, Action<Exception> acceptFailed, TimeProvider time, DescriptorReserve descriptors)
    {
        _accepted = accepted;
        _acceptFailed = acceptFailed;
        _time = time;
        _descriptors = descriptors;
    }

    /// <inheritdoc/>
    public override int Port => _port;

    /// <inheritdoc/>
    public override IReadOnlyList<ListenerSnapshot> Observed => _observed;

    /// <summary>Opens the sockets; connections wait in the backlog until <see cref="Start"/>.</summary>
    /// <param name="address">The address.</param>
    /// <param name="accepted">Takes over each accepted socket; must return at once.</param>
    /// <param name="acceptFailed">Told why an accept failed; the loop goes on after a pause.</param>
    /// <param name="time">The clock of the pause.</param>
    /// <param name="descriptors">What connections leave of the process's descriptors; null for the reserve of this process.</param>
    /// <exception cref="IOException">The address cannot be listened on; the message names it and says why.</exception>
    public static SocketListener Open(
        ListenAddress address, Action<Socket> accepted, Action<Exception> acceptFailed, TimeProvider time, DescriptorReserve? descriptors = null)
    {
        var listener = new SocketListener(accepted, acceptFailed, time, descriptors ?? DescriptorReserve.OfProcess());
        try
        {
            if (address.Unix is { } unix)
            {
                listener.Bind(unix);
                return listener;
            }

            var addresses = Resolve(address.Host);
            for (var i = 0; i < addresses.Length; i++)
            {
                listener.Bind(addresses[i], i == 0 ? address.Port : listener.Port, isOptional: i > 0);
            }
        }
        catch (UnauthorizedAccessException e)
        {
            listener.Dispose();
            throw new IOException($"Listening on {address.Text} failed: {e.Message}", e);
        }
        catch (SocketException e)
        {
            listener.Dispose();
            var why = e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => $"the {(address.Unix is null ? "port" : "socket")} is already taken by another program or server",
                SocketError.AddressNotAvailable => "this machine has no such address",
                SocketError.AccessDenied when address.Unix is null => "access denied; ports below 1024 need privileges",
                _ => e.Message,
            };
            throw new IOException($"Listening on {address.Text} failed: {why}.", e);
        }

        return listener;
    }

    /// <summary>Begins to accept; connections that came before waited in the backlog.</summary>
    public override void Start()
    {
        foreach (var socket in _sockets)
        {
            _ = AcceptAsync(socket);
        }
    }

    /// <summary>Stops listening: connections that wait in the backlog are refused.</summary>
    public override void Dispose()
    {
        _stopping.Cancel();
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }
    }

    private static IPAddress[] Resolve(string host) => host switch
    {
        "*" => [IPAddress.IPv6Any],
        "localhost" => [IPAddress.Loopback, IPAddress.IPv6Loopback],
        _ when IPAddress.TryParse(host, out var address) => [address],
        _ => Dns.GetHostAddresses(host),
    };

    private void Bind(IPAddress address, int port, bool isOptional)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(Backlog);
        }
        catch (SocketException e) when (isOptional && e.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
        {
            // A machine without IPv6 has no ::1; localhost is its IPv4 address there.
            socket.Dispose();
            return;
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        Keep(socket);
        _port = ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private void Keep(Socket socket)
    {
        var address = socket.LocalEndPoint!;
        _sockets.Add(socket);
        _observed.Add(new ListenerSnapshot { Id = LiveEntities.NextId(), Address = PeerAddress.Format(address), LocalEndPoint = address });
    }

    private void Bind(UnixDomainSocketEndPoint endPoint)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // A server that was killed leaves its file, and nobody could listen there again. One that stops takes its file along.
            var path = endPoint.ToString();
            if (File.Exists(path) && IsAbandoned(endPoint))
            {
                File.Delete(path);
            }

            socket.Bind(endPoint);
            socket.Listen(Backlog);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        Keep(socket);
    }

    private static bool IsAbandoned(UnixDomainSocketEndPoint endPoint)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(endPoint);
            return false;
        }
        catch (SocketException e)
        {
            // Files of other kinds refuse, too, but can be opened: they are left alone, and listening there fails.
            return e.SocketErrorCode == SocketError.ConnectionRefused && !CanOpen(endPoint.ToString());
        }
    }

    private static bool CanOpen(string path)
    {
        try
        {
            File.OpenHandle(path).Dispose();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e is UnauthorizedAccessException;
        }
    }

    private async Task AcceptAsync(Socket socket)
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket connection;
            try
            {
                connection = await socket.AcceptAsync(_stopping.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                if (_stopping.IsCancellationRequested)
                {
                    return;
                }

                // Out of descriptors, or a connection that was reset before it was accepted: report, pause, go on.
                _acceptFailed(e);
                await PauseAsync().ConfigureAwait(false);
                continue;
            }

            var isLast = _descriptors.IsReachedBy(connection);
            try
            {
                if (connection.ProtocolType == ProtocolType.Tcp)
                {
                    connection.NoDelay = true;
                }

                _accepted(connection);
            }
            catch (Exception e)
            {
                // Whatever goes wrong with one connection: the loop goes on, or nobody would be accepted any more.
                connection.Dispose();
                _acceptFailed(e);
            }

            if (isLast)
            {
                await WaitForDescriptorsAsync().ConfigureAwait(false);
            }
        }
    }

    // Who comes meanwhile waits in the backlog, and the connections that there are go on.
    private async Task WaitForDescriptorsAsync()
    {
        _acceptFailed(new IOException(
            $"{_descriptors.Bound} file descriptors of this process are open, and the rest is kept for its threads and files. Connections are accepted again "
            + "when some have ended; raise the limit of open files (ulimit -n, LimitNOFILE) for more."));
        do
        {
            await PauseAsync().ConfigureAwait(false);
        }
        while (!_stopping.IsCancellationRequested && !_descriptors.HasRoom());
    }

    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(PauseAfterError, _time, _stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Stopping: the loop ends by its condition.
        }
    }
}
