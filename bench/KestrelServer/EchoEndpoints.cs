// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.IO.Pipelines;
using Bench.Calls;
using Microsoft.AspNetCore.Http.Features;
using Peregrine.Protobuf;

namespace KestrelServer;

/// <summary>The service <c>bench.Echo</c>. Each message of a stream is flushed by itself, as gRPC does it.</summary>
internal sealed class EchoEndpoints(bool gzip)
{
    public async Task UnaryAsync(HttpContext context)
    {
        RequestReader<Blob> requests = new(context.Request.BodyReader, Blob.Parser);
        using CancellationTokenSource? deadline = StartDeadline(context);
        Blob request = await requests.ReadAsync() ?? throw new InvalidDataException("the request has no message");
        PipeWriter responses = Begin(context);
        MessageFrame.Write(responses, request, gzip);
        await responses.FlushAsync(deadline?.Token ?? default);
        Finish(context);
    }

    public async Task DownloadAsync(HttpContext context)
    {
        RequestReader<Transfer> requests = new(context.Request.BodyReader, Transfer.Parser);
        Transfer request = await requests.ReadAsync() ?? throw new InvalidDataException("the request has no message");
        PipeWriter responses = Begin(context);
        Blob message = new() { Data = UnsafeByteOperations.UnsafeWrap(new byte[request.OctetsEach]) };
        for (int i = 0; i < request.Messages; i++)
        {
            MessageFrame.Write(responses, message, gzip);
            await responses.FlushAsync();
        }

        Finish(context);
    }

    public async Task UploadAsync(HttpContext context)
    {
        RequestReader<Blob> requests = new(context.Request.BodyReader, Blob.Parser);
        Transfer total = new();
        while (await requests.ReadAsync() is { } message)
        {
            total.Messages++;
            total.OctetsEach = message.Data.Length;
        }

        PipeWriter responses = Begin(context);
        MessageFrame.Write(responses, total, gzip);
        await responses.FlushAsync();
        Finish(context);
    }

    public async Task PingPongAsync(HttpContext context)
    {
        RequestReader<Blob> requests = new(context.Request.BodyReader, Blob.Parser);
        PipeWriter responses = Begin(context);
        await responses.FlushAsync();
        while (await requests.ReadAsync() is { } message)
        {
            MessageFrame.Write(responses, message, gzip);
            await responses.FlushAsync();
        }

        Finish(context);
    }

    private PipeWriter Begin(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        if (gzip)
        {
            context.Response.Headers["grpc-encoding"] = "gzip";
        }

        return context.Response.BodyWriter;
    }

    private static void Finish(HttpContext context) =>
        context.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers["grpc-status"] = "0";

    // Null without a deadline.
    private static CancellationTokenSource? StartDeadline(HttpContext context)
    {
        string? timeout = context.Request.Headers["grpc-timeout"];
        if (timeout is null)
        {
            return null;
        }

        double unit = timeout[^1] switch { 'S' => 1000, 'm' => 1, 'u' => 0.001, 'n' => 0.000001, _ => 60_000 };
        CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        deadline.CancelAfter(TimeSpan.FromMilliseconds(unit * long.Parse(timeout.AsSpan(0, timeout.Length - 1), CultureInfo.InvariantCulture)));
        return deadline;
    }
}
