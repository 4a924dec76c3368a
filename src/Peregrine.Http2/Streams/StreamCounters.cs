// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2.Streams;

/// <summary>Counts the streams of a connection, for <see cref="Http2Counters"/>.</summary>
internal struct StreamCounters()
{
    public long RemoteStarted;
    public long Succeeded;
    public long Failed;
    public long LastLocal = -1;
    public long LastRemote = -1;

    /// <summary>The peer has opened a stream.</summary>
    public void OnRemote(long now)
    {
        RemoteStarted++;
        LastRemote = now;
    }

    /// <summary>A stream is about to be closed, and has still the state that it had before.</summary>
    public void OnClosing(Http2Stream stream)
    {
        if (stream.LocallyOpened ? stream.RemoteEnded : stream.EndQueued)
        {
            Succeeded++;
        }
        else
        {
            Failed++;
        }
    }
}
