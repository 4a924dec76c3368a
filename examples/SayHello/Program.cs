// SPDX-License-Identifier: Apache-2.0
using GrpcStudy;
using Peregrine;
using Peregrine.Client;

return await Example.RunAsync(args, 9090, StartServerAsync, CallAsync);

static async Task<IAsyncDisposable> StartServerAsync(Example example)
{
    GrpcServer server = new(new GrpcServerOptions { LoggerFactory = example.LoggerFactory });
    server.AddService(SayHello.BindService(new Greeter()));
    await server.ListenAsync($"127.0.0.1:{example.Port}", ServerCredentials.Insecure);
    return server;
}

static async Task CallAsync(Example example)
{
    using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{example.Port}");
    SayHello.SayHelloClient client = new(channel);
    HelloRes reply = await client.SayHelloAsync(new HelloReq { MessageName = "XiaoMing", MessageLen = 1 });
    Console.WriteLine(reply.ResMessage);
}
