// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;

namespace Peregrine.Credentials;

/// <summary>
/// A value made of something outside of this process, such as files, which is looked at again when the value is asked for: at most
/// once in <see cref="Interval"/>, without a timer or a watcher. What cannot be read leaves the value as it was: files that are being
/// replaced one after the other do not match for a moment. Used from many threads at once.
/// </summary>
internal sealed class Refreshed<T>
    where T : class
{
    /// <summary>How old a look may be.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Func<T?, T> _read;
    private readonly bool _canChange;
    private readonly TimeProvider _clock;
    private readonly Action<string, Exception> _failed;
    private volatile T _value;
    private long _lastLook;
    private string? _lastFailure;

    /// <summary>Reads for the first time; what that throws, this throws.</summary>
    /// <param name="read">Given the value that there is, null at first; gives the same object when nothing has changed.</param>
    /// <param name="canChange">Whether a second look can find something else.</param>
    /// <param name="clock">Says when to look again.</param>
    /// <param name="failed">Told once about each failure to read that is not the same as the one before it.</param>
    public Refreshed(Func<T?, T> read, bool canChange, TimeProvider clock, Action<string, Exception> failed)
    {
        _read = read;
        _canChange = canChange;
        _clock = clock;
        _failed = failed;
        _value = read(null);
        _lastLook = clock.GetTimestamp();
    }

    /// <summary>The value as of at most <see cref="Interval"/> ago.</summary>
    public T Current
    {
        get
        {
            // Who comes while another looks takes what there is.
            if (_canChange && _gate.TryEnter())
            {
                try
                {
                    Look();
                }
                finally
                {
                    _gate.Exit();
                }
            }

            return _value;
        }
    }

    private void Look()
    {
        var now = _clock.GetTimestamp();
        if (_clock.GetElapsedTime(_lastLook, now) < Interval)
        {
            return;
        }

        _lastLook = now;
        try
        {
            _value = _read(_value);
            _lastFailure = null;
        }
        catch (Exception e)
        {
            // Files, and code of the user: whatever it is, the handshake goes on with what was good.
            if (e.Message != _lastFailure)
            {
                _lastFailure = e.Message;
                _failed(e.Message, e);
            }
        }
    }
}
