// SPDX-License-Identifier: Apache-2.0

using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Cli.Calls;

namespace Peregrine.Cli.Bench;

/// <summary>One connection of a <see cref="ClientLoad"/>, and the four kinds of calls on it.</summary>
internal sealed class ClientConnection : IDisposable
{
    private readonly BenchPlan _plan;
    private readonly RunWindow _window;
    private readonly ServerConnection _connection;
    private readonly Method<byte[], MessageSize> _method;
    private readonly CallOptions _options;

    /// <summary>Makes one; nothing is connected yet.</summary>
    /// <exception cref="ToolException">The settings cannot be used.</exception>
    public ClientConnection(BenchPlan plan, RunWindow window)
    {
        _plan = plan;
        _window = window;
        _connection = ServerConnection.Create(plan.Connection, isOnlyOne: true);
        _method = MessageSize.MethodOf(plan);
        _options = _connection.Options(CancellationToken.None);
        Recorder = new LatencyRecorder(window);
    }

    /// <summary>Takes down how calls ended.</summary>
    public LatencyRecorder Recorder { get; }

    private TimeProvider Time => _window.Time;

    /// <summary>Connects.</summary>
    /// <exception cref="ToolException">The server cannot be reached.</exception>
    public Task OpenAsync(CancellationToken cancellationToken) => _connection.OpenOrExplainAsync(cancellationToken);

    /// <summary>Makes a call and takes down how it ended.</summary>
    /// <param name="begun">When it begins, or was due.</param>
    /// <param name="turns">When its messages go out, if it takes a stream of them.</param>
    /// <returns>The status it ended with.</returns>
    public ValueTask<StatusCode> CallAsync(long begun, MessageTurns turns) =>
        _plan.Kind == MethodType.Unary ? UnaryAsync(begun) : StreamAsync(begun, turns);

    /// <summary>Closes it; calls under way fail.</summary>
    public void Dispose() => _connection.Dispose();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<StatusCode> UnaryAsync(long begun)
    {
        var request = _plan.Requests[0];
        try
        {
            var size = await _connection.Invoker.AsyncUnaryCall(_method, _plan.Connection.Authority, Options(), request).ResponseAsync.ConfigureAwait(false);
            Recorder.Call(begun, Time.GetTimestamp(), StatusCode.OK, null, request.Length, size.Bytes);
            return StatusCode.OK;
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            return Fail(begun, exception, request.Length);
        }
    }

    private async ValueTask<StatusCode> StreamAsync(long begun, MessageTurns turns)
    {
        try
        {
            var status = await (_plan.Kind switch
            {
                MethodType.ServerStreaming => DownloadAsync(begun),
                MethodType.ClientStreaming => UploadAsync(turns),
                _ => ExchangeAsync(turns),
            }).ConfigureAwait(false);
            Recorder.Call(begun, Time.GetTimestamp(), status.StatusCode, status.Detail);
            return status.StatusCode;
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            return Fail(begun, exception, sent: -1);
        }
    }

    private async Task<Status> DownloadAsync(long begun)
    {
        using var call = _connection.Invoker.AsyncServerStreamingCall(_method, _plan.Connection.Authority, Options(), _plan.Requests[0]);
        Recorder.Sent(begun, _plan.Requests[0].Length);
        var isFirst = true;
        while (await call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
        {
            var now = Time.GetTimestamp();
            Recorder.Received(now, call.ResponseStream.Current.Bytes);
            if (isFirst)
            {
                Recorder.Answer(begun, now);
                isFirst = false;
            }
        }

        return call.GetStatus();
    }

    [SuppressMessage("Reliability", "CA2025", Justification = "The task is awaited before the block ends.")]
    private async Task<Status> UploadAsync(MessageTurns turns)
    {
        using var call = _connection.Invoker.AsyncClientStreamingCall(_method, _plan.Connection.Authority, Options());
        using var unanswered = new UnansweredMessages(most: null, areAnswered: false);
        var sending = SendAsync(call.RequestStream, turns, unanswered);
        try
        {
            var response = await call.ResponseAsync.ConfigureAwait(false);
            Recorder.Received(Time.GetTimestamp(), response.Bytes);
            return call.GetStatus();
        }
        finally
        {
            unanswered.End();
            await sending.ConfigureAwait(false);
        }
    }

    [SuppressMessage("Reliability", "CA2025", Justification = "The task is awaited before the block ends.")]
    private async Task<Status> ExchangeAsync(MessageTurns turns)
    {
        using var call = _connection.Invoker.AsyncDuplexStreamingCall(_method, _plan.Connection.Authority, Options());
        using var unanswered = new UnansweredMessages(_plan.MessageRate is null ? _plan.InFlight : null, areAnswered: true);
        var sending = SendAsync(call.RequestStream, turns, unanswered);
        try
        {
            while (await call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
            {
                var now = Time.GetTimestamp();
                Recorder.Received(now, call.ResponseStream.Current.Bytes);
                if (unanswered.TryTake(out var due))
                {
                    Recorder.Answer(due, now);
                }
            }

            return call.GetStatus();
        }
        finally
        {
            unanswered.End();
            await sending.ConfigureAwait(false);
        }
    }

    private async Task SendAsync(IClientStreamWriter<byte[]> stream, MessageTurns turns, UnansweredMessages unanswered)
    {
        try
        {
            for (long i = 0; i < (_plan.Messages ?? long.MaxValue); i++)
            {
                await unanswered.WaitAsync().ConfigureAwait(false);
                if (await turns.NextAsync(unanswered.Ended).ConfigureAwait(false) is not { } due)
                {
                    break;
                }

                var request = _plan.Requests[(int)(i % _plan.Requests.Count)];
                unanswered.Add(due);
                await stream.WriteAsync(request, CancellationToken.None).ConfigureAwait(false);
                Recorder.Sent(due, request.Length);
            }

            await stream.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // The call has ended; its status says why.
        }
    }

    private CallOptions Options() => _plan.Timeout is { } timeout ? _options.WithDeadline(Time.GetUtcNow().UtcDateTime + timeout) : _options;

    private StatusCode Fail(long begun, Exception exception, long sent)
    {
        var status = exception is RpcException failed ? failed.Status : new Status(StatusCode.Cancelled, exception.Message);
        Recorder.Call(begun, Time.GetTimestamp(), status.StatusCode, status.Detail, sent);
        return status.StatusCode;
    }

    private static bool IsEnd(Exception exception) => exception is RpcException or InvalidOperationException or OperationCanceledException or ObjectDisposedException;
}
