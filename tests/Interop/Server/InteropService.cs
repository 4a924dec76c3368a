// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Grpc.Testing;
using Peregrine;

namespace Interop.Server;

/// <summary>
/// The test service, feature by feature as "interop-test-descriptions" has it. UnimplementedCall and CacheableUnaryCall, which needs a
/// caching proxy, are not implemented.
/// </summary>
internal sealed class InteropService(BearerToken? token) : TestService.TestServiceBase
{
    private const string EchoInitial = "x-grpc-test-echo-initial";
    private const string EchoTrailing = "x-grpc-test-echo-trailing-bin";

    private static readonly WriteOptions Compressed = new();
    private static readonly WriteOptions Plain = new(WriteFlags.NoCompress);

    private readonly string _id = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);

    public override Task<Empty> EmptyCall(Empty request, ServerCallContext context) => Task.FromResult(new Empty());

    public override async Task<SimpleResponse> UnaryCall(SimpleRequest request, ServerCallContext context)
    {
        await EchoMetadataAsync(context);
        CheckCompression(request.ExpectCompressed, context);
        EchoStatus(request.ResponseStatus);
        CheckType(request.ResponseType);
        context.WriteOptions = Options(request.ResponseCompressed);
        return new SimpleResponse
        {
            Payload = Messages.Zeros(request.ResponseSize),
            Username = request.FillUsername && token is not null ? token.Authenticate(context) : "",
            ServerId = request.FillServerId ? _id : "",
        };
    }

    public override async Task StreamingOutputCall(
        StreamingOutputCallRequest request, IServerStreamWriter<StreamingOutputCallResponse> responseStream, ServerCallContext context)
    {
        await EchoMetadataAsync(context);
        await RespondAsync(request, responseStream, context);
    }

    public override async Task<StreamingInputCallResponse> StreamingInputCall(
        IAsyncStreamReader<StreamingInputCallRequest> requestStream, ServerCallContext context)
    {
        await EchoMetadataAsync(context);
        context.WriteOptions = Plain;
        int size = 0;
        await foreach (StreamingInputCallRequest request in requestStream.ReadAllAsync())
        {
            CheckCompression(request.ExpectCompressed, context);
            size += request.Payload?.Body.Length ?? 0;
        }

        return new StreamingInputCallResponse { AggregatedPayloadSize = size };
    }

    public override async Task FullDuplexCall(
        IAsyncStreamReader<StreamingOutputCallRequest> requestStream,
        IServerStreamWriter<StreamingOutputCallResponse> responseStream,
        ServerCallContext context)
    {
        await EchoMetadataAsync(context);
        await foreach (StreamingOutputCallRequest request in requestStream.ReadAllAsync())
        {
            await RespondAsync(request, responseStream, context);
        }
    }

    public override async Task HalfDuplexCall(
        IAsyncStreamReader<StreamingOutputCallRequest> requestStream,
        IServerStreamWriter<StreamingOutputCallResponse> responseStream,
        ServerCallContext context)
    {
        await EchoMetadataAsync(context);
        foreach (StreamingOutputCallRequest request in await requestStream.ReadAllAsync().ToListAsync())
        {
            await RespondAsync(request, responseStream, context);
        }
    }

    private static async Task RespondAsync(
        StreamingOutputCallRequest request, IServerStreamWriter<StreamingOutputCallResponse> responses, ServerCallContext context)
    {
        EchoStatus(request.ResponseStatus);
        CheckType(request.ResponseType);
        foreach (ResponseParameters parameters in request.ResponseParameters)
        {
            if (parameters.IntervalUs > 0)
            {
                await Task.Delay(TimeSpan.FromMicroseconds(parameters.IntervalUs), context.CancellationToken);
            }

            responses.WriteOptions = Options(parameters.Compressed);
            await responses.WriteAsync(new StreamingOutputCallResponse { Payload = Messages.Zeros(parameters.Size) });
        }
    }

    // "Echo Metadata": what comes under these two keys goes back, in the headers and in the trailers.
    private static async Task EchoMetadataAsync(ServerCallContext context)
    {
        if (context.RequestHeaders.GetValueBytes(EchoTrailing) is { } trailing)
        {
            context.ResponseTrailers.Add(EchoTrailing, trailing);
        }

        if (context.RequestHeaders.GetValue(EchoInitial) is { } initial)
        {
            await context.WriteResponseHeadersAsync(new Metadata { { EchoInitial, initial } });
        }
    }

    // "Echo Status": the call ends with what the client wants, and nothing more of it is looked at.
    private static void EchoStatus(EchoStatus? wanted)
    {
        if (wanted is { Code: not 0 })
        {
            throw new RpcException(new Status((StatusCode)wanted.Code, wanted.Message));
        }
    }

    // "CompressedRequest".
    private static void CheckCompression(BoolValue? expected, ServerCallContext context)
    {
        if (expected is not null && expected.Value != context.IsRequestCompressed)
        {
            throw new RpcException(new Status(
                StatusCode.InvalidArgument,
                $"A {(expected.Value ? "compressed" : "plain")} request was expected; a {(expected.Value ? "plain" : "compressed")} one came."));
        }
    }

    private static void CheckType(PayloadType type)
    {
        if (type != PayloadType.Compressable)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"Payloads of type {(int)type} are not supported."));
        }
    }

    // "CompressedResponse".
    private static WriteOptions Options(BoolValue? compressed) => compressed is { Value: true } ? Compressed : Plain;
}
