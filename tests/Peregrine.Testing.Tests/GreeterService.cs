// SPDX-License-Identifier: Apache-2.0
using Greet;

namespace Peregrine.Testing.Tests;

/// <summary>A service as users write them.</summary>
internal sealed class GreeterService : Greeter.GreeterBase
{
    public int Greeted { get; private set; }

    public override async Task<GreetReply> Greet(GreetRequest request, ServerCallContext context)
    {
        if (request.Name.Length == 0)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "A name is needed."));
        }

        if (request.Name == "sloth")
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
        }

        Greeted++;
        context.ResponseTrailers.Add("greeted", $"{Greeted}");
        return new GreetReply { Text = $"Hello, {request.Name}" };
    }

    public override async Task Countdown(GreetRequest request, IServerStreamWriter<GreetReply> responseStream, ServerCallContext context)
    {
        for (var left = 3; left > 0; left--)
        {
            await responseStream.WriteAsync(new GreetReply { Text = $"{left}" });
        }
    }

    public override async Task<GreetReply> GreetAll(IAsyncStreamReader<GreetRequest> requestStream, ServerCallContext context)
    {
        List<string> names = [];
        await foreach (var request in requestStream.ReadAllAsync())
        {
            names.Add(request.Name);
        }

        return new GreetReply { Text = $"Hello, {string.Join(" and ", names)}" };
    }

    public override async Task Chat(
        IAsyncStreamReader<GreetRequest> requestStream, IServerStreamWriter<GreetReply> responseStream, ServerCallContext context)
    {
        await foreach (var request in requestStream.ReadAllAsync())
        {
            await responseStream.WriteAsync(new GreetReply { Text = $"Hello, {request.Name}" });
        }
    }
}
