// SPDX-License-Identifier: Apache-2.0
using Grpc.Testing;
using Peregrine;

namespace Interop.Client;

internal static class CancellationCases
{
    public static async Task CancelAfterBeginAsync(InteropTarget target)
    {
        using CancellationTokenSource source = new();
        using AsyncClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> call =
            target.Client.StreamingInputCall(cancellationToken: source.Token);
        await source.CancelAsync();
        await Expect.FailureAsync(StatusCode.Cancelled, () => call.ResponseAsync, "the cancelled call");
    }

    public static async Task CancelAfterFirstResponseAsync(InteropTarget target)
    {
        using CancellationTokenSource source = new();
        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call =
            target.Client.FullDuplexCall(cancellationToken: source.Token);
        await call.RequestStream.WriteAsync(Messages.Exchange(responseSize: 31415, payloadSize: 27182));
        Expect.Equal(true, await call.ResponseStream.MoveNext(), "a first response");
        Expect.Zeros(31415, call.ResponseStream.Current.Payload, "first response");
        await source.CancelAsync();
        await Expect.FailureAsync(StatusCode.Cancelled, () => call.ResponseStream.MoveNext(), "the cancelled call");
    }

    public static async Task TimeoutOnSleepingServerAsync(InteropTarget target)
    {
        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call =
            target.Client.FullDuplexCall(deadline: DateTime.UtcNow.AddMilliseconds(1));
        await Expect.FailureAsync(
            StatusCode.DeadlineExceeded,
            async () =>
            {
                // The deadline may pass before the request is written: then this throws it.
                await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { Payload = Messages.Zeros(27182) });
                await call.ResponseStream.MoveNext();
            },
            "the call with a timeout of one millisecond");
    }
}
