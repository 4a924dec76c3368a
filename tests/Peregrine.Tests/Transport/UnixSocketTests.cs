// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using Peregrine.Client;
using Peregrine.Tests.Serving;

namespace Peregrine.Tests.Transport;

/// <summary>Servers and channels on Unix domain sockets.</summary>
public sealed class UnixSocketTests : IDisposable
{
    private static readonly TimeSpan Patience = RawClient.Patience;
    private static readonly Method<string, string> Peer = ServerFixture.Method(MethodType.Unary, "Peer");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("prg");

    private string Socket => Path.Combine(_folder.FullName, "s");

    [Theory]
    [InlineData("unix:{0}", "unix:{0}")]
    [InlineData("unix://{0}", "unix://{0}")]
    [InlineData("unix:{0}", "unix://{0}")]
    public async Task Calls_go_over_the_socket_of_a_path(string listen, string target)
    {
        await using var server = await ListenAsync(string.Format(null, listen, Socket));
        using var channel = Connect(string.Format(null, target, Socket));
        Assert.Equal("unix:|localhost", await CallAsync(channel));
    }

    [Fact]
    public async Task Calls_go_over_an_abstract_socket_where_there_are_some()
    {
        if (!OperatingSystem.IsLinux())
        {
            var problem = Assert.Throws<ArgumentException>(() => Connect("unix-abstract:x"));
            Assert.Contains("Linux only", problem.Message, StringComparison.Ordinal);
            return;
        }

        var name = $"unix-abstract:{_folder.Name}";
        await using var server = await ListenAsync(name);
        using var channel = Connect(name);
        Assert.Equal("unix:|localhost", await CallAsync(channel));
    }

    [Fact]
    public async Task The_file_of_a_socket_goes_when_the_server_stops()
    {
        var server = await ListenAsync($"unix:{Socket}");
        Assert.True(File.Exists(Socket));
        await server.DisposeAsync();
        Assert.False(File.Exists(Socket));
    }

    [Fact]
    public async Task The_file_that_a_killed_server_left_is_replaced()
    {
        using (var killed = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            killed.Bind(new UnixDomainSocketEndPoint(Socket));
            killed.Listen();
            File.Move(Socket, Socket + "2"); // Out of the way of the deletion at its end.
        }

        File.Move(Socket + "2", Socket);
        await using var server = await ListenAsync($"unix:{Socket}");
        using var channel = Connect($"unix:{Socket}");
        Assert.Equal("unix:|localhost", await CallAsync(channel));
    }

    [Fact]
    public async Task A_socket_in_use_is_not_taken_away()
    {
        await using var server = await ListenAsync($"unix:{Socket}");
        var failure = await Assert.ThrowsAsync<IOException>(() => ListenAsync($"unix:{Socket}"));
        Assert.Contains("already taken", failure.Message, StringComparison.Ordinal);
        using var channel = Connect($"unix:{Socket}");
        Assert.Equal("unix:|localhost", await CallAsync(channel));
    }

    [Fact]
    public async Task A_file_that_is_no_socket_is_left_alone()
    {
        await File.WriteAllTextAsync(Socket, "");
        var failure = await Assert.ThrowsAsync<IOException>(() => ListenAsync($"unix:{Socket}"));
        Assert.Contains(Socket, failure.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Socket));
    }

    [Fact]
    public async Task A_call_without_a_server_is_UNAVAILABLE_and_names_the_socket()
    {
        using var channel = Connect($"unix:{Socket}");
        var failure = await Assert.ThrowsAsync<RpcException>(() => CallAsync(channel));
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Contains($"unix:{Socket}", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unix:", "missing")]
    [InlineData("unix://host/path", "three slashes")]
    public void A_target_without_a_path_is_refused(string target, string reason)
    {
        var problem = Assert.Throws<ArgumentException>(() => Connect(target));
        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_that_is_too_long_is_refused_on_both_sides()
    {
        var address = "unix:/" + new string('x', 200);
        Assert.Contains("too long", Assert.Throws<ArgumentException>(() => Connect(address)).Message, StringComparison.Ordinal);
        Assert.Contains("too long", (await Assert.ThrowsAsync<ArgumentException>(() => ListenAsync(address))).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static GrpcChannel Connect(string target) =>
        GrpcChannel.ForAddress(target, new GrpcChannelOptions { Credentials = ChannelCredentials.Insecure });

    private static async Task<string> CallAsync(GrpcChannel channel) =>
        await channel.CreateCallInvoker().AsyncUnaryCall(Peer, null, default, "").ResponseAsync.WaitAsync(Patience);

    private static async Task<GrpcServer> ListenAsync(string address)
    {
        var server = new GrpcServer();
        _ = server.AddService(ServerServiceDefinition.CreateBuilder()
            .AddMethod(Peer, (string _, ServerCallContext context) => Task.FromResult($"{context.Peer}|{context.Host}"))
            .Build());
        try
        {
            Assert.Equal(0, await server.ListenAsync(address, ServerCredentials.Insecure));
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }
}
