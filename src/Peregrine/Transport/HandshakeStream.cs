// SPDX-License-Identifier: Apache-2.0
using System;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Transport;

/// <summary>
/// The bytes below a server's TLS handshake, which holds a place of the gate only while it computes: whoever reads waits for the client, and
/// waits without a place. Used by one handshake, one operation at a time; once it is over, a plain stream.
/// </summary>
internal sealed class HandshakeStream(Socket socket, HandshakeGate gate) : NetworkStream(socket, ownsSocket: false)
{
    private bool _isCounted;
    private bool _hasPlace;

    /// <summary>Whether it waits for a place, or gave up while it waited.</summary>
    public bool WaitsForPlace { get; private set; }

    /// <summary>The client has said hello: takes a place, and from now on again whenever the client has sent something.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        _isCounted = true;
        return TakePlaceAsync(cancellationToken);
    }

    /// <summary>The handshake is over, well or not.</summary>
    public void End()
    {
        _isCounted = false;
        LeavePlace();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _isCounted ? ReadWithoutPlaceAsync(buffer, cancellationToken) : base.ReadAsync(buffer, cancellationToken);

    private async ValueTask<int> ReadWithoutPlaceAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        LeavePlace();
        var count = await base.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        await TakePlaceAsync(cancellationToken).ConfigureAwait(false);
        return count;
    }

    private async ValueTask TakePlaceAsync(CancellationToken cancellationToken)
    {
        WaitsForPlace = true;
        await gate.EnterAsync(cancellationToken).ConfigureAwait(false);
        WaitsForPlace = false;
        _hasPlace = true;
    }

    private void LeavePlace()
    {
        if (_hasPlace)
        {
            _hasPlace = false;
            gate.Leave();
        }
    }
}
