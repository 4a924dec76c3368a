// SPDX-License-Identifier: Apache-2.0
using Grpc.Health.V1;
using Grpc.Testing;
using Peregrine;
using Peregrine.Services;
using Peregrine.TestKit;

namespace Interop.Server;

/// <summary>The server of the public cases.</summary>
internal static class InteropServer
{
    public static async Task<int> RunAsync(string[] args)
    {
        CommandLine flags = new(ServerFlags.All, args);
        ServerCredentials credentials = Credentials(flags);

        // Responses can be compressed; the service leaves all plain that nobody asked to be compressed.
        await using GrpcServer server = new(new GrpcServerOptions { ResponseCompressionAlgorithm = "gzip" });
        BearerToken? token = flags.Text("expect_token") is { Length: > 0 } expected ? new BearerToken(expected, flags.Text("token_username")) : null;
        server.AddService(TestService.BindService(new InteropService(token)));
        server.AddHealthService().SetStatus(TestService.Descriptor.FullName, HealthCheckResponse.Types.ServingStatus.Serving);
        server.AddReflectionService();
        server.AddChannelzService();
        int port = await server.ListenAsync($"127.0.0.1:{flags.Number("port")}", credentials);
        Console.WriteLine($"listening on 127.0.0.1:{port}; press Ctrl+C to stop");
        await StopSignal.WaitAsync();
        await server.ShutdownAsync(TimeSpan.FromSeconds(1));
        return 0;
    }

    private static ServerCredentials Credentials(CommandLine flags)
    {
        if (!flags.Switch("use_tls"))
        {
            return ServerCredentials.Insecure;
        }

        const string reason = "--use_tls=true needs a certificate and its key";
        return SslServerCredentials.FromFiles(flags.Required("tls_cert_file", reason), flags.Required("tls_key_file", reason));
    }
}
