// SPDX-License-Identifier: Apache-2.0
using Grpc.Testing;
using Peregrine;

namespace Interop.Client;

internal static class MetadataCases
{
    private const string InitialKey = "x-grpc-test-echo-initial";
    private const string InitialValue = "test_initial_metadata_value";
    private const string TrailingKey = "x-grpc-test-echo-trailing-bin";

    private static readonly byte[] TrailingValue = [0xab, 0xab, 0xab];

    public static async Task CustomMetadataAsync(InteropTarget target)
    {
        Metadata metadata = new() { { InitialKey, InitialValue }, { TrailingKey, TrailingValue } };

        using (AsyncUnaryCall<SimpleResponse> call = target.Client.UnaryCallAsync(Messages.LargeUnaryRequest(), metadata))
        {
            Check(await call.ResponseHeadersAsync, "unary call");
            Expect.Zeros(Messages.LargeResponse, (await call).Payload, "response");
            Check(call.GetTrailers(), call.GetStatus(), "unary call");
        }

        using (AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = target.Client.FullDuplexCall(metadata))
        {
            await call.RequestStream.WriteAsync(Messages.Exchange(Messages.LargeResponse, Messages.LargeRequest));
            await call.RequestStream.CompleteAsync();
            Check(await call.ResponseHeadersAsync, "full duplex call");
            Expect.Equal(true, await call.ResponseStream.MoveNext(), "a response");
            Expect.Zeros(Messages.LargeResponse, call.ResponseStream.Current.Payload, "response");
            Expect.Equal(false, await call.ResponseStream.MoveNext(), "a second response");
            Check(call.GetTrailers(), call.GetStatus(), "full duplex call");
        }
    }

    private static void Check(Metadata headers, string what) =>
        Expect.Equal(InitialValue, headers.GetValue(InitialKey), $"{InitialKey} in the headers of the {what}");

    private static void Check(Metadata trailers, Status status, string what)
    {
        Expect.Equal(StatusCode.OK, status.StatusCode, $"status of the {what}");
        Expect.Equal(
            Convert.ToHexString(TrailingValue),
            Convert.ToHexString(trailers.GetValueBytes(TrailingKey) ?? []),
            $"{TrailingKey} in the trailers of the {what}");
    }
}
