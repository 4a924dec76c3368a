// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Peregrine;

/// <summary>
/// The command line that all examples share: nothing = server and client in one process, <c>server</c> or <c>client</c> = one of
/// them, <c>--port N</c> = another port, <c>--key DIR</c> = another folder of certificates.
/// </summary>
internal sealed class Example
{
    /// <summary>Where the server listens, or where the client finds it.</summary>
    public required int Port { get; init; }

    /// <summary>Folder with the tutorial's certificates; made on first use unless it was named.</summary>
    public required string KeyFolder { get; init; }

    /// <summary>Logs warnings and errors to the console.</summary>
    public required ILoggerFactory LoggerFactory { get; init; }

    /// <summary>
    /// Runs what <paramref name="args"/> asks for and returns the exit code: 0 for success, 1 for a failed call or server, 2 for a
    /// wrong command line.
    /// </summary>
    public static async Task<int> RunAsync(
        string[] args, int defaultPort, Func<Example, Task<IAsyncDisposable>> startServer, Func<Example, Task> runClient)
    {
        if (!TryParse(args, defaultPort, out string role, out int port, out string? keyFolder))
        {
            await Console.Error.WriteLineAsync("usage: [server|client] [--port N] [--key DIR]");
            return 2;
        }

        using ILoggerFactory loggers = Microsoft.Extensions.Logging.LoggerFactory.Create(
            builder => builder.AddSimpleConsole(o => o.SingleLine = true).SetMinimumLevel(LogLevel.Warning));
        Example example = new()
        {
            Port = port,
            KeyFolder = keyFolder ?? Path.Combine(AppContext.BaseDirectory, "key"),
            LoggerFactory = loggers,
        };
        try
        {
            await RunAsync(example, role, startServer, runClient);
            return 0;
        }
        catch (Exception e) when (e is RpcException or IOException)
        {
            await Console.Error.WriteLineAsync(e is RpcException rpc ? $"call failed: {rpc.StatusCode}: {rpc.Status.Detail}" : e.Message);
            return 1;
        }
    }

    private static async Task RunAsync(
        Example example, string role, Func<Example, Task<IAsyncDisposable>> startServer, Func<Example, Task> runClient)
    {
        if (role == "client")
        {
            await runClient(example);
            return;
        }

        await using IAsyncDisposable server = await startServer(example);
        if (role == "server")
        {
            Console.WriteLine($"listening on 127.0.0.1:{example.Port}; press Ctrl+C to stop");
            await StopRequestedAsync();
            return;
        }

        await runClient(example);
    }

    private static async Task StopRequestedAsync()
    {
        TaskCompletionSource stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.TrySetResult();
        }

        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await stop.Task;
    }

    private static bool TryParse(string[] args, int defaultPort, out string role, out int port, out string? keyFolder)
    {
        role = "both";
        port = defaultPort;
        keyFolder = null;
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "server" or "client" when i == 0:
                    role = args[i];
                    break;
                case "--port" when i + 1 < args.Length
                    && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= 65535:
                    i++;
                    break;
                case "--key" when i + 1 < args.Length:
                    keyFolder = args[++i];
                    break;
                default:
                    return false;
            }
        }

        return true;
    }
}
