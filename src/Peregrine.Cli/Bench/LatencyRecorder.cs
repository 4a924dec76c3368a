// SPDX-License-Identifier: Apache-2.0

using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace Peregrine.Cli.Bench;

/// <summary>Takes down how calls and messages ended, until it is emptied into a total. Safe for several threads; one for each connection keeps them apart.</summary>
/// <param name="window">Says what counts.</param>
internal sealed class LatencyRecorder(RunWindow window)
{
    private const int MaxDetailLength = 1000;

    private readonly Lock _gate = new();
    private readonly Recording _recording = new();

    /// <summary>A call ended.</summary>
    /// <param name="begun">When it began or, in an open loop, was due.</param>
    /// <param name="ended">When it ended.</param>
    /// <param name="status">Its status.</param>
    /// <param name="detail">What the status says more.</param>
    /// <param name="sent">Octets of the one message sent; negative when messages are counted by themselves.</param>
    /// <param name="received">Octets of the one message received; negative when messages are counted by themselves.</param>
    public void Call(long begun, long ended, StatusCode status, string? detail = null, long sent = -1, long received = -1)
    {
        // A stream may begin in the warm-up and live until the end: that it failed before must not stay unseen.
        var isLateFailure = status != StatusCode.OK && begun < window.From && ended >= window.From && !window.IsCutOff;
        if (!window.Counts(begun) && !isLateFailure)
        {
            return;
        }

        lock (_gate)
        {
            if (window.IsCutOff)
            {
                _recording.Unfinished++;
                return;
            }

            CollectionsMarshal.GetValueRefOrAddDefault(_recording.Statuses, status, out _)++;
            (status == StatusCode.OK ? _recording.Calls : _recording.Failures).Record(Nanoseconds(ended - begun));
            if (status != StatusCode.OK)
            {
                KeepDetail(status, detail ?? "");
            }

            _recording.SentMessages += sent < 0 ? 0 : 1;
            _recording.SentBytes += Math.Max(sent, 0);
            _recording.ReceivedMessages += received < 0 ? 0 : 1;
            _recording.ReceivedBytes += Math.Max(received, 0);
        }
    }

    /// <summary>A message was answered.</summary>
    /// <param name="begun">When it was sent or due.</param>
    /// <param name="answered">When its answer came.</param>
    public void Answer(long begun, long answered)
    {
        if (window.Counts(begun))
        {
            lock (_gate)
            {
                _recording.Messages.Record(Nanoseconds(answered - begun));
            }
        }
    }

    /// <summary>Messages went out.</summary>
    /// <param name="when">When.</param>
    /// <param name="bytes">Octets of all of them.</param>
    /// <param name="count">How many.</param>
    public void Sent(long when, long bytes, int count = 1)
    {
        if (window.Counts(when))
        {
            lock (_gate)
            {
                _recording.SentMessages += count;
                _recording.SentBytes += bytes;
            }
        }
    }

    /// <summary>Messages came.</summary>
    /// <param name="when">When.</param>
    /// <param name="bytes">Octets of all of them.</param>
    /// <param name="count">How many.</param>
    public void Received(long when, long bytes, int count = 1)
    {
        lock (_gate)
        {
            _recording.IsAnswered = true;
            if (window.Counts(when))
            {
                _recording.ReceivedMessages += count;
                _recording.ReceivedBytes += bytes;
            }
        }
    }

    /// <summary>The server ended a connection.</summary>
    public void ConnectionEnded()
    {
        lock (_gate)
        {
            _recording.EndedConnections++;
        }
    }

    /// <summary>Adds what was taken down since the last time to a total.</summary>
    public void DrainTo(Recording total)
    {
        lock (_gate)
        {
            total.Add(_recording);
            _recording.Clear();
        }
    }

    // The first of each status, and not all of what a server may send.
    private void KeepDetail(StatusCode status, string detail)
    {
        if (!_recording.Details.ContainsKey(status))
        {
            _recording.Details.Add(status, detail.Length <= MaxDetailLength ? detail : string.Concat(detail.AsSpan(0, MaxDetailLength), "..."));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long Nanoseconds(long ticks) => (long)(ticks * window.NanosecondsPerTick);
}
