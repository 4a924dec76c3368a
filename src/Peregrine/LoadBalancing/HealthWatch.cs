// SPDX-License-Identifier: Apache-2.0
using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Http2;
using Peregrine.Transport;

namespace Peregrine.LoadBalancing;

/// <summary>Makes the watch of a connection.</summary>
internal delegate HealthWatch HealthWatchFactory(SubchannelConnection connection, HealthListener tell);

/// <summary>
/// Watches the health of one connection's server (gRFC A17), from when it is connected until it takes no more streams: calls Watch, tells what the answers
/// say, and calls anew, with backoff, when the call ends. A server that has no health service counts as healthy. While all streams of the connection are
/// calls', what was said last holds.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="check">What to send.</param>
/// <param name="backoff">The pauses between calls that brought no answer.</param>
/// <param name="time">The clock of the pauses.</param>
/// <param name="tell">Is told of each change: OK, or why calls should go elsewhere.</param>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The token source has no timer and no linked parents.")]
internal sealed class HealthWatch(
    SubchannelConnection connection, HealthCheck check, ConnectionBackoff backoff, TimeProvider time, HealthListener tell)
{
    // A status and unknown fields: far less in truth.
    private const int MaxResponseLength = 64 * 1024;

    private readonly CancellationTokenSource _stop = new();
    private volatile HealthStream? _stream;
    private volatile TaskCompletionSource _slot = NewSlot();
    private bool _isAnswered;

    /// <summary>Whether it has a stream of the connection open, which is no call's.</summary>
    internal bool HasStream => _stream is not null;

    /// <summary>Begins. Once.</summary>
    internal void Start() => _ = RunAsync();

    /// <summary>Ends it, so that its stream does not keep the connection open.</summary>
    internal void Stop()
    {
        // Never inline: what waits for the token is nothing for the caller's thread.
        _ = _stop.CancelAsync();
        _stream?.Stream.Reset(Http2ErrorCode.Cancel);
    }

    /// <summary>A stream can be opened on the connection.</summary>
    internal void OnStreamsAvailable() => _slot.TrySetResult();

    /// <summary>Ends it, so that calls have its stream; what was said last holds for as long as the connection.</summary>
    /// <returns>False: it had been ended.</returns>
    internal bool GiveWay()
    {
        var isFirst = !_stop.IsCancellationRequested;
        Stop();
        return isFirst;
    }

    // Never throws: whatever goes wrong leaves the health unknown.
    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested && !connection.TakesNoStreams)
        {
            var started = time.GetTimestamp();
            var slot = _slot = NewSlot();
            _isAnswered = false;
            Status? outcome;
            try
            {
                outcome = await WatchAsync().ConfigureAwait(false);
            }
            catch (Exception problem)
            {
                // The boundary to the user's call credentials.
                outcome = problem is RpcException refused ? refused.Status : new Status(StatusCode.Unknown, problem.Message, problem);
            }

            if (_stop.IsCancellationRequested)
            {
                return;
            }

            if (outcome is not { } ended)
            {
                await slot.Task.WaitAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            if (ended.StatusCode == StatusCode.Unimplemented)
            {
                tell(connection, Status.DefaultSuccess, isUnimplemented: true);
                return;
            }

            // Its stream may be a call's already: a server that is busy is not ill. The next watch will tell.
            if (!_isAnswered || !connection.IsBusy)
            {
                tell(connection, check.Unknown(ended), isUnimplemented: false);
            }

            // From start to start, as when connecting: a call that was answered and lived for a while is made anew at once.
            var pause = backoff.Next() - time.GetElapsedTime(started);
            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(DeadlineTimer.Wait(pause), time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Null: no stream can be opened now.
    private async Task<Status?> WatchAsync()
    {
        if (!connection.Transport.CanOpenStream)
        {
            return null;
        }

        var stream = new HealthStream();
        var credentials = await check.FetchCredentialsAsync(_stop.Token).ConfigureAwait(false);
        if (!connection.Transport.TryOpenStream(stream, check.CreateHeaders(credentials), endStream: false, out _, flush: false))
        {
            return null;
        }

        _stream = stream;
        try
        {
            connection.OnWatchBegan();
            _ = stream.Stream.SendData(check.Request.Span, endStream: true);
            while (!_stop.IsCancellationRequested)
            {
                var result = stream.Stream.TryReadMessage(MaxResponseLength, out var received);
                if (result == MessageReadResult.Message)
                {
                    using (received)
                    {
                        backoff.Reset();
                        _isAnswered = true;
                        tell(
                            connection,
                            received.IsCompressed ? check.Unknown(new Status(StatusCode.Internal, "a compressed message came")) : check.Read(received.Payload),
                            isUnimplemented: false);
                    }
                }
                else if (result == MessageReadResult.NeedMore && !stream.HasEnded)
                {
                    await stream.Stream.WaitToReadAsync().ConfigureAwait(false);
                }
                else
                {
                    break;
                }
            }

            var ended = stream.Ended;
            if (ended.StatusCode == StatusCode.Unauthenticated)
            {
                check.OnRefused(credentials);
            }

            return ended;
        }
        finally
        {
            _stream = null;
            stream.Stream.Reset(Http2ErrorCode.Cancel);
            _ = stream.Stream.Release();
        }
    }

    // Completed on the reading thread: what waits must not run there.
    private static TaskCompletionSource NewSlot() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
