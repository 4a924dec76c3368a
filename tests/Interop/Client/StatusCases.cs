// SPDX-License-Identifier: Apache-2.0
using Grpc.Testing;
using Peregrine;
using Peregrine.Client;

namespace Interop.Client;

internal static class StatusCases
{
    private const string SpecialMessage = "\t\ntest with whitespace\r\nand Unicode BMP \u263A and non-BMP \U0001F608\t\n";

    public static async Task StatusCodeAndMessageAsync(InteropTarget target)
    {
        EchoStatus echo = new() { Code = (int)StatusCode.Unknown, Message = "test status message" };
        Status status = await Expect.FailureAsync(
            StatusCode.Unknown, () => target.Client.UnaryCallAsync(new SimpleRequest { ResponseStatus = echo }).ResponseAsync, "unary call");
        Expect.Equal(echo.Message, status.Detail, "message of the unary call's status");

        using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = target.Client.FullDuplexCall();
        await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { ResponseStatus = echo });
        await call.RequestStream.CompleteAsync();
        status = await Expect.FailureAsync(StatusCode.Unknown, () => call.ResponseStream.MoveNext(), "full duplex call");
        Expect.Equal(echo.Message, status.Detail, "message of the full duplex call's status");
    }

    public static async Task SpecialStatusMessageAsync(InteropTarget target)
    {
        EchoStatus echo = new() { Code = (int)StatusCode.Unknown, Message = SpecialMessage };
        Status status = await Expect.FailureAsync(
            StatusCode.Unknown, () => target.Client.UnaryCallAsync(new SimpleRequest { ResponseStatus = echo }).ResponseAsync, "unary call");
        Expect.Equal(SpecialMessage, status.Detail, "message of the status");
    }

    public static Task UnimplementedMethodAsync(InteropTarget target) => Expect.FailureAsync(
        StatusCode.Unimplemented, () => target.Client.UnimplementedCallAsync(new Empty()).ResponseAsync, "method that is not there");

    public static async Task UnimplementedServiceAsync(InteropTarget target)
    {
        using GrpcChannel channel = target.Open();
        UnimplementedService.UnimplementedServiceClient client = new(channel);
        await Expect.FailureAsync(
            StatusCode.Unimplemented, () => client.UnimplementedCallAsync(new Empty()).ResponseAsync, "service that is not there");
    }
}
