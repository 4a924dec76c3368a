// SPDX-License-Identifier: Apache-2.0
using GrpcStudy.Streams;
using Peregrine;

/// <summary>The tutorial's bidirectional greeting: one message in, a second's pause, one message out.</summary>
internal sealed class StreamGreeter : SayHello.SayHelloBase
{
    public override async Task SayHello(
        IAsyncStreamReader<HelloStreamReq> requestStream, IServerStreamWriter<HelloStreamRes> responseStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken))
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "send a message before closing the stream"));
        }

        string name = requestStream.Current.MessageName;
        Console.WriteLine("received " + name);
        await Task.Delay(TimeSpan.FromSeconds(1), context.CancellationToken);
        await responseStream.WriteAsync(new HelloStreamRes { ResMessage = "recv " + name }, context.CancellationToken);
    }
}
