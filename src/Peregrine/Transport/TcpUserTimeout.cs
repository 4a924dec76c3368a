// SPDX-License-Identifier: Apache-2.0
using System;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Peregrine.Transport;

/// <summary>
/// How long TCP waits for the acknowledgment of sent bytes (gRFC A18): the system's own limit is some fifteen minutes, for which calls would
/// hang on a server that lost its power.
/// </summary>
internal static class TcpUserTimeout
{
    // IPPROTO_TCP and TCP_USER_TIMEOUT of Linux (RFC 5482); other systems have nothing like it that .NET could reach.
    private const int Tcp = 6;
    private const int UserTimeout = 18;

    /// <summary>Sets the limit, where there is such a thing.</summary>
    public static void Set(Socket socket, TimeSpan timeout)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        Span<byte> value = stackalloc byte[sizeof(int)];
        MemoryMarshal.Write(value, (int)Math.Min(timeout.TotalMilliseconds, int.MaxValue));
        try
        {
            socket.SetRawSocketOption(Tcp, UserTimeout, value);
        }
        catch (SocketException)
        {
            // A sandbox may lack the option; keepalive pings still find a server that is gone.
        }
    }
}
