// SPDX-License-Identifier: Apache-2.0
using Grpc.Testing;
using Peregrine;

namespace Interop.Client;

internal static class StreamingCases
{
    private static readonly int[] RequestSizes = [27182, 8, 1828, 45904];
    private static readonly int[] ResponseSizes = [31415, 9, 2653, 58979];

    public static async Task ClientStreamingAsync(InteropTarget target)
    {
        using AsyncClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> call = target.Client.StreamingInputCall();
        foreach (int size in RequestSizes)
        {
            await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = Messages.Zeros(size) });
        }

        await call.RequestStream.CompleteAsync();
        Expect.Equal(74922, (await call).AggregatedPayloadSize, "sum of the payloads' sizes");
    }

    public static async Task ServerStreamingAsync(InteropTarget target)
    {
        StreamingOutputCallRequest request = new();
        request.ResponseParameters.AddRange(ResponseSizes.Select(size => new ResponseParameters { Size = size }));
        using AsyncServerStreamingCall<StreamingOutputCallResponse> call = target.Client.StreamingOutputCall(request);
        List<StreamingOutputCallResponse> responses = await call.ResponseStream.ReadAllAsync().ToListAsync();
        Expect.Equal(ResponseSizes.Length, responses.Count, "number of responses");
        for (int i = 0; i < responses.Count; i++)
        {
            Expect.Zeros(ResponseSizes[i], responses[i].Payload, $"response {i + 1}");
        }
    }

    public static async Task PingPongAsync(InteropTarget target)
    {
        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = target.Client.FullDuplexCall();
        for (int i = 0; i < RequestSizes.Length; i++)
        {
            await call.RequestStream.WriteAsync(Messages.Exchange(ResponseSizes[i], RequestSizes[i]));
            Expect.Equal(true, await call.ResponseStream.MoveNext(), $"response to request {i + 1}");
            Expect.Zeros(ResponseSizes[i], call.ResponseStream.Current.Payload, $"response {i + 1}");
        }

        await call.RequestStream.CompleteAsync();
        Expect.Equal(false, await call.ResponseStream.MoveNext(), "another response after the last");
    }

    public static async Task EmptyStreamAsync(InteropTarget target)
    {
        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = target.Client.FullDuplexCall();
        await call.RequestStream.CompleteAsync();
        Expect.Equal(false, await call.ResponseStream.MoveNext(), "a response to no request");
    }
}
