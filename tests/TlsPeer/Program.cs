// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Peregrine;
using Peregrine.Client;
using Peregrine.TestKit;
using TlsPeer;

// Client and server of health checking under TLS, for eng/bad-certificates.sh:
//   TlsPeer server --port N --cert FILE --key FILE [--client-roots FILE [--crl FILE]]
//   TlsPeer client --port N [--roots FILE] [--cert FILE --key FILE] [--name NAME] [--crl FILE] [--join-system] [--careless]
// The client prints "OK", or "CODE: message" and ends with 1. The server prints its log.
if (args is not [("server" or "client") and var role, .. var rest] || !Flags.TryParse(rest, out Flags flags))
{
    await Console.Error.WriteLineAsync("usage: TlsPeer server|client --port N ...");
    return 2;
}

Method<byte[], byte[]> check = new(
    MethodType.Unary, "grpc.health.v1.Health", "Check", Marshallers.Create(bytes => bytes, bytes => bytes), Marshallers.Create(bytes => bytes, bytes => bytes));
int port = int.Parse(flags["port"]!, CultureInfo.InvariantCulture);
CertificateSource? certificate = flags["cert"] is { } file ? CertificateSource.FromPemFiles(file, flags["key"]!) : null;
CertificateTrust trust = new()
{
    RootCertificatesPath = flags["roots"] ?? flags["client-roots"],
    IncludeSystemRoots = flags["join-system"] is not null,
    RevocationListPaths = flags["crl"] is { } list ? [list] : [],
};
return role == "server" ? await ServeAsync() : await CallAsync();

async Task<int> ServeAsync()
{
    using ConsoleLog log = new();
    await using GrpcServer server = new(new GrpcServerOptions { LoggerFactory = log });
    byte[] serving = [8, 1]; // status: SERVING
    server.AddService(ServerServiceDefinition.CreateBuilder().AddMethod(check, (UnaryServerMethod<byte[], byte[]>)((_, _) => Task.FromResult(serving))).Build());
    await server.ListenAsync($"127.0.0.1:{port}", SslServerCredentials.FromOptions(new SslServerCredentialsOptions
    {
        Certificates = { certificate! },
        ClientCertificateRequest = flags["client-roots"] is null
            ? SslClientCertificateRequestType.DontRequest
            : SslClientCertificateRequestType.RequestAndRequireAndVerify,
        ClientTrust = trust,
    }));
    await StopSignal.WaitAsync();
    return 0;
}

async Task<int> CallAsync()
{
    using GrpcChannel channel = GrpcChannel.ForAddress($"https://127.0.0.1:{port}", new GrpcChannelOptions
    {
        Credentials = SslCredentials.FromOptions(new SslCredentialsOptions { ClientCertificate = certificate, ServerTrust = trust }),
        SslTargetNameOverride = flags["name"] ?? "localhost",
        UnsafeSkipServerCertificateValidation = flags["careless"] is not null,
    });
    try
    {
        await channel.CreateCallInvoker().AsyncUnaryCall(check, null, new CallOptions(deadline: DateTime.UtcNow.AddSeconds(20)), []);
        Console.WriteLine("OK");
        return 0;
    }
    catch (RpcException e)
    {
        Console.WriteLine($"{e.StatusCode}: {e.Status.Detail}");
        return 1;
    }
}
