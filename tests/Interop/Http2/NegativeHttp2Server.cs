// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Peregrine.TestKit;

namespace Interop.Http2;

/// <summary>
/// The server of the negative HTTP/2 cases. Prints, when a connection has ended, whether the client kept to the case:
/// <c>CASE: passed</c> or <c>CASE: failed: ...</c>.
/// </summary>
internal static class NegativeHttp2Server
{
    private static readonly IReadOnlyList<Flag> Flags =
    [
        new("port", "8080", "Where to listen, on 127.0.0.1."),
        new("test_case", "goaway", "The case to serve."),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        CommandLine flags = new(Flags, args);
        string name = flags.Text("test_case");
        Script script = Find(name);
        TcpListener listener = new(IPAddress.Loopback, flags.Number("port"));
        try
        {
            listener.Start();
        }
        catch (SocketException e)
        {
            throw new IOException($"Cannot listen on 127.0.0.1:{flags.Number("port")}: {e.Message}", e);
        }

        Console.WriteLine($"listening on {listener.LocalEndpoint}; press Ctrl+C to stop");
        _ = AcceptAsync(listener, name, script);
        await StopSignal.WaitAsync();
        return 0;
    }

    private static Script Find(string name) => name switch
    {
        "goaway" => new Script.GoAway(),
        "rst_after_header" => new Script.ResetAfterHeader(),
        "rst_during_data" => new Script.ResetDuringData(),
        "rst_after_data" => new Script.ResetAfterData(),
        "ping" => new Script.Ping(),
        "max_streams" => new Script.MaxStreams(),
        "data_frame_padding" => new Script.DataFramePadding(),
        _ => throw new UsageException(
            $"\"{name}\" is no negative HTTP/2 case. Known are: goaway, rst_after_header, rst_during_data, rst_after_data, ping, max_streams, data_frame_padding."),
    };

    private static async Task AcceptAsync(TcpListener listener, string name, Script script)
    {
        while (true)
        {
            TcpClient client = await listener.AcceptTcpClientAsync();
            client.NoDelay = true;
            _ = ServeAsync(client, name, script);
        }
    }

    private static async Task ServeAsync(TcpClient client, string name, Script script)
    {
        using FrameConnection connection = new(client.GetStream(), script);
        string? fault = null;
        try
        {
            if (!await connection.RunAsync())
            {
                return;
            }
        }
        catch (IOException)
        {
            // The client closed the connection in its own way; the verdict is on what it did before.
        }

        catch (InvalidDataException e)
        {
            fault = e.Message;
        }

        fault ??= script.FindFault(connection);
        string verdict = fault is null ? "passed" : $"failed: {fault}";
        Console.WriteLine($"{name}: {verdict} ({connection.Calls} calls)");
    }
}
