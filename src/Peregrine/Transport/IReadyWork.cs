// SPDX-License-Identifier: Apache-2.0
using System.Threading;

namespace Peregrine.Transport;

/// <summary>
/// A piece of user code that is ready to run: the start of a handler, or what waits for a message. It runs on the thread that
/// read the bytes, after all events of one read were applied, or on the thread pool (<see cref="Http2Pump.Schedule"/>).
/// </summary>
internal interface IReadyWork : IThreadPoolWorkItem
{
    /// <summary>
    /// It was caught holding the reading thread, which went on elsewhere. Called on the watchdog's thread while the work
    /// still runs: note it and return.
    /// </summary>
    void OnStalled();
}
