// SPDX-License-Identifier: Apache-2.0
using GrpcStudy;
using Peregrine;
using Peregrine.Client;

// Without arguments: a server, a proxy in front of it, and a call through both. With two: a proxy from LISTEN (host:port) to TARGET (http://host:port).
if (args is [string listen, string target])
{
    await using GrpcServer proxy = new(ProxyTo(target, out GrpcChannel channel));
    using (channel)
    {
        int port = await proxy.ListenAsync(listen, ServerCredentials.Insecure);
        Console.WriteLine($"passing calls on port {port} on to {target}; press Ctrl+C to stop");
        await Task.Delay(Timeout.Infinite);
    }
}

await using GrpcServer server = new();
server.AddService(SayHello.BindService(new Greeter()));
int serverPort = await server.ListenAsync("127.0.0.1:0", ServerCredentials.Insecure);

await using GrpcServer front = new(ProxyTo($"http://127.0.0.1:{serverPort}", out GrpcChannel behind));
int frontPort = await front.ListenAsync("127.0.0.1:0", ServerCredentials.Insecure);

using (behind)
using (GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{frontPort}"))
{
    SayHello.SayHelloClient client = new(channel);
    HelloRes reply = await client.SayHelloAsync(new HelloReq { MessageName = "XiaoMing", MessageLen = 1 });
    Console.WriteLine(reply.ResMessage);
}

static GrpcServerOptions ProxyTo(string target, out GrpcChannel channel)
{
    channel = GrpcChannel.ForAddress(target, new GrpcChannelOptions { MaxReceiveMessageSize = null });
    return new GrpcServerOptions
    {
        MaxReceiveMessageSize = null,
        UnknownMethodHandler = new GrpcProxy(channel.CreateCallInvoker()).HandleAsync,
    };
}
