// SPDX-License-Identifier: Apache-2.0
using System;
using System.Globalization;
using Peregrine.Http2;
using Peregrine.Protocol;
using Peregrine.Transport;

namespace Peregrine.Client;

/// <summary>The outcomes that this side makes by itself, with their texts: what happened, where, what to do.</summary>
internal static class CallStatuses
{
    // How far the timers of two machines, or of two processes, may be apart that began together: the longest tick in use, that of Windows.
    private static readonly TimeSpan TimerTick = TimeSpan.FromMilliseconds(16);

    internal static CallOutcome DeadlineExceeded(ClientCall call)
    {
        var phase = call.Attempt is not { } attempt ? "before a connection was ready"
            : !attempt.HeadersCame ? $"waiting for the response headers of {Peer(attempt)}"
            : $"receiving the response of {Peer(attempt)}";
        return new CallOutcome(
            StatusCode.DeadlineExceeded,
            string.Create(CultureInfo.InvariantCulture, $"The deadline of the call {call.Method.FullName} to '{call.Channel.Target}' ({call.Deadline}) passed {phase}."))
        {
            Reason = CancellationReason.Deadline,
        };
    }

    /// <summary>Whether a server that says CANCELLED may mean the deadline of the call, which it enforces as well.</summary>
    internal static bool IsOutOfTime(ClientCall call) => call.Deadline.HasExpired(call.Channel.Time, TimerTick);

    internal static string CancelledByCaller(ClientCall call) => $"The call {call.Method.FullName} was cancelled by its caller.";

    internal static string CancelledByParent(ClientCall call) =>
        $"The call {call.Method.FullName} was cancelled because the served call that made it was.";

    internal static CallOutcome ResponseTooLarge(ClientCall call, long length, int limit) => new(
        StatusCode.ResourceExhausted,
        string.Create(CultureInfo.InvariantCulture, $"Response message of {call.Method.FullName} is too large: received {length} > limit {limit}; raise MaxReceiveMessageSize."));

    // Decompression stops at the limit, so the length is not known.
    internal static CallOutcome DecompressedTooLarge(ClientCall call, int limit) => new(
        StatusCode.ResourceExhausted,
        string.Create(CultureInfo.InvariantCulture, $"Response message of {call.Method.FullName} is too large: decompressed > limit {limit}; raise MaxReceiveMessageSize."));

    internal static CallOutcome RequestTooLarge(ClientCall call, long length, int limit) => new(
        StatusCode.ResourceExhausted,
        string.Create(CultureInfo.InvariantCulture, $"Request message of {call.Method.FullName} is too large: sending {length} > limit {limit}; raise MaxSendMessageSize."));

    internal static CallOutcome RequestHeadersTooLarge(ClientCall call, int size, long limit) => new(
        StatusCode.ResourceExhausted,
        string.Create(CultureInfo.InvariantCulture, $"Request headers of {call.Method.FullName} are too large: {size} octets (names, values, and 32 a field) > the server's limit {limit}; send less metadata."));

    internal static CallOutcome Faulted(ClientCall call, Exception problem) => new(new Status(
        StatusCode.Internal, $"The client failed while making the call {call.Method.FullName}: {problem.Message}", problem));

    internal static CallOutcome UnknownEncoding(ClientCall call, string encoding) => new(
        StatusCode.Internal,
        $"The call {call.Method.FullName} asks for the compression '{encoding}', which is none of the channel's encodings ({call.Channel.Compression.AcceptEncoding}); add a provider of that name to CompressionProviders.");

    internal static CallOutcome UnknownFormat(ClientCall call, string subtype) => new(
        StatusCode.Internal,
        $"The call {call.Method.FullName} asks for messages in the format '{subtype}', which the channel does not have for them; add a format of that name to MessageFormats.");

    internal static CallOutcome Uncompressible(ClientCall call, Exception problem) => new(new Status(
        StatusCode.Internal,
        $"The request message of {call.Method.FullName} cannot be compressed by {call.RequestCompression!.EncodingName}: {problem.Message}", problem));

    internal static CallOutcome Unserializable(ClientCall call, Exception problem) => new(new Status(
        StatusCode.Internal, $"The request message of {call.Method.FullName} cannot be serialized: {problem.Message}", problem));

    internal static CallOutcome Unparsable(ClientCall call, Exception problem) => new(new Status(
        StatusCode.Internal, $"The response message of {call.Method.FullName} cannot be parsed: {problem.Message}", problem));

    internal static CallOutcome NoResponse(ClientCall call, Metadata trailers) => new(
        new Status(
            StatusMapping.CardinalityViolation,
            $"The server answered {call.Method.FullName} with status OK but without the one message that a {call.Method.Type} call has."),
        trailers);

    internal static CallOutcome SecondResponse(ClientCall call) => new(
        StatusMapping.CardinalityViolation,
        $"The server answered {call.Method.FullName} with more than the one message that a {call.Method.Type} call has.");

    internal static CallOutcome Truncated(ClientCall call) => new(
        StatusCode.Internal, $"The response of {call.Method.FullName} ended inside a message.");

    internal static CallOutcome BadPrefix(ClientCall call) => new(
        StatusCode.Internal, $"A response message of {call.Method.FullName} begins with a flag other than 0 and 1; the server's framing is broken.");

    internal static CallOutcome Compressed(ClientCall call, string? encoding) => new(
        StatusCode.Internal,
        encoding is null or "identity"
            ? $"A response message of {call.Method.FullName} is marked as compressed, but the response names no grpc-encoding."
            : $"The response of {call.Method.FullName} is compressed with '{encoding}', which this client did not offer.");

    internal static CallOutcome BrokenCompression(ClientCall call, string encoding, Exception? problem) => new(new Status(
        StatusCode.Internal, $"A response message of {call.Method.FullName} is broken: it cannot be decompressed as '{encoding}'. {problem?.Message}", problem));

    /// <summary>A stream that was reset or lost (gRPC PROTOCOL-HTTP2, "Errors").</summary>
    internal static CallOutcome FromFailure(ClientCall call, CallAttempt attempt, in StreamFailure failure)
    {
        var error = failure.Error;
        var phase = attempt.HeadersCame ? "response" : "request";
        var reason = error.Reason is { Length: > 0 } text ? $": {text.TrimEnd('.')}" : "";
        if (call.Channel.Subchannel.State == ConnectivityState.Shutdown)
        {
            return new CallOutcome(new Status(
                StatusCode.Cancelled, $"The channel to '{call.Channel.Target}' was shut down while the call {call.Method.FullName} ran.", failure.Cause))
            {
                Reason = CancellationReason.Shutdown,
            };
        }

        if (error.Scope == Http2ErrorScope.Connection)
        {
            return new CallOutcome(new Status(
                StatusCode.Unavailable,
                $"The connection to '{call.Channel.Target}' at {Peer(attempt)} was lost (phase: {phase}, {error.Code}){reason}. Whether the server processed the call is not known.",
                failure.Cause))
            {
                Reason = CancellationReason.ConnectionLost,
            };
        }

        if (failure.Unprocessed)
        {
            return new CallOutcome(new Status(
                StatusCode.Unavailable,
                $"The server at {Peer(attempt)} refused the call {call.Method.FullName} unprocessed (phase: {phase}, {error.Code}){reason}. It can be made again.",
                failure.Cause))
            {
                Reason = CancellationReason.ResetByPeer,
            };
        }

        if (error.Initiator != Http2ErrorInitiator.Remote)
        {
            return new CallOutcome(new Status(
                StatusCode.Internal,
                $"The response of {Peer(attempt)} to {call.Method.FullName} broke the rules of HTTP/2 (phase: {phase}, {error.Code}){reason}.",
                failure.Cause));
        }

        // A server that enforces the deadline as well resets with CANCEL, maybe a moment before our own timer fires, or the time has come.
        var code = StatusMapping.FromResetCode((uint)error.Code);
        return code == StatusCode.Cancelled && IsOutOfTime(call)
            ? DeadlineExceeded(call)
            : new CallOutcome(new Status(
                code,
                $"The server at {Peer(attempt)} reset the stream of {call.Method.FullName} (phase: {phase}, {error.Code}){reason}.",
                failure.Cause))
            {
                Reason = CancellationReason.ResetByPeer,
            };
    }

    private static string Peer(CallAttempt attempt) => attempt.Connection?.Transport.Peer ?? "the server";
}
