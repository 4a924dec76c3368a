// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Runtime.InteropServices;
using Bench.Calls;
using GrpcStudy;
using Peregrine;

// usage: PeregrineServer PORT [control=1] [tls=FOLDER] [interceptor=1] [gzip=1] [unlimited=1]
// Serves until it is told to stop (SIGTERM or SIGINT; with control=1, the end of its input), then prints how many calls ended
// with which status. tls: a folder with certificate.pem and key.pem. unlimited: messages of any size.
Flags flags = new(args[1..]);
GrpcServerOptions options = new();
if (flags.Has("interceptor"))
{
    options.Interceptors.Add(new CountingInterceptor());
}

if (flags.Has("gzip"))
{
    options.ResponseCompressionAlgorithm = "gzip";
}

if (flags.Has("unlimited"))
{
    options.MaxReceiveMessageSize = null;
}

GrpcServer server = new(options);
server.AddService(SayHello.BindService(new Greeter()));
server.AddService(Echo.BindService(new EchoService()));
string tls = flags.Text("tls");
int port = await server.ListenAsync(
    $"127.0.0.1:{int.Parse(args[0], CultureInfo.InvariantCulture)}",
    tls.Length == 0
        ? ServerCredentials.Insecure
        : SslServerCredentials.FromFiles(Path.Combine(tls, "certificate.pem"), Path.Combine(tls, "key.pem")));
if (flags.Has("control"))
{
    ServerControl.Serve(port);
}
else
{
    await StopRequestedAsync();
}

await server.ShutdownAsync(TimeSpan.FromSeconds(5));
Console.WriteLine($"calls ended OK: {server.Statistics.CallsEnded(StatusCode.OK)}");
Console.WriteLine($"calls ended otherwise: {server.Statistics.CallsEndedTotal - server.Statistics.CallsEnded(StatusCode.OK)}");

static async Task StopRequestedAsync()
{
    TaskCompletionSource stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        stop.TrySetResult();
    }

    using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    await stop.Task;
}
