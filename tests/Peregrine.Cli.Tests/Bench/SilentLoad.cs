// SPDX-License-Identifier: Apache-2.0

using Peregrine.Cli.Bench;

namespace Peregrine.Cli.Tests.Bench;

/// <summary>The load of a server that answers some calls, and the rest never, or only with messages.</summary>
/// <param name="window">Says which calls begin.</param>
/// <param name="answered">How many are answered.</param>
/// <param name="streams">Whether messages come all the time.</param>
internal sealed class SilentLoad(RunWindow window, int answered, bool streams = false) : ILoad
{
    private readonly LatencyRecorder _recorder = new(window);
    private readonly TaskCompletionSource _aborted = new();

    public int Outstanding => 0;

    public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task RunAsync()
    {
        long now = window.Time.GetTimestamp();
        int open = 0;
        for (int i = 0; window.TryBegin(now); i++)
        {
            if (i < answered)
            {
                _recorder.Call(now, now + 1, StatusCode.OK);
            }
            else
            {
                open++;
            }
        }

        await _aborted.Task;
        for (int i = 0; i < open; i++)
        {
            _recorder.Call(now, now, StatusCode.Cancelled);
        }
    }

    public void Begin(long due) => throw new NotSupportedException();

    public void Send(long number, long due) => throw new NotSupportedException();

    public void EndSchedule()
    {
    }

    public void DrainTo(Recording total)
    {
        _recorder.DrainTo(total);
        total.ReceivedMessages += streams ? 1 : 0;
        total.IsAnswered |= streams;
    }

    public void Abort() => _aborted.SetResult();
}
