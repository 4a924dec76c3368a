// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Endurance.Protocol;
using Peregrine.Client;

namespace Endurance;

/// <summary>The server in a process of its own, and a channel over which it is asked for its measures.</summary>
internal sealed class TargetProcess : IAsyncDisposable
{
    private readonly GrpcChannel _channel;

    private TargetProcess(ChildProcess process, int port)
    {
        Process = process;
        Port = port;
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        Client = new Target.TargetClient(_channel);
    }

    public ChildProcess Process { get; }

    public int Port { get; }

    public string Address => $"http://127.0.0.1:{Port}";

    public Target.TargetClient Client { get; }

    /// <param name="port">The port, 0 for any.</param>
    /// <param name="core">The core that it keeps to, -1 for all.</param>
    public static Task<TargetProcess> StartAsync(int port = 0, int core = -1) => WaitAsync(
        ChildProcess.Start(["server", $"--port={port}", .. core >= 0 ? [$"--core={core}"] : Array.Empty<string>()]));

    /// <summary>Starts it with a limit of open descriptors.</summary>
    public static Task<TargetProcess> StartLimitedAsync(int descriptors) => WaitAsync(ChildProcess.StartLimited(descriptors, "server"));

    private static async Task<TargetProcess> WaitAsync(ChildProcess process)
    {
        string line = await process.ReadLineAsync();
        return new TargetProcess(process, int.Parse(line, CultureInfo.InvariantCulture));
    }

    /// <summary>What the server holds after a forced collection.</summary>
    public async Task<Measurement> MeasureAsync() => await Client.MeasureAsync(new MeasureRequest());

    /// <summary>Measures until a condition holds, for at most half a minute; what was measured last.</summary>
    public async Task<Measurement> MeasureUntilAsync(Func<Measurement, bool> condition)
    {
        DateTime giveUp = DateTime.UtcNow.AddSeconds(30);
        while (true)
        {
            Measurement measurement = await MeasureAsync();
            if (condition(measurement) || DateTime.UtcNow > giveUp)
            {
                return measurement;
            }

            await Task.Delay(100);
        }
    }

    /// <summary>Lets the server drain, and waits until it has ended.</summary>
    public async Task StopAsync()
    {
        Process.EndInput();
        await Process.WaitForExitAsync();
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await Process.DisposeAsync();
    }
}
