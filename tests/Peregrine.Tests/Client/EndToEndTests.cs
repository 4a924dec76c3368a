// SPDX-License-Identifier: Apache-2.0
using Peregrine.Client;
using Peregrine.Tests.Credentials;

namespace Peregrine.Tests.Client;

/// <summary>The client against the real server of this library, over loopback, plaintext and TLS.</summary>
public sealed class EndToEndTests : IAsyncDisposable
{
    private const string ServerName = "server.test";

    private static readonly TimeSpan Patience = ScriptedConnection.Patience;

    private readonly GrpcServer _server = new();
    private readonly TestCertificates _authority = new();
    private readonly List<GrpcChannel> _channels = [];

    public EndToEndTests() => _ = _server.AddService(ServerServiceDefinition.CreateBuilder()
        .AddMethod(ClientTestBase.Unary, (string request, ServerCallContext _) => Task.FromResult($"echo {request}"))
        .AddMethod(ClientTestBase.ClientStreaming, async (IAsyncStreamReader<string> requests, ServerCallContext _) =>
        {
            var all = new List<string>();
            await foreach (var request in requests.ReadAllAsync())
            {
                all.Add(request);
            }

            return string.Join('+', all);
        })
        .AddMethod(ClientTestBase.ServerStreaming, async (string request, IServerStreamWriter<string> responses, ServerCallContext _) =>
        {
            foreach (var part in request.Split(' '))
            {
                await responses.WriteAsync(part);
            }
        })
        .AddMethod(ClientTestBase.Duplex, async (IAsyncStreamReader<string> requests, IServerStreamWriter<string> responses, ServerCallContext _) =>
        {
            await foreach (var request in requests.ReadAllAsync())
            {
                await responses.WriteAsync(request);
            }
        })
        .Build());

    [Fact]
    public async Task Messages_that_may_be_buffered_leave_before_their_writer_waits_for_room()
    {
        var invoker = (await ConnectAsync(ServerCredentials.Insecure, ChannelCredentials.Insecure)).CreateCallInvoker();
        var upload = invoker.AsyncClientStreamingCall(ClientTestBase.ClientStreaming, null, default);
        upload.RequestStream.WriteOptions = new WriteOptions(WriteFlags.BufferHint);
        for (var i = 0; i < 40; i++)
        {
            await upload.RequestStream.WriteAsync(new string('x', 20_000)).WaitAsync(Patience);
        }

        await upload.RequestStream.CompleteAsync();
        Assert.Equal((40 * 20_000) + 39, (await upload.ResponseAsync.WaitAsync(Patience)).Length);
    }

    [Fact]
    public async Task All_four_kinds_of_call_work()
    {
        var invoker = (await ConnectAsync(ServerCredentials.Insecure, ChannelCredentials.Insecure)).CreateCallInvoker();

        Assert.Equal("echo a", invoker.BlockingUnaryCall(ClientTestBase.Unary, null, default, "a"));
        Assert.Equal("echo b", await invoker.AsyncUnaryCall(ClientTestBase.Unary, null, default, "b").ResponseAsync.WaitAsync(Patience));

        var upload = invoker.AsyncClientStreamingCall(ClientTestBase.ClientStreaming, null, default);
        await upload.RequestStream.WriteAsync("a");
        await upload.RequestStream.WriteAsync("b");
        await upload.RequestStream.CompleteAsync();
        Assert.Equal("a+b", await upload.ResponseAsync.WaitAsync(Patience));

        var download = invoker.AsyncServerStreamingCall(ClientTestBase.ServerStreaming, null, default, "a b c");
        Assert.Equal(["a", "b", "c"], await ReadAllAsync(download.ResponseStream));

        var chat = invoker.AsyncDuplexStreamingCall(ClientTestBase.Duplex, null, default);
        foreach (var word in new[] { "x", "y" })
        {
            await chat.RequestStream.WriteAsync(word);
            Assert.True(await chat.ResponseStream.MoveNext().WaitAsync(Patience));
            Assert.Equal(word, chat.ResponseStream.Current);
        }

        await chat.RequestStream.CompleteAsync();
        Assert.Empty(await ReadAllAsync(chat.ResponseStream));
    }

    [Fact]
    public async Task Large_messages_go_both_ways_through_flow_control()
    {
        var invoker = (await ConnectAsync(ServerCredentials.Insecure, ChannelCredentials.Insecure)).CreateCallInvoker();
        var large = new string('x', 3_500_000);
        var response = await invoker.AsyncUnaryCall(ClientTestBase.Unary, null, default, large).ResponseAsync.WaitAsync(Patience);
        Assert.Equal(large.Length + 5, response.Length);
    }

    [Fact]
    public async Task Two_thousand_concurrent_calls_all_succeed()
    {
        var invoker = (await ConnectAsync(ServerCredentials.Insecure, ChannelCredentials.Insecure)).CreateCallInvoker();
        var calls = Enumerable.Range(0, 2000)
            .Select(number => invoker.AsyncUnaryCall(ClientTestBase.Unary, null, default, $"{number}").ResponseAsync)
            .ToArray();
        var responses = await Task.WhenAll(calls).WaitAsync(Patience);
        Assert.Equal(Enumerable.Range(0, 2000).Select(number => $"echo {number}"), responses);
    }

    [Fact]
    public async Task Mutual_TLS_works_with_a_target_name_override()
    {
        var channel = await ConnectAsync(
            MutualTls(),
            new SslCredentials(_authority.AuthorityPem, _authority.Issue("client", TestCertificates.ClientAuth)));
        Assert.Equal("echo tls", channel.CreateCallInvoker().BlockingUnaryCall(ClientTestBase.Unary, null, default, "tls"));
    }

    [Fact]
    public async Task A_server_certificate_of_another_authority_is_UNAVAILABLE_and_says_so()
    {
        using var other = new TestCertificates("another authority");
        await FailsAsync(OneWayTls(), new SslCredentials(other.AuthorityPem), ServerName, "certificate");
    }

    [Fact]
    public async Task A_server_certificate_of_another_name_is_UNAVAILABLE_and_says_so() =>
        await FailsAsync(OneWayTls(), new SslCredentials(_authority.AuthorityPem), "wrong.test", "name");

    [Fact]
    public async Task A_channel_that_checks_no_certificate_takes_one_of_another_authority_and_name()
    {
        var port = await _server.ListenAsync("127.0.0.1:0", OneWayTls(expired: true));
        var channel = GrpcChannel.ForAddress($"https://127.0.0.1:{port}", new GrpcChannelOptions { UnsafeSkipServerCertificateValidation = true });
        _channels.Add(channel);
        Assert.Equal("echo tls", channel.CreateCallInvoker().BlockingUnaryCall(ClientTestBase.Unary, null, default, "tls"));
    }

    [Fact]
    public async Task An_expired_server_certificate_is_UNAVAILABLE_and_says_so() =>
        await FailsAsync(OneWayTls(expired: true), new SslCredentials(_authority.AuthorityPem), ServerName, "expired");

    [Fact]
    public async Task A_missing_client_certificate_is_UNAVAILABLE_and_says_so() =>
        await FailsAsync(MutualTls(), new SslCredentials(_authority.AuthorityPem), ServerName, "client certificate");

    [Fact]
    public async Task TLS_to_a_plaintext_port_and_plaintext_to_a_TLS_port_are_UNAVAILABLE()
    {
        await FailsAsync(ServerCredentials.Insecure, new SslCredentials(_authority.AuthorityPem), ServerName, "TLS");
        await FailsAsync(OneWayTls(), ChannelCredentials.Insecure, ServerName, "TLS");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels)
        {
            await channel.ShutdownAsync().WaitAsync(Patience);
        }

        await _server.DisposeAsync();
        _authority.Dispose();
    }

    private static async Task<List<string>> ReadAllAsync(IAsyncStreamReader<string> stream)
    {
        var all = new List<string>();
        while (await stream.MoveNext().WaitAsync(Patience))
        {
            all.Add(stream.Current);
        }

        return all;
    }

    private SslServerCredentials OneWayTls(bool expired = false) =>
        new([_authority.Issue(ServerName, TestCertificates.ServerAuth, expired)]);

    private SslServerCredentials MutualTls() => new(
        [_authority.Issue(ServerName, TestCertificates.ServerAuth)],
        _authority.AuthorityPem,
        SslClientCertificateRequestType.RequestAndRequireAndVerify);

    private async Task<GrpcChannel> ConnectAsync(ServerCredentials server, ChannelCredentials client, string name = ServerName)
    {
        var port = await _server.ListenAsync("127.0.0.1:0", server);
        var channel = GrpcChannel.ForAddress(
            $"127.0.0.1:{port}", new GrpcChannelOptions { Credentials = client, SslTargetNameOverride = name });
        _channels.Add(channel);
        return channel;
    }

    private async Task FailsAsync(ServerCredentials server, ChannelCredentials client, string name, string text)
    {
        var channel = await ConnectAsync(server, client, name);
        var call = channel.CreateCallInvoker().AsyncUnaryCall(ClientTestBase.Unary, null, default, "x");
        var thrown = await ClientTestBase.FailsAsync(call.ResponseAsync, StatusCode.Unavailable);
        Assert.Contains(text, thrown.Status.Detail, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("127.0.0.1", thrown.Status.Detail, StringComparison.Ordinal);
        Assert.NotNull(thrown.InnerException);
    }
}
