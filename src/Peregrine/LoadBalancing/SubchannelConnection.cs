// SPDX-License-Identifier: Apache-2.0
using System;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Http2;
using Peregrine.Transport;

namespace Peregrine.LoadBalancing;

/// <summary>
/// One connection of a <see cref="Subchannel"/>: the transport, since when it is idle, and the transport's notifications on their way
/// to the subchannel. It stays until its last stream has ended, also when the subchannel has long replaced it. Thread-safe.
/// </summary>
/// <param name="owner">The subchannel.</param>
/// <param name="backoffEnd">When the next attempt would have been made, had this one failed; in the subchannel's milliseconds.</param>
internal sealed class SubchannelConnection(Subchannel owner, long backoffEnd) : ClientTransportEvents
{
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _ended;
    private ClientTransport? _transport;
    private EndPoint? _address;
    private long _lastCallEnded;

    /// <summary>The transport. Set before any call sees this object.</summary>
    internal ClientTransport Transport => _transport!;

    /// <summary>The address that it was made to.</summary>
    internal EndPoint Address => _address!;

    /// <summary>
    /// When the next attempt would have been made, had this one failed; in the subchannel's milliseconds. A connection that ends before is
    /// no success, and no reason to try sooner.
    /// </summary>
    internal long BackoffEnd => backoffEnd;

    /// <summary>True once the connection takes no new streams: GOAWAY came, or it is closed.</summary>
    internal bool TakesNoStreams => _ended;

    /// <summary>What watches the server's health; null when nothing does. Set before any call sees this object.</summary>
    internal HealthWatch? Health { get; set; }

    /// <summary>Completes when the connection is closed.</summary>
    internal Task Closed => _closed.Task;

    /// <summary>The connection is ready: before any call sees it.</summary>
    internal void Attach(ClientTransport transport, EndPoint address)
    {
        _transport = transport;
        _address = address;
        OnCallEnded();
    }

    /// <summary>A call has given its stream back.</summary>
    internal void OnCallEnded() => Volatile.Write(ref _lastCallEnded, owner.Now());

    /// <summary>Whether it carries calls; the watch of the server's health is none.</summary>
    internal bool HasCalls => Transport.ActiveStreams > (Health is { HasStream: true } ? 1 : 0);

    /// <summary>Whether no call can have a stream, or those that become free are awaited.</summary>
    internal bool IsBusy => !Transport.CanOpenStream || owner.Slots.HasWaiters;

    /// <summary>Whether the watch has the only stream that the server allows.</summary>
    internal bool IsBlockedByHealth => Health is { HasStream: true } && Transport.PeerMaxConcurrentStreams == 1 && !HasCalls;

    /// <summary>Why calls avoid it, as it was logged; null while they do not. For the subchannel, under its lock.</summary>
    internal string? Unhealth { get; set; }

    /// <summary>Since when it carries no call; <paramref name="now"/> while it does.</summary>
    internal long IdleSince(long now) => HasCalls ? now : Volatile.Read(ref _lastCallEnded);

    /// <summary>Sends GOAWAY; the calls that run end, then it closes.</summary>
    internal void Close()
    {
        Health?.Stop();
        _ = Transport.CloseAsync();
    }

    public override void OnStreamsAvailable()
    {
        Health?.OnStreamsAvailable();
        owner.OnStreamsAvailable();
    }

    /// <summary>The watch has a stream: a call that took it for another call's looks again.</summary>
    internal void OnWatchBegan() => owner.OnStreamsAvailable();

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

    /// <summary>No call shall try this connection any more: tells the subchannel, which wakes those who wait for a slot.</summary>
    internal void EndStreams()
    {
        _ended = true;
        Health?.Stop();
        owner.Replace(this);
    }
}
