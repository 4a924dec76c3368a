// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using GrpcStudy;
using GrpcStudy.Streams;
using Peregrine;
using Peregrine.Client;

// usage: TutorialFailures CASE PORT KEY_FOLDER
// Makes the one call that CASE names, which must fail, and prints "CODE: message".
if (args is not [string which, string portText, string key]
    || !int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out int port))
{
    await Console.Error.WriteLineAsync("usage: TutorialFailures CASE PORT KEY_FOLDER");
    return 2;
}

Func<Task>? call = which switch
{
    "wrong-ca" => () => GreetAsync("https", Trust("other.crt"), "*grpcstudy.com"),
    "wrong-name" => () => GreetAsync("https", Trust("server.crt"), "elsewhere.example"),
    "no-client-certificate" => () => GreetAsync("https", Trust("server.crt"), "*grpcstudy.com"),
    "plaintext-to-tls" => () => GreetAsync("http", ChannelCredentials.Insecure, null),
    "no-token" => () => GreetAsync("http", ChannelCredentials.Insecure, null),
    "token-needs-tls" => () => GreetAsync("http", ChannelCredentials.Insecure, null, new CallOptions(
        credentials: CallCredentials.FromInterceptor(static (_, _) => Task.CompletedTask))),
    "deadline" => () => ExchangeAsync(new CallOptions(deadline: DateTime.UtcNow.AddMilliseconds(200)), cancel: false),
    "cancel" => () => ExchangeAsync(default, cancel: true),
    _ => null,
};
if (call is null)
{
    await Console.Error.WriteLineAsync($"unknown case \"{which}\"");
    return 2;
}

try
{
    await call().WaitAsync(TimeSpan.FromSeconds(10));
}
catch (RpcException e)
{
    Console.WriteLine($"{e.StatusCode}: {e.Status.Detail}");
    return 0;
}

await Console.Error.WriteLineAsync($"the case {which} succeeded");
return 1;

ChannelCredentials Trust(string file) => SslCredentials.FromFiles(Path.Combine(key, file));

async Task GreetAsync(string scheme, ChannelCredentials credentials, string? name, CallOptions options = default)
{
    using GrpcChannel channel = GrpcChannel.ForAddress($"{scheme}://127.0.0.1:{port}", new GrpcChannelOptions
    {
        Credentials = credentials,
        SslTargetNameOverride = name,
    });
    await new GrpcStudy.SayHello.SayHelloClient(channel).SayHelloAsync(new HelloReq { MessageName = "XiaoMing" }, options);
}

async Task ExchangeAsync(CallOptions options, bool cancel)
{
    using CancellationTokenSource source = new();
    using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
    GrpcStudy.Streams.SayHello.SayHelloClient client = new(channel);
    using AsyncDuplexStreamingCall<HelloStreamReq, HelloStreamRes> call =
        client.SayHello(options.WithCancellationToken(source.Token));
    await call.RequestStream.WriteAsync(new HelloStreamReq { MessageName = "zhc" });
    if (cancel)
    {
        source.CancelAfter(TimeSpan.FromMilliseconds(200));
    }

    await call.ResponseStream.MoveNext();
}
