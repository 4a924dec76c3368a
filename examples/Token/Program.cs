// SPDX-License-Identifier: Apache-2.0
using GrpcStudy;
using Peregrine;
using Peregrine.Client;

return await Example.RunAsync(args, 9090, StartServerAsync, CallAsync);

static async Task<IAsyncDisposable> StartServerAsync(Example example)
{
    GrpcServer server = new(new GrpcServerOptions { LoggerFactory = example.LoggerFactory });
    server.AddService(SayHello.BindService(new AuthenticatedGreeter()));
    await server.ListenAsync($"127.0.0.1:{example.Port}", ServerCredentials.Insecure);
    return server;
}

// Call credentials normally travel with TLS only; the tutorial sends them in plaintext, which has to be asked for.
static async Task CallAsync(Example example)
{
    using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{example.Port}", new GrpcChannelOptions
    {
        LoggerFactory = example.LoggerFactory,
    });
    SayHello.SayHelloClient client = new(channel);
    HelloReq request = new() { MessageName = "XiaoMing", MessageLen = 1 };
    HelloRes reply = await client.SayHelloAsync(request, new CallOptions(credentials: TokenCredentials.Create()));
    Console.WriteLine(reply.ResMessage);

    try
    {
        await client.SayHelloAsync(request, new CallOptions(credentials: TokenCredentials.Create("wrong")));
    }
    catch (RpcException e)
    {
        Console.WriteLine($"with a wrong token: {e.StatusCode}: {e.Status.Detail}");
    }
}
