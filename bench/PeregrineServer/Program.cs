// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Runtime.InteropServices;
using GrpcStudy;
using Peregrine;

// usage: PeregrineServer PORT
// Serves until it is told to stop (SIGTERM or SIGINT), then prints how many calls ended with which status.
int port = int.Parse(args[0], CultureInfo.InvariantCulture);
TaskCompletionSource stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

GrpcServer server = new();
server.AddService(SayHello.BindService(new Greeter()));
await server.ListenAsync($"127.0.0.1:{port}", ServerCredentials.Insecure);
await stop.Task;
await server.ShutdownAsync(TimeSpan.FromSeconds(5));
Console.WriteLine($"calls ended OK: {server.Statistics.CallsEnded(StatusCode.OK)}");
Console.WriteLine($"calls ended otherwise: {server.Statistics.CallsEndedTotal - server.Statistics.CallsEnded(StatusCode.OK)}");

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.TrySetResult();
}
