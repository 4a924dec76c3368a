// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using Endurance.Protocol;
using Peregrine.Client;
using Peregrine.Protobuf;

namespace Endurance.Attacks;

/// <summary>A process of honest unary calls on connections of its own; prints how many succeeded, and how many did not.</summary>
internal static class HonestLoad
{
    private const int Channels = 4;
    private const int CallsPerChannel = 10;

    // Code is compiled, here and in the server, before anything counts.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(Flags flags)
    {
        ProcessorAffinity.Use(flags.Number("core", int.MaxValue));
        int port = flags.Number("port", 0);
        TimeSpan time = flags.Seconds("seconds", 1);
        string certificate = flags.Text("certificate", "");
        await RunAsync(port, certificate, WarmUp);
        await StartSignal.WaitAsync();
        (long succeeded, long failed) = await RunAsync(port, certificate, time);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{succeeded} {failed}"));
        return 0;
    }

    private static async Task<(long Succeeded, long Failed)> RunAsync(int port, string certificate, TimeSpan time)
    {
        long succeeded = 0;
        long failed = 0;
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Channels).Select(async _ =>
        {
            using GrpcChannel channel = TargetProcess.Connect(port, certificate);
            Target.TargetClient client = new(channel);
            Blob blob = new() { Data = ByteString.CopyFrom(new byte[100]) };
            await Task.WhenAll(Enumerable.Range(0, CallsPerChannel).Select(async _ =>
            {
                while (Stopwatch.GetElapsedTime(start) < time)
                {
                    try
                    {
                        await client.EchoAsync(blob);
                        Interlocked.Increment(ref succeeded);
                    }
                    catch (Peregrine.RpcException)
                    {
                        Interlocked.Increment(ref failed);
                    }
                }
            }));
        }));
        return (succeeded, failed);
    }
}
