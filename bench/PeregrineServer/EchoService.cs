// SPDX-License-Identifier: Apache-2.0
using Bench.Calls;
using Peregrine;
using Peregrine.Protobuf;

/// <summary>The service that the benchmarks of calls ask, as an application would write it.</summary>
internal sealed class EchoService : Echo.EchoBase
{
    public override Task<Blob> Unary(Blob request, ServerCallContext context) => Task.FromResult(request);

    public override async Task Download(Transfer request, IServerStreamWriter<Blob> responseStream, ServerCallContext context)
    {
        Blob message = new() { Data = UnsafeByteOperations.UnsafeWrap(new byte[request.OctetsEach]) };
        for (int i = 0; i < request.Messages; i++)
        {
            await responseStream.WriteAsync(message);
        }
    }

    public override async Task<Transfer> Upload(IAsyncStreamReader<Blob> requestStream, ServerCallContext context)
    {
        Transfer total = new();
        while (await requestStream.MoveNext())
        {
            total.Messages++;
            total.OctetsEach = requestStream.Current.Data.Length;
        }

        return total;
    }

    public override async Task PingPong(
        IAsyncStreamReader<Blob> requestStream, IServerStreamWriter<Blob> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext())
        {
            await responseStream.WriteAsync(requestStream.Current);
        }
    }
}
