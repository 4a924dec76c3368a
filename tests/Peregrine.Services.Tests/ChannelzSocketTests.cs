// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Channelz.V1;
using Peregrine.Client;
using Peregrine.Diagnostics;
using ChannelzClient = Grpc.Channelz.V1.Channelz.ChannelzClient;

namespace Peregrine.Services.Tests;

/// <summary>Addresses and TLS of sockets, as channelz shows them.</summary>
public sealed class ChannelzSocketTests
{
    [Fact]
    public async Task A_TCP_socket_has_the_addresses_of_both_ends()
    {
        await using GrpcServer server = new GrpcServer().AddChannelzService();
        int port = await server.ListenAsync("127.0.0.1:0", ServerCredentials.Insecure);
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        (Socket ours, Socket theirs) = await BothEndsAsync(channel, port);
        Assert.Equal(IPAddress.Loopback.GetAddressBytes(), ours.Remote!.TcpipAddress!.IpAddress.ToByteArray());
        Assert.Equal(port, ours.Remote.TcpipAddress.Port);
        Assert.Equal(ours.Local, theirs.Remote);
        Assert.Equal(ours.Remote, theirs.Local);
        Assert.Null(ours.Security);
    }

    [Fact]
    public async Task A_server_has_the_sockets_that_it_listens_with_until_it_stops()
    {
        await using GrpcServer server = new GrpcServer().AddChannelzService();
        int port = await server.ListenAsync("127.0.0.1:0", ServerCredentials.Insecure);
        await server.ListenAsync($"inproc:listens-{port}", ServerCredentials.Insecure);
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        ChannelzClient client = new(channel);
        GetServersResponse servers = await client.GetServersAsync(new GetServersRequest { MaxResults = 1000 });
        SocketRef[] sockets = [.. servers.Server.Select(one => one.ListenSocket).Single(one => one.Any(socket => socket.Name == $"ipv4:127.0.0.1:{port}"))];
        Assert.Equal([$"ipv4:127.0.0.1:{port}", $"inproc:listens-{port}"], sockets.Select(socket => socket.Name));
        Socket tcp = (await client.GetSocketAsync(new GetSocketRequest { SocketId = sockets[0].SocketId })).Socket!;
        Assert.Equal(port, tcp.Local!.TcpipAddress!.Port);
        Assert.Null(tcp.Remote);
        Socket summary = (await client.GetSocketAsync(new GetSocketRequest { SocketId = sockets[1].SocketId, Summary = true })).Socket!;
        Assert.Equal((sockets[1], null), (summary.Ref, summary.Local));
        await server.KillAsync();
        Assert.Null(LiveEntities.FindListener(sockets[0].SocketId));
    }

    [Fact]
    public async Task A_TLS_socket_has_its_cipher_suite_and_certificates()
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        KeyCertificatePair pair = new(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());

        await using GrpcServer server = new GrpcServer().AddChannelzService();
        int port = await server.ListenAsync("127.0.0.1:0", new SslServerCredentials([pair]));
        using GrpcChannel channel = GrpcChannel.ForAddress(
            $"https://127.0.0.1:{port}", new GrpcChannelOptions { Credentials = new SslCredentials(certificate.ExportCertificatePem()) });
        (Socket ours, Socket theirs) = await BothEndsAsync(channel, port);
        Security.Types.Tls tls = ours.Security!.Tls!;
        Assert.StartsWith("TLS_", tls.StandardName);
        Assert.Equal(certificate.RawData, tls.RemoteCertificate.ToByteArray());
        Assert.Empty(tls.LocalCertificate.ToByteArray());
        Assert.Equal(tls.StandardName, theirs.Security!.Tls!.StandardName);
        Assert.Equal(certificate.RawData, theirs.Security.Tls.LocalCertificate.ToByteArray());
        Assert.Empty(theirs.Security.Tls.RemoteCertificate.ToByteArray());
    }

    // The channel's socket, and the server's.
    private static async Task<(Socket Ours, Socket Theirs)> BothEndsAsync(GrpcChannel channel, int port)
    {
        ChannelzClient client = new(channel);
        GetTopChannelsResponse channels = await client.GetTopChannelsAsync(new GetTopChannelsRequest { MaxResults = 1000 });
        SubchannelRef subchannel = channels.Channel.Single(one => one.Data!.Target.EndsWith($":{port}", StringComparison.Ordinal)).SubchannelRef[0];
        SocketRef ours = (await client.GetSubchannelAsync(new GetSubchannelRequest { SubchannelId = subchannel.SubchannelId })).Subchannel!.SocketRef[0];
        Socket socket = (await client.GetSocketAsync(new GetSocketRequest { SocketId = ours.SocketId })).Socket!;
        GetServersResponse servers = await client.GetServersAsync(new GetServersRequest { MaxResults = 1000 });
        foreach (Grpc.Channelz.V1.Server server in servers.Server)
        {
            try
            {
                GetServerSocketsResponse sockets = await client.GetServerSocketsAsync(new GetServerSocketsRequest { ServerId = server.Ref!.ServerId });
                foreach (SocketRef reference in sockets.SocketRef)
                {
                    Socket other = (await client.GetSocketAsync(new GetSocketRequest { SocketId = reference.SocketId })).Socket!;
                    if (other.Remote!.Equals(socket.Local))
                    {
                        return (socket, other);
                    }
                }
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
            {
                // Another test's, which has ended meanwhile.
            }
        }

        throw new InvalidOperationException("The server's end is not shown.");
    }
}
