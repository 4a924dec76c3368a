// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace Peregrine.Transport;

/// <summary>Plaintext bytes over a connected socket, which it owns.</summary>
internal class SocketDuplex : ByteDuplex
{
    private readonly Socket _socket;

    public SocketDuplex(Socket socket)
    {
        _socket = socket;

        // Send below is tried without waiting; what does not fit goes on asynchronously.
        socket.Blocking = false;
    }

    public override EndPoint? LocalEndPoint => SocketEnds.LocalOf(_socket);

    public override EndPoint? RemoteEndPoint => SocketEnds.RemoteOf(_socket);

    public override bool CanTryReceive => true;

    public override bool TryReceive(Span<byte> buffer, out int count)
    {
        count = _socket.Receive(buffer, SocketFlags.None, out var error);
        return error switch
        {
            SocketError.Success => true,
            SocketError.WouldBlock => false,
            _ => throw new SocketException((int)error),
        };
    }

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => _socket.ReceiveAsync(buffer, SocketFlags.None);

    public override ValueTask SendAsync(List<ArraySegment<byte>> segments)
    {
        SocketError error;
        int sent;
        int total;
        if (segments.Count == 1)
        {
            total = segments[0].Count;
            sent = _socket.Send(segments[0].AsSpan(), SocketFlags.None, out error);
        }
        else
        {
            total = 0;
            foreach (var segment in segments)
            {
                total += segment.Count;
            }

            sent = _socket.Send(segments, SocketFlags.None, out error);
        }

        if (error is not (SocketError.Success or SocketError.WouldBlock))
        {
            return ValueTask.FromException(new SocketException((int)error));
        }

        return sent == total ? default : SendRestAsync(segments, sent);
    }

    public override ValueTask ShutdownSendAsync()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The peer was faster; nothing is left to shut down.
        }

        return default;
    }

    public override void Dispose() => _socket.Dispose();

    private async ValueTask SendRestAsync(List<ArraySegment<byte>> segments, int sent)
    {
        foreach (var segment in segments)
        {
            if (sent >= segment.Count)
            {
                sent -= segment.Count;
                continue;
            }

            var rest = segment.AsMemory(sent);
            sent = 0;
            while (!rest.IsEmpty)
            {
                rest = rest[await _socket.SendAsync(rest, SocketFlags.None).ConfigureAwait(false)..];
            }
        }
    }
}
