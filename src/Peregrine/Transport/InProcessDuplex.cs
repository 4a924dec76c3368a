// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace Peregrine.Transport;

/// <summary>One end of a connection inside the process: two bounded pipes instead of a socket. HTTP/2 runs on it as on any other.</summary>
internal sealed class InProcessDuplex : ByteDuplex
{
    private readonly InProcessPipe _incoming;
    private readonly InProcessPipe _outgoing;

    private InProcessDuplex(InProcessPipe incoming, InProcessPipe outgoing)
    {
        _incoming = incoming;
        _outgoing = outgoing;
    }

    /// <summary>Makes both ends of a connection.</summary>
    public static (InProcessDuplex Client, InProcessDuplex Server) CreatePair()
    {
        var requests = new InProcessPipe();
        var responses = new InProcessPipe();
        return (new InProcessDuplex(responses, requests), new InProcessDuplex(requests, responses));
    }

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => _incoming.ReceiveAsync(buffer);

    public override ValueTask SendAsync(List<ArraySegment<byte>> segments) => _outgoing.SendAsync(segments);

    public override ValueTask ShutdownSendAsync()
    {
        _outgoing.End();
        return default;
    }

    public override void Dispose()
    {
        _outgoing.End();
        _incoming.Close();
    }
}
