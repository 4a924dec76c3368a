// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using GrpcStudy;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Peregrine.Protobuf;

// usage: KestrelServer PORT
// A hand-written gRPC handler on Kestrel: the cheapest unary call that this stack allows with the same message types.
const int PrefixLength = 5;
int port = int.Parse(args[0], CultureInfo.InvariantCulture);
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(options =>
{
    options.Limits.Http2.MaxStreamsPerConnection = 1000;
    options.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2);
});
WebApplication app = builder.Build();
app.Run(async context =>
{
    if (context.Request.Path != "/SayHello/SayHello")
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return;
    }

    HelloReq request = await ReadAsync(context.Request.BodyReader);
    HelloRes reply = new() { ResMessage = "Message send by SayHello server :Hello " + request.MessageName };

    context.Response.ContentType = "application/grpc";
    Write(context.Response.BodyWriter, reply);
    await context.Response.BodyWriter.FlushAsync();
    context.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers["grpc-status"] = "0";
});
await app.RunAsync();

static async ValueTask<HelloReq> ReadAsync(PipeReader body)
{
    while (true)
    {
        ReadResult read = await body.ReadAsync();
        if (TryRead(read.Buffer, out HelloReq? request))
        {
            body.AdvanceTo(read.Buffer.End);
            return request!;
        }

        if (read.IsCompleted)
        {
            throw new InvalidDataException("the request ends inside its message");
        }

        body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
    }
}

static bool TryRead(in ReadOnlySequence<byte> bytes, out HelloReq? request)
{
    request = null;
    if (bytes.Length < PrefixLength)
    {
        return false;
    }

    Span<byte> prefix = stackalloc byte[PrefixLength];
    bytes.Slice(0, PrefixLength).CopyTo(prefix);
    uint length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
    if (bytes.Length < PrefixLength + length)
    {
        return false;
    }

    request = HelloReq.Parser.ParseFrom(bytes.Slice(PrefixLength, length));
    return true;
}

static void Write(PipeWriter body, HelloRes reply)
{
    int size = reply.CalculateSize();
    Span<byte> span = body.GetSpan(PrefixLength + size);
    span[0] = 0;
    BinaryPrimitives.WriteUInt32BigEndian(span[1..], (uint)size);
    reply.WriteTo(span.Slice(PrefixLength, size));
    body.Advance(PrefixLength + size);
}
