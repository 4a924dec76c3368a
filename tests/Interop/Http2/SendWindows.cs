// SPDX-License-Identifier: Apache-2.0
namespace Interop.Http2;

/// <summary>How much DATA the client still takes, on the connection and on each stream (RFC 9113 section 5.2). Thread-safe.</summary>
internal sealed class SendWindows
{
    private const int Initial = 65535;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, long> _streams = [];
    private long _connection = Initial;
    private long _initial = Initial;
    private TaskCompletionSource _changed = New();

    public void Open(int stream)
    {
        lock (_gate)
        {
            _streams[stream] = _initial;
        }
    }

    /// <summary>WINDOW_UPDATE: stream 0 is the connection.</summary>
    public void Add(int stream, long octets)
    {
        lock (_gate)
        {
            if (stream == 0)
            {
                _connection += octets;
            }
            else if (_streams.TryGetValue(stream, out long window))
            {
                _streams[stream] = window + octets;
            }

            Wake();
        }
    }

    /// <summary>SETTINGS_INITIAL_WINDOW_SIZE, which moves all windows of streams.</summary>
    public void SetInitial(long octets)
    {
        lock (_gate)
        {
            foreach (int stream in _streams.Keys)
            {
                _streams[stream] += octets - _initial;
            }

            _initial = octets;
            Wake();
        }
    }

    /// <summary>Whether so much may be sent now; then it is taken from both windows.</summary>
    public bool TryTake(int stream, int octets)
    {
        lock (_gate)
        {
            if (_connection < octets || _streams[stream] < octets)
            {
                return false;
            }

            _connection -= octets;
            _streams[stream] -= octets;
            return true;
        }
    }

    /// <summary>Waits until so much may be sent, and takes it.</summary>
    public async Task TakeAsync(int stream, int octets)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                changed = _changed.Task;
            }

            if (TryTake(stream, octets))
            {
                return;
            }

            await changed;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Wake()
    {
        _changed.SetResult();
        _changed = New();
    }
}
