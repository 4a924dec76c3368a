// SPDX-License-Identifier: Apache-2.0
using GrpcStudy;
using Peregrine;
using Peregrine.Client;

return await Example.RunAsync(args, 9090, StartServerAsync, CallAsync);

// The server shows its certificate and demands one that the authority signed.
static async Task<IAsyncDisposable> StartServerAsync(Example example)
{
    string key = TutorialCertificates.Ensure(example.KeyFolder);
    GrpcServer server = new(new GrpcServerOptions { LoggerFactory = example.LoggerFactory });
    server.AddService(SayHello.BindService(new Greeter()));
    await server.ListenAsync(
        $"127.0.0.1:{example.Port}",
        SslServerCredentials.FromFiles(
            Path.Combine(key, "test.pem"),
            Path.Combine(key, "test.key"),
            rootCertificatesPath: Path.Combine(key, "server.crt"),
            SslClientCertificateRequestType.RequestAndRequireAndVerify));
    return server;
}

// The client trusts the authority and shows a certificate of its own.
static async Task CallAsync(Example example)
{
    string key = TutorialCertificates.Ensure(example.KeyFolder);
    using GrpcChannel channel = GrpcChannel.ForAddress($"https://127.0.0.1:{example.Port}", new GrpcChannelOptions
    {
        Credentials = SslCredentials.FromFiles(
            Path.Combine(key, "server.crt"), Path.Combine(key, "testClient.pem"), Path.Combine(key, "testClient.key")),
        SslTargetNameOverride = "*grpcstudy.com",
        LoggerFactory = example.LoggerFactory,
    });
    SayHello.SayHelloClient client = new(channel);
    HelloRes reply = await client.SayHelloAsync(new HelloReq { MessageName = "XiaoMing", MessageLen = 1 });
    Console.WriteLine(reply.ResMessage);
}
