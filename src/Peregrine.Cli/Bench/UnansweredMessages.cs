// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Cli.Bench;

/// <summary>The messages of one stream that wait for their answers, of which the first is the first one's.</summary>
/// <param name="most">How many may wait; null for any number.</param>
/// <param name="areAnswered">Whether answers come at all.</param>
internal sealed class UnansweredMessages(int? most, bool areAnswered) : IDisposable
{
    private readonly Queue<long> _dues = new();
    private readonly SemaphoreSlim? _free = most is { } number ? new SemaphoreSlim(number) : null;
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Cancelled when no answer comes any longer.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Waits until one more may wait for its answer.</summary>
    /// <exception cref="OperationCanceledException">No answer comes any longer.</exception>
    public Task WaitAsync() => _free?.WaitAsync(Ended) ?? Task.CompletedTask;

    /// <summary>A message goes out.</summary>
    public void Add(long due)
    {
        if (areAnswered)
        {
            lock (_dues)
            {
                _dues.Enqueue(due);
            }
        }
    }

    /// <summary>An answer came. False for one that no message waits for.</summary>
    /// <param name="due">When the message was due.</param>
    public bool TryTake(out long due)
    {
        lock (_dues)
        {
            if (!_dues.TryDequeue(out due))
            {
                return false;
            }
        }

        _ = _free?.Release();
        return true;
    }

    /// <summary>No answer comes any longer.</summary>
    public void End() => _ended.Cancel();

    /// <summary>Gives memory back.</summary>
    public void Dispose()
    {
        _free?.Dispose();
        _ended.Dispose();
    }
}
