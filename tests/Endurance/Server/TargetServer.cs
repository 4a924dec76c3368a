// SPDX-License-Identifier: Apache-2.0
using Endurance.Protocol;
using Peregrine;
using Peregrine.TestKit;

namespace Endurance.Server;

/// <summary>The server that is to endure, with default settings but for what flags say. Prints its port; drains and ends when its input does, or when it is told to stop.</summary>
internal static class TargetServer
{
    public static async Task<int> RunAsync(Flags flags)
    {
        ProcessorAffinity.Use(flags.Number("core", int.MaxValue));
        GrpcServerOptions options = new();
        if (flags.Number("handshake-seconds", 0) is > 0 and var seconds)
        {
            options.HandshakeTimeout = TimeSpan.FromSeconds(seconds);
        }

        await using GrpcServer server = new(options);
        server.AddService(Target.BindService(new TargetService(server.Statistics)));
        string certificate = flags.Text("certificate", "");
        int port = await server.ListenAsync(
            $"127.0.0.1:{flags.Number("port", 0)}",
            certificate.Length > 0 ? SslServerCredentials.FromFiles(certificate, flags.Text("key", "")) : ServerCredentials.Insecure);
        Console.WriteLine(port);
        await Task.WhenAny(StopSignal.WaitAsync(), Console.In.ReadToEndAsync());
        await server.ShutdownAsync(TimeSpan.FromSeconds(10));
        return 0;
    }
}
