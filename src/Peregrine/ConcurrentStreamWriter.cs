// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine;

/// <summary>Puts writers of one stream in a row: who comes while a write is in progress waits for its turn. Thread-safe.</summary>
internal abstract class ConcurrentStreamWriter<T>(IAsyncStreamWriter<T> stream) : IAsyncStreamWriter<T>
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Turn> _waiting = new();
    private bool _isBusy;

    public WriteOptions? WriteOptions { get; set; } = stream.WriteOptions;

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        var options = WriteOptions;
        return RunInTurn(
            () =>
            {
                stream.WriteOptions = options;
                return cancellationToken.CanBeCanceled ? stream.WriteAsync(message, cancellationToken) : stream.WriteAsync(message);
            },
            cancellationToken);
    }

    /// <summary>Runs an operation on the stream behind all that came before.</summary>
    protected Task RunInTurn(Func<Task> operation, CancellationToken cancellationToken)
    {
        Turn? turn = null;
        lock (_lock)
        {
            if (_isBusy)
            {
                // Watched before anybody can begin it, and so end the watch.
                turn = new Turn(this, operation, cancellationToken);
                _ = _waiting.AddLast(turn);
                turn.Watch();
            }

            _isBusy = true;
        }

        if (turn is not null)
        {
            return turn.Task;
        }

        // Most writes complete at once: then the task that the stream gave is the answer.
        var running = Start(operation);
        if (!running.IsCompleted)
        {
            turn = new Turn(this, operation, CancellationToken.None);
            _ = RunTurnsAsync(turn, running);
            return turn.Task;
        }

        if (TakeNext() is { } next)
        {
            _ = RunTurnsAsync(next, Start(next.Operation));
        }

        return running;
    }

    // Ends the turn that runs, before it begins the next: so tasks complete in the order in which the writes came.
    private async Task RunTurnsAsync(Turn turn, Task running)
    {
        while (true)
        {
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            turn.End(running);
            if (TakeNext() is not { } next)
            {
                return;
            }

            turn = next;
            running = Start(next.Operation);
        }
    }

    private Turn? TakeNext()
    {
        Turn next;
        lock (_lock)
        {
            if (_waiting.First is not { } first)
            {
                _isBusy = false;
                return null;
            }

            next = first.Value;
            _waiting.RemoveFirst();
        }

        next.Unwatch();
        return next;
    }

    private static Task Start(Func<Task> operation)
    {
        try
        {
            return operation();
        }
        catch (Exception e)
        {
            // A writer's errors surface where the task is awaited.
            return Task.FromException(e);
        }
    }

    private bool TryTakeOut(Turn turn)
    {
        lock (_lock)
        {
            return _waiting.Remove(turn);
        }
    }

    private sealed class Turn(ConcurrentStreamWriter<T> owner, Func<Task> operation, CancellationToken cancellationToken)
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private CancellationTokenRegistration _registration;

        public Func<Task> Operation => operation;

        public Task Task => _done.Task;

        /// <summary>From now on the token takes the write out, as long as it waits.</summary>
        public void Watch() => _registration = cancellationToken.UnsafeRegister(static turn => ((Turn)turn!).TakeOut(), this);

        public void Unwatch() => _ = _registration.Unregister();

        public void End(Task ended) => _done.SetFromTask(ended);

        private void TakeOut()
        {
            if (owner.TryTakeOut(this))
            {
                _done.SetCanceled(cancellationToken);
            }
        }
    }
}
