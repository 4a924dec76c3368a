// SPDX-License-Identifier: Apache-2.0
using Peregrine;

/// <summary>
/// Passes calls on to another server, whatever their services and messages are: metadata, deadline, cancellation, messages as bytes in any format, status and
/// trailers. Give <see cref="HandleAsync"/> to a server as its <see cref="GrpcServerOptions.UnknownMethodHandler"/>.
/// </summary>
internal sealed class GrpcProxy(CallInvoker target)
{
    /// <summary>Passes one call on.</summary>
    public async Task HandleAsync(
        IAsyncStreamReader<byte[]> requests, IServerStreamWriter<byte[]> responses, ServerCallContext context)
    {
        // When the target ends the call, nobody needs the rest of the requests.
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        using AsyncDuplexStreamingCall<byte[], byte[]> call = target.AsyncDuplexStreamingCall(MethodOf(context), null, OptionsOf(context));
        Task sending = SendAsync(requests, call.RequestStream, ended.Token);
        try
        {
            // An exception of the target's call carries its status, detail and trailers: it is the answer as it is.
            // Headers of their own only if there are some: an error without them keeps the form in which clients may retry.
            if (await call.ResponseHeadersAsync is { Count: > 0 } headers)
            {
                await context.WriteResponseHeadersAsync(headers);
            }

            await foreach (byte[] response in call.ResponseStream.ReadAllAsync(context.CancellationToken))
            {
                await responses.WriteAsync(response);
            }
        }
        finally
        {
            await ended.CancelAsync();
            await sending;
        }

        foreach (Metadata.Entry trailer in call.GetTrailers())
        {
            context.ResponseTrailers.Add(trailer);
        }
    }

    private static async Task SendAsync(
        IAsyncStreamReader<byte[]> requests, IClientStreamWriter<byte[]> target, CancellationToken ended)
    {
        try
        {
            await foreach (byte[] request in requests.ReadAllAsync(ended))
            {
                await target.WriteAsync(request, ended);
            }

            await target.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException or InvalidOperationException)
        {
            // The call is over, on one side or the other; the responses tell how.
        }
    }

    private static Method<byte[], byte[]> MethodOf(ServerCallContext context)
    {
        string[] parts = context.Method.Split('/');
        return new Method<byte[], byte[]>(
            MethodType.DuplexStreaming, parts[1], parts[2], Marshallers.BytesMarshaller, Marshallers.BytesMarshaller)
        {
            ContentSubtype = context.ContentSubtype,
        };
    }

    private static CallOptions OptionsOf(ServerCallContext context) => new(
        context.RequestHeaders,
        context.Deadline == DateTime.MaxValue ? null : context.Deadline,
        context.CancellationToken);
}
