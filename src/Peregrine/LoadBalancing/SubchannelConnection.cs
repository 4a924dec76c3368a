// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading.Tasks;
using Peregrine.Http2;
using Peregrine.Transport;

namespace Peregrine.LoadBalancing;

/// <summary>
/// One connection of a <see cref="Subchannel"/>: the transport, the calls that wait for a stream slot on it, and the transport's
/// notifications on their way to the subchannel. It stays until its last stream has ended, also when the subchannel has long
/// replaced it. Thread-safe.
/// </summary>
internal sealed class SubchannelConnection(Subchannel owner) : ClientTransportEvents
{
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _ended;
    private ClientTransport? _transport;

    /// <summary>The calls that wait for the peer to let another stream begin.</summary>
    internal StreamSlotQueue Slots { get; } = new();

    /// <summary>The transport. Set before any call sees this object.</summary>
    internal ClientTransport Transport => _transport!;

    /// <summary>True once the connection takes no new streams: GOAWAY came, or it is closed.</summary>
    internal bool TakesNoStreams => _ended;

    /// <summary>Completes when the connection is closed.</summary>
    internal Task Closed => _closed.Task;

    internal void Attach(ClientTransport transport) => _transport = transport;

    public override void OnStreamsAvailable() => Slots.WakeFirst();

    public override void OnGoAway(in Http2Error error)
    {
        owner.OnGoAway(error);
        EndStreams();
    }

    public override void OnClosed(in Http2Error error, Exception? cause)
    {
        EndStreams();
        _ = _closed.TrySetResult();
        owner.Forget(this);
    }

    /// <summary>No call shall try this connection any more: tells the subchannel, wakes all that wait for a slot.</summary>
    internal void EndStreams()
    {
        _ended = true;
        owner.Replace(this);
        Slots.Close();
    }
}
