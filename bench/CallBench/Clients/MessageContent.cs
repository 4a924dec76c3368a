// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Bench.Calls;
using Peregrine.Protobuf;

namespace CallBench.Clients;

/// <summary>The body of a request: one message, or the same one many times, each flushed by itself as gRPC does it.</summary>
internal sealed class MessageContent(IMessage message, int times, bool gzip) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using PooledBuffer buffer = new();
        for (int i = 0; i < times; i++)
        {
            buffer.Clear();
            MessageFrame.Write(buffer, message, gzip);
            await stream.WriteAsync(buffer.Written, cancellationToken);
            if (times > 1)
            {
                await stream.FlushAsync(cancellationToken);
            }
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
