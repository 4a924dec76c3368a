// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Compression;
using Peregrine.Protocol;
using Peregrine.Transport;

namespace Peregrine.Client;

/// <summary>
/// The typed half of a <see cref="ClientCall"/>: serializes requests, parses responses, counts them where exactly one is due.
/// One writer and one reader at a time.
/// </summary>
internal sealed class ClientCall<TRequest, TResponse> : ClientCall
    where TRequest : class
    where TResponse : class
{
    private readonly Method<TRequest, TResponse> _method;
    private readonly bool _isUnary;
    private readonly bool _isSingleResponse;
    private readonly TaskCompletionSource? _readable;
    private Task<TResponse>? _response;
    private bool _hasResponse;

    internal ClientCall(ChannelSettings channel, Method<TRequest, TResponse> method, string? host, in CallOptions options)
        : base(channel, method, host, options)
    {
        _method = options.ContentSubtype is { } subtype && subtype != method.ContentSubtype
            ? channel.InFormat(method, subtype) ?? method
            : method;
        _isUnary = method.Type == MethodType.Unary;
        _isSingleResponse = _isUnary || method.Type == MethodType.ClientStreaming;

        // Asynchronously: who cancels the call shall not run what its reader does next.
        _readable = _isSingleResponse ? null : new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <inheritdoc/>
    internal override string? ContentSubtype => _method.ContentSubtype;

    /// <summary>The message read last.</summary>
    internal TResponse? Response { get; private set; }

    /// <summary>Makes the call with its one request.</summary>
    internal void SendSingleRequest(TRequest request)
    {
        _ = TrySend(request, Options.WriteOptions, last: true, out _);
    }

    /// <summary>Makes a call that has one response.</summary>
    /// <exception cref="RpcException">The call failed.</exception>
    internal Task<TResponse> GetResponseAsync() => RunAsync()!;

    /// <summary>Lets a disposed call fail in silence: nobody awaits its response any more.</summary>
    internal void ObserveResponse(Task<TResponse> response) => _response = response;

    /// <summary>Makes a call whose responses are read one by one.</summary>
    internal void Start() => _ = RunAsync();

    /// <summary>
    /// The life of a call, in order. Its state machine is the task that a caller awaits, and while nothing is amiss it waits for the head of
    /// the response only: all else has come with that, or is the affair of who reads the stream.
    /// </summary>
    /// <returns>The response where one is due; null, and never a fault, where the caller reads a stream of them.</returns>
    private async Task<TResponse?> RunAsync()
    {
        CallAttempt? attempt = null;
        try
        {
            // An expired or cancelled call never touches the network.
            if (TryBegin() && await FetchCredentialsAsync().ConfigureAwait(false))
            {
                do
                {
                    attempt = CallAttempt.For(this);
                    if (!await attempt.OpenAsync().ConfigureAwait(false))
                    {
                        break;
                    }

                    while (attempt.AwaitsHeaders)
                    {
                        await attempt.Stream.WaitToReadAsync().ConfigureAwait(false);
                    }

                    // Without a head the peer may never have seen the call: then it is made anew, once.
                }
                while (!attempt.HeadersCame && TryBeginRetry(attempt));

                if (!attempt.HeadersCame)
                {
                    attempt.Conclude(MessageReadResult.Failed);
                }
                else if (Outcome is null && await attempt.TryCommitAsync().ConfigureAwait(false) && _isSingleResponse)
                {
                    // The call is this attempt's for good. To the trailers: only they say whether the response counts.
                    while (await ReadMessageAsync(attempt).ConfigureAwait(false))
                    {
                    }
                }
            }
        }
        catch (Exception problem)
        {
            // Nothing above throws by design. If it does all the same, the call must not hang.
            _ = TryEnd(CallStatuses.Faulted(this, problem));
        }

        if (!_isSingleResponse)
        {
            return null;
        }

        var outcome = Outcome!;
        if (!outcome.IsSuccess)
        {
            throw CreateException(outcome);
        }

        if (_isUnary)
        {
            KeepParts(attempt!);
        }

        return Response;
    }

    /// <summary>Reads the next response of a stream into <see cref="Response"/>. False: the call ended well.</summary>
    /// <exception cref="RpcException">The call failed.</exception>
    internal ValueTask<bool> ReadResponseAsync()
    {
        if (!_readable!.Task.IsCompleted)
        {
            return WaitAndReadResponseAsync();
        }

        // Most messages of a busy stream are there already.
        var read = Outcome is null ? ReadMessageAsync(Attempt!) : new ValueTask<bool>(false);
        return !read.IsCompletedSuccessfully ? FinishReadResponseAsync(read)
            : read.Result ? new ValueTask<bool>(true)
            : FinishReadResponseAsync(new ValueTask<bool>(false));
    }

    private async ValueTask<bool> WaitAndReadResponseAsync()
    {
        await _readable!.Task.ConfigureAwait(false);
        return (Outcome is null && await ReadMessageAsync(Attempt!).ConfigureAwait(false)) || EndResponses();
    }

    private async ValueTask<bool> FinishReadResponseAsync(ValueTask<bool> read) => await read.ConfigureAwait(false) || EndResponses();

    // False, as there are no more responses, unless the call did not end well.
    private bool EndResponses()
    {
        Response = null;
        var outcome = Outcome!;
        return outcome.IsSuccess ? false : throw CreateException(outcome);
    }

    internal override void Dispose()
    {
        base.Dispose();
        _ = _response?.ContinueWith(
            static response => response.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Serializes, compresses, frames and sends a request. False: it cannot be sent, and the call has ended.</summary>
    internal bool TrySend(TRequest request, WriteOptions? options, bool last, out bool takesMore)
    {
        var writer = TakeWriter();
        takesMore = false;
        if (!TrySerialize(request, options, writer))
        {
            Keep(writer);
            return false;
        }

        takesMore = Request.Send(writer, last, flush: ((options?.Flags ?? 0) & WriteFlags.BufferHint) == 0 || last);
        Keep(writer);
        return true;
    }

    private bool TrySerialize(TRequest request, WriteOptions? options, MessageWriter writer)
    {
        try
        {
            writer.Write(_method.RequestMarshaller, request);
            if (writer.MessageLength > Channel.MaxSendMessageSize)
            {
                _ = TryEnd(CallStatuses.RequestTooLarge(this, writer.MessageLength, Channel.MaxSendMessageSize));
                writer.Reset();
                return false;
            }

            return RequestCompression is null || (options is not null && (options.Flags & WriteFlags.NoCompress) != 0)
                || TryCompress(writer, RequestCompression);
        }
        catch (Exception problem)
        {
            // The marshaller is user code: whatever it throws ends this call and nothing else.
            _ = TryEnd(CallStatuses.Unserializable(this, problem));
            return false;
        }
    }

    protected override void OnCommitted(CallAttempt attempt) => _ = _readable?.TrySetResult();

    protected override void OnEnded() => _ = _readable?.TrySetResult();

    // False: the call has its outcome.
    private ValueTask<bool> ReadMessageAsync(CallAttempt attempt) =>
        TryReadMessage(attempt) is { } hasMessage ? new ValueTask<bool>(hasMessage) : WaitAndReadMessageAsync(attempt);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> WaitAndReadMessageAsync(CallAttempt attempt)
    {
        bool? hasMessage;
        do
        {
            await attempt.Stream.WaitToReadAsync().ConfigureAwait(false);
            hasMessage = TryReadMessage(attempt);
        }
        while (hasMessage is null);
        return hasMessage.Value;
    }

    // Null: nothing has come yet. False: the call has its outcome.
    private bool? TryReadMessage(CallAttempt attempt)
    {
        if (Outcome is not null)
        {
            return false;
        }

        var result = attempt.Stream.TryReadMessage(Channel.MaxReceiveMessageSize, out var message);
        switch (result)
        {
            case MessageReadResult.Message:
                using (message)
                {
                    return TryTake(attempt, message);
                }

            case MessageReadResult.NeedMore:
                return null;
            case MessageReadResult.TooLarge:
                _ = TryEnd(CallStatuses.ResponseTooLarge(this, attempt.Stream.AnnouncedLength, Channel.MaxReceiveMessageSize));
                return false;
            case MessageReadResult.BadPrefix:
                _ = TryEnd(CallStatuses.BadPrefix(this));
                return false;
            default:
                attempt.Conclude(result);
                return false;
        }
    }

    /// <inheritdoc/>
    internal override CallOutcome CheckCardinality(CallOutcome outcome) =>
        _isSingleResponse && !_hasResponse && outcome.IsSuccess ? CallStatuses.NoResponse(this, outcome.Trailers) : outcome;

    private bool TryCompress(MessageWriter writer, ICompressionProvider provider)
    {
        try
        {
            writer.Compress(provider, level: null);
            return true;
        }
        catch (Exception problem)
        {
            // The provider may be user code, too.
            writer.Reset();
            _ = TryEnd(CallStatuses.Uncompressible(this, problem));
            return false;
        }
    }

    private bool TryTake(CallAttempt attempt, in ReceivedMessage message)
    {
        if (_isSingleResponse && _hasResponse)
        {
            _ = TryEnd(CallStatuses.SecondResponse(this));
            return false;
        }

        _hasResponse = true;
        attempt.Trace?.MessageReceived(message.Payload.Length);
        return message.IsCompressed ? TryDecompress(attempt, message.Payload) : TryParse(message.Payload);
    }

    private bool TryDecompress(CallAttempt attempt, ReadOnlySequence<byte> payload)
    {
        if (attempt.Compression is not { } provider)
        {
            _ = TryEnd(CallStatuses.Compressed(this, attempt.EncodingName));
            return false;
        }

        var limit = Channel.MaxReceiveMessageSize;
        var result = MessageDecompressor.Decompress(provider, payload, limit, out var rented, out var length, out var problem);
        switch (result)
        {
            case DecompressionResult.TooLarge:
                _ = TryEnd(CallStatuses.DecompressedTooLarge(this, limit));
                return false;
            case DecompressionResult.Malformed:
                _ = TryEnd(CallStatuses.BrokenCompression(this, attempt.EncodingName!, problem));
                return false;
        }

        try
        {
            return TryParse(new ReadOnlySequence<byte>(rented!, 0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented!);
        }
    }

    private bool TryParse(ReadOnlySequence<byte> payload)
    {
        var context = TakeContext();
        try
        {
            Response = context.Read(_method.ResponseMarshaller, payload);
            return true;
        }
        catch (Exception problem)
        {
            // The marshaller is user code, and the bytes are the peer's.
            _ = TryEnd(CallStatuses.Unparsable(this, problem));
            return false;
        }
        finally
        {
            Keep(context);
        }
    }
}
