// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Concurrent;
using System.Threading;

namespace Peregrine.Transport;

/// <summary>
/// A few threads that wait for the sockets of all server connections, and read a connection where they find something to read: what came
/// is handled by the thread that was woken by it, without a queue and a second wake-up between.
/// </summary>
/// <remarks>
/// All threads wait on one set of sockets and take one at a time, so a thread that is busy keeps nothing from the others. One that user
/// code holds is replaced by the watchdog (<see cref="PollingThread.Replace"/>): as many as there are processors go on waiting,
/// however many are blocked. They live as long as the process, and sleep in the kernel while nothing comes.
/// </remarks>
internal sealed class ReadinessPoller
{
    private static readonly Lazy<ReadinessPoller?> Lazy = new(TryCreate);

    private readonly int _epoll;
    private readonly ConcurrentDictionary<uint, PolledSocketDuplex> _watched = new();
    private uint _lastKey;

    private ReadinessPoller(int epoll) => _epoll = epoll;

    /// <summary>The process's only one; null where the system has no such thing.</summary>
    public static ReadinessPoller? Shared => Lazy.Value;

    /// <summary>Tells the duplex of everything that arrives at its socket, and of what has arrived already. False: the system refuses.</summary>
    /// <param name="duplex">The duplex.</param>
    /// <param name="descriptor">Its socket, open.</param>
    /// <param name="key">For <see cref="Forget"/>.</param>
    public bool TryWatch(PolledSocketDuplex duplex, int descriptor, out uint key)
    {
        do
        {
            key = Interlocked.Increment(ref _lastKey);
        }
        while (!_watched.TryAdd(key, duplex));

        if (LinuxEpoll.TryAdd(_epoll, descriptor, key))
        {
            return true;
        }

        Forget(key);
        return false;
    }

    /// <summary>The socket is about to be closed, which takes it out of the kernel's set.</summary>
    public void Forget(uint key) => _watched.TryRemove(key, out _);

    private static ReadinessPoller? TryCreate()
    {
        if (!OperatingSystem.IsLinux() || LinuxEpoll.Create() is var epoll && epoll < 0)
        {
            return null;
        }

        ReadinessPoller poller = new(epoll);
        for (var i = 0; i < Math.Max(2, Environment.ProcessorCount); i++)
        {
            poller.StartThread();
        }

        return poller;
    }

    private void StartThread() => new PollingThread(this).Start();

    private void Poll(PollingThread self)
    {
        while (!self.IsReplaced)
        {
            // A key that is not there any more is that of a connection that was closed a moment ago.
            if (LinuxEpoll.Wait(_epoll, out var key, out var isLast) && _watched.TryGetValue(key, out var duplex))
            {
                duplex.OnReadable(isLast);
            }
        }
    }

    /// <summary>One of the threads.</summary>
    internal sealed class PollingThread(ReadinessPoller poller)
    {
        [ThreadStatic]
        private static PollingThread? _current;

        private volatile bool _isReplaced;

        /// <summary>The thread that asks; null when it is none of these.</summary>
        public static PollingThread? Current => _current;

        /// <summary>Whether another thread waits in its place: it ends when user code lets it go.</summary>
        public bool IsReplaced => _isReplaced;

        /// <summary>Begins to wait.</summary>
        public void Start() => new Thread(Run) { IsBackground = true, Name = "Peregrine sockets" }.UnsafeStart();

        /// <summary>Lets another thread wait in its place, once.</summary>
        public void Replace()
        {
            if (_isReplaced)
            {
                return;
            }

            try
            {
                poller.StartThread();
                _isReplaced = true;
            }
            catch (OutOfMemoryException)
            {
                // The system has no more threads to give; the others go on, and this one when it is let go.
            }
        }

        private void Run()
        {
            _current = this;
            poller.Poll(this);
        }
    }
}
