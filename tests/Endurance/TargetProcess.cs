// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Endurance.Protocol;
using Peregrine;
using Peregrine.Client;

namespace Endurance;

/// <summary>The server in a process of its own, and a channel over which it is asked for its measures.</summary>
internal sealed class TargetProcess : IAsyncDisposable
{
    private readonly GrpcChannel _channel;

    private TargetProcess(ChildProcess process, int port, ServerCertificate? certificate)
    {
        Process = process;
        Port = port;
        _channel = Connect(port, certificate?.Path);
        Client = new Target.TargetClient(_channel);
    }

    public ChildProcess Process { get; }

    public int Port { get; }

    public string Address => $"http://127.0.0.1:{Port}";

    public Target.TargetClient Client { get; }

    /// <param name="port">The port, 0 for any.</param>
    /// <param name="core">The core that it keeps to, -1 for all.</param>
    /// <param name="certificate">The certificate with which it speaks TLS; null for plaintext.</param>
    /// <param name="handshakeSeconds">The limit of handshakes, 0 for the default.</param>
    public static Task<TargetProcess> StartAsync(int port = 0, int core = -1, ServerCertificate? certificate = null, int handshakeSeconds = 0)
    {
        List<string> args = ["server", $"--port={port}", $"--handshake-seconds={handshakeSeconds}"];
        if (core >= 0)
        {
            args.Add($"--core={core}");
        }

        if (certificate is not null)
        {
            args.AddRange([$"--certificate={certificate.Path}", $"--key={certificate.KeyPath}"]);
        }

        return WaitAsync(ChildProcess.Start(args), certificate);
    }

    /// <summary>Starts it with a limit of open descriptors.</summary>
    public static Task<TargetProcess> StartLimitedAsync(int descriptors) => WaitAsync(ChildProcess.StartLimited(descriptors, "server"), certificate: null);

    /// <summary>A channel to a server, under TLS when the file of its certificate is given.</summary>
    public static GrpcChannel Connect(int port, string? certificate) => string.IsNullOrEmpty(certificate)
        ? GrpcChannel.ForAddress($"http://127.0.0.1:{port}")
        : GrpcChannel.ForAddress($"https://127.0.0.1:{port}", new GrpcChannelOptions { Credentials = new SslCredentials(File.ReadAllText(certificate)) });

    private static async Task<TargetProcess> WaitAsync(ChildProcess process, ServerCertificate? certificate)
    {
        string line = await process.ReadLineAsync();
        return new TargetProcess(process, int.Parse(line, CultureInfo.InvariantCulture), certificate);
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
