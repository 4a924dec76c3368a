// SPDX-License-Identifier: Apache-2.0
using System;
using System.Net;
using System.Net.Sockets;

namespace Peregrine.Transport;

/// <summary>Where a socket's ends are; null when it is closed, which may be at any moment.</summary>
internal static class SocketEnds
{
    public static EndPoint? LocalOf(Socket socket) => Ask(socket, static asked => asked.LocalEndPoint);

    public static EndPoint? RemoteOf(Socket socket) => Ask(socket, static asked => asked.RemoteEndPoint);

    private static EndPoint? Ask(Socket socket, Func<Socket, EndPoint?> ask)
    {
        try
        {
            return ask(socket);
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            return null;
        }
    }
}
