// SPDX-License-Identifier: Apache-2.0

using System;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Cli.Bench;

/// <summary>
/// When calls begin and which of them count: those that begin, or are due, behind the warm-up and before the end. All times are
/// timestamps of one clock. Safe for several threads.
/// </summary>
internal sealed class RunWindow
{
    private readonly TimeSpan _warmUp;
    private readonly TimeSpan _duration;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _callsLeft;
    private long _until = long.MinValue;
    private volatile bool _isCutOff;

    /// <summary>Makes one; nothing begins before <see cref="Start"/>.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="warmUp">How long calls begin that do not count.</param>
    /// <param name="duration">How long calls begin that count; null for as long as it takes.</param>
    /// <param name="calls">How many calls count; null for as many as begin in the time.</param>
    public RunWindow(TimeProvider time, TimeSpan warmUp, TimeSpan? duration, long? calls)
    {
        Time = time;
        _warmUp = warmUp;
        _duration = duration ?? TimeSpan.MaxValue;
        _callsLeft = calls ?? long.MaxValue;
        NanosecondsPerTick = 1e9 / time.TimestampFrequency;
    }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>What a timestamp's unit is.</summary>
    public double NanosecondsPerTick { get; }

    /// <summary>When the first call begins.</summary>
    public long Begin { get; private set; }

    /// <summary>When the first call begins that counts.</summary>
    public long From { get; private set; }

    /// <summary>When no call begins any longer.</summary>
    public long Until => Volatile.Read(ref _until);

    /// <summary>Whether what has no end yet was given up: how it ends says nothing of the server.</summary>
    public bool IsCutOff => _isCutOff;

    /// <summary>How many calls may begin yet that count; <see cref="long.MaxValue"/> for any number.</summary>
    public long CallsLeft => Math.Max(0, Volatile.Read(ref _callsLeft));

    /// <summary>Done when <see cref="Stop"/> was called.</summary>
    public Task Stopped => _stopped.Task;

    /// <summary>Begins now.</summary>
    public void Start()
    {
        Begin = Time.GetTimestamp();
        From = Begin + ToTicks(_warmUp);
        Volatile.Write(ref _until, _duration == TimeSpan.MaxValue ? long.MaxValue : From + ToTicks(_duration));
    }

    /// <summary>Ends now: no more calls begin.</summary>
    public void Stop()
    {
        var now = Time.GetTimestamp();
        if (now < Until)
        {
            Volatile.Write(ref _until, now);
        }

        _ = _stopped.TrySetResult();
    }

    /// <summary>Gives up what has no end yet.</summary>
    public void CutOff()
    {
        Stop();
        _isCutOff = true;
    }

    /// <summary>Whether a call may begin.</summary>
    /// <param name="begun">When it begins.</param>
    public bool TryBegin(long begun)
    {
        if (begun >= Until)
        {
            return false;
        }

        if (begun < From || Volatile.Read(ref _callsLeft) == long.MaxValue)
        {
            return true;
        }

        return Interlocked.Decrement(ref _callsLeft) >= 0;
    }

    /// <summary>Whether what began, or was due, at a time counts.</summary>
    public bool Counts(long begun) => begun >= From && begun < Until;

    /// <summary>A time span in the clock's unit.</summary>
    public long ToTicks(TimeSpan span) => (long)(span.TotalSeconds * Time.TimestampFrequency);
}
