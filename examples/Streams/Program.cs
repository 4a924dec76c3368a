// SPDX-License-Identifier: Apache-2.0
using GrpcStudy.Streams;
using Peregrine;
using Peregrine.Client;

return await Example.RunAsync(args, 10001, StartServerAsync, CallAsync);

static async Task<IAsyncDisposable> StartServerAsync(Example example)
{
    GrpcServer server = new(new GrpcServerOptions { LoggerFactory = example.LoggerFactory });
    server.AddService(Ping.BindService(new PingService()));
    server.AddService(SayHello.BindService(new StreamGreeter()));
    await server.ListenAsync($"127.0.0.1:{example.Port}", ServerCredentials.Insecure);
    return server;
}

static async Task CallAsync(Example example)
{
    using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{example.Port}");
    await PingAsync(new Ping.PingClient(channel));
    await GreetAsync(new SayHello.SayHelloClient(channel));
}

static async Task PingAsync(Ping.PingClient client)
{
    PingReply one = await client.SimplePingAsync(new PingRequest { Message = "ping" });
    Console.WriteLine($"unary: {one.Message}");

    using (AsyncClientStreamingCall<PingRequest, PingReply> call = client.ClientStreamPing())
    {
        foreach (string word in (string[])["one", "two", "three"])
        {
            await call.RequestStream.WriteAsync(new PingRequest { Message = word });
        }

        await call.RequestStream.CompleteAsync();
        Console.WriteLine($"client stream: {(await call.ResponseAsync).Message}");
    }

    using (AsyncServerStreamingCall<PingReply> call = client.ServerStreamPing(new PingRequest { Message = "pong" }))
    {
        await foreach (PingReply reply in call.ResponseStream.ReadAllAsync())
        {
            Console.WriteLine($"server stream: {reply.Message}");
        }
    }

    using (AsyncDuplexStreamingCall<PingRequest, PingReply> call = client.BothStreamPing())
    {
        foreach (string word in (string[])["there", "and", "back"])
        {
            await call.RequestStream.WriteAsync(new PingRequest { Message = word });
            await call.ResponseStream.MoveNext();
            Console.WriteLine($"both streams: {call.ResponseStream.Current.Message}");
        }

        await call.RequestStream.CompleteAsync();
    }
}

static async Task GreetAsync(SayHello.SayHelloClient client)
{
    using AsyncDuplexStreamingCall<HelloStreamReq, HelloStreamRes> call = client.SayHello();
    await call.RequestStream.WriteAsync(new HelloStreamReq { MessageName = "zhc" });
    await call.ResponseStream.MoveNext();
    Console.WriteLine($"received from the server: {call.ResponseStream.Current.ResMessage}");
    await call.RequestStream.CompleteAsync();
}
