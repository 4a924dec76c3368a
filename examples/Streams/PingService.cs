// SPDX-License-Identifier: Apache-2.0
using GrpcStudy.Streams;
using Peregrine;

/// <summary>Echoes pings in each of the four call kinds.</summary>
internal sealed class PingService : Ping.PingBase
{
    public override Task<PingReply> SimplePing(PingRequest request, ServerCallContext context) =>
        Task.FromResult(new PingReply { Message = request.Message });

    public override async Task<PingReply> ClientStreamPing(IAsyncStreamReader<PingRequest> requestStream, ServerCallContext context)
    {
        List<string> received = [];
        await foreach (PingRequest request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            received.Add(request.Message);
        }

        return new PingReply { Message = string.Join(", ", received) };
    }

    public override async Task ServerStreamPing(
        PingRequest request, IServerStreamWriter<PingReply> responseStream, ServerCallContext context)
    {
        for (int i = 1; i <= 3; i++)
        {
            await responseStream.WriteAsync(new PingReply { Message = $"{request.Message} {i}" }, context.CancellationToken);
        }
    }

    public override async Task BothStreamPing(
        IAsyncStreamReader<PingRequest> requestStream, IServerStreamWriter<PingReply> responseStream, ServerCallContext context)
    {
        await foreach (PingRequest request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(new PingReply { Message = request.Message }, context.CancellationToken);
        }
    }
}
