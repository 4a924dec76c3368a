// SPDX-License-Identifier: Apache-2.0
using Grpc.Testing;
using Peregrine;
using Peregrine.Client;

namespace Interop.Client;

internal static class CompressionCases
{
    private const string Encoding = "gzip";

    private static readonly CallOptions Plain = new CallOptions().WithCompression("identity");
    private static readonly CallOptions Compressed = new CallOptions().WithCompression(Encoding);

    public static async Task ClientCompressedUnaryAsync(InteropTarget target)
    {
        await Expect.FailureAsync(StatusCode.InvalidArgument, () => CallAsync(expected: true, Plain), "the probe: not compressed, though expected to be");
        Expect.Zeros(Messages.LargeResponse, (await CallAsync(expected: true, Compressed)).Payload, "response to the compressed request");
        Expect.Zeros(Messages.LargeResponse, (await CallAsync(expected: false, Plain)).Payload, "response to the plain request");

        Task<SimpleResponse> CallAsync(bool expected, CallOptions options)
        {
            SimpleRequest request = Messages.LargeUnaryRequest();
            request.ExpectCompressed = new BoolValue { Value = expected };
            return target.Client.UnaryCallAsync(request, options).ResponseAsync;
        }
    }

    public static async Task ClientCompressedStreamingAsync(InteropTarget target)
    {
        StreamingInputCallRequest first = new() { ExpectCompressed = new BoolValue { Value = true }, Payload = Messages.Zeros(27182) };
        StreamingInputCallRequest second = new() { ExpectCompressed = new BoolValue { Value = false }, Payload = Messages.Zeros(45904) };

        using (AsyncClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> probe = target.Client.StreamingInputCall(Plain))
        {
            await probe.RequestStream.WriteAsync(first);
            await Expect.FailureAsync(StatusCode.InvalidArgument, () => probe.ResponseAsync, "the probe: not compressed, though expected to be");
        }

        using AsyncClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> call = target.Client.StreamingInputCall(Compressed);
        await call.RequestStream.WriteAsync(first);
        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
        await call.RequestStream.WriteAsync(second);
        await call.RequestStream.CompleteAsync();
        Expect.Equal(73086, (await call).AggregatedPayloadSize, "sum of the payloads' sizes");
    }

    public static async Task ServerCompressedUnaryAsync(InteropTarget target)
    {
        CountingGzip gzip = new();
        using GrpcChannel channel = target.Open(options => options.CompressionProviders = [gzip]);
        TestService.TestServiceClient client = new(channel);
        foreach (bool compressed in new[] { true, false })
        {
            SimpleRequest request = Messages.LargeUnaryRequest();
            request.ResponseCompressed = new BoolValue { Value = compressed };
            SimpleResponse response = await client.UnaryCallAsync(request);
            Expect.Equal(compressed, gzip.TakeCount() == 1, $"Compressed-Flag of the response with response_compressed {compressed}");
            Expect.Zeros(Messages.LargeResponse, response.Payload, "response");
        }
    }

    public static async Task ServerCompressedStreamingAsync(InteropTarget target)
    {
        CountingGzip gzip = new();
        using GrpcChannel channel = target.Open(options => options.CompressionProviders = [gzip]);
        TestService.TestServiceClient client = new(channel);
        StreamingOutputCallRequest request = new()
        {
            ResponseParameters =
            {
                new ResponseParameters { Compressed = new BoolValue { Value = true }, Size = 31415 },
                new ResponseParameters { Compressed = new BoolValue { Value = false }, Size = 92653 },
            },
        };
        using AsyncServerStreamingCall<StreamingOutputCallResponse> call = client.StreamingOutputCall(request);
        foreach (ResponseParameters parameters in request.ResponseParameters)
        {
            Expect.Equal(true, await call.ResponseStream.MoveNext(), "a response");
            Expect.Equal(parameters.Compressed!.Value, gzip.TakeCount() == 1, $"Compressed-Flag of the response of {parameters.Size} bytes");
            Expect.Zeros(parameters.Size, call.ResponseStream.Current.Payload, "response");
        }

        Expect.Equal(false, await call.ResponseStream.MoveNext(), "a third response");
    }
}
