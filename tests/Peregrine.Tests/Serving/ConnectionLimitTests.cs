// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Text;
using Peregrine.Http2;
using Peregrine.TestKit;
using Peregrine.Tests.Credentials;
using Peregrine.Transport;

namespace Peregrine.Tests.Serving;

/// <summary>What a server does about peers that are silent, slow, or speak something else.</summary>
public class ConnectionLimitTests
{
    private static readonly byte[] Http1Request = "GET /index.html HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray();

    [Fact]
    public async Task A_client_that_never_sends_the_preface_is_closed_after_20_s()
    {
        var time = new ManualTime();
        var fixture = new ServerFixture();
        fixture.Options.TimeProvider = time;
        await using var server = await fixture.StartAsync();
        using var silent = RawClient.ConnectSocket(server.Port);
        await time.TimerDueWithinAsync(TimeSpan.FromSeconds(19), TimeSpan.FromSeconds(20));
        time.Advance(TimeSpan.FromSeconds(21));
        await ReadToEndAsync(silent);
    }

    [Fact]
    public async Task A_client_that_sends_a_part_of_the_preface_is_closed_after_the_limit()
    {
        var time = new ManualTime();
        var fixture = new ServerFixture();
        fixture.Options.TimeProvider = time;
        fixture.Options.HandshakeTimeout = TimeSpan.FromSeconds(7);
        await using var server = await fixture.StartAsync();
        using var half = RawClient.ConnectSocket(server.Port);
        await half.SendAsync("PRI"u8.ToArray());
        await time.TimerDueWithinAsync(TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(7));
        time.Advance(TimeSpan.FromSeconds(8));
        await ReadToEndAsync(half);
    }

    [Fact]
    public async Task A_client_that_never_ends_its_TLS_handshake_is_closed_after_the_limit()
    {
        var time = new ManualTime();
        var fixture = new ServerFixture();
        fixture.Options.TimeProvider = time;
        fixture.Options.HandshakeTimeout = TimeSpan.FromSeconds(7);
        using var authority = new TestCertificates();
        await using var server = await fixture.StartAsync(new SslServerCredentials([authority.Issue("localhost")]));
        using var silent = RawClient.ConnectSocket(server.Port);
        await time.TimerDueWithinAsync(TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(7));
        time.Advance(TimeSpan.FromSeconds(8));
        await ReadToEndAsync(silent);
    }

    [Fact]
    public async Task An_HTTP_1_request_is_answered_in_HTTP_1_however_it_is_split()
    {
        await using var server = await new ServerFixture().StartAsync();
        foreach (var (label, chunks) in SplitSequences.ChunksOf(Http1Request))
        {
            using var socket = RawClient.ConnectSocket(server.Port);
            foreach (var chunk in chunks)
            {
                await socket.SendAsync(chunk);
            }

            Assert.True(Encoding.ASCII.GetString(await ReadToEndAsync(socket)).StartsWith("HTTP/1.1 505", StringComparison.Ordinal), label);
        }
    }

    [Fact]
    public void Every_beginning_of_a_request_line_or_a_ClientHello_waits_for_more()
    {
        var line = Http1Request.AsSpan(0, Http1Request.AsSpan().IndexOf((byte)'\n') + 1);
        for (var length = 1; length < line.Length; length++)
        {
            Assert.Equal(ForeignProtocol.Kind.Undecided, ForeignProtocol.Classify(line[..length]));
        }

        Assert.Equal(ForeignProtocol.Kind.Http1, ForeignProtocol.Classify(line));
        Assert.Equal(ForeignProtocol.Kind.Undecided, ForeignProtocol.Classify([22]));
        Assert.Equal(ForeignProtocol.Kind.Undecided, ForeignProtocol.Classify([22, 3]));
        Assert.Equal(ForeignProtocol.Kind.Tls, ForeignProtocol.Classify([22, 3, 1]));
    }

    [Theory]
    [InlineData("get / HTTP/1.1")]
    [InlineData(" / HTTP/1.1")]
    [InlineData("GET / HTTP/3.0\r\n")]
    [InlineData("GET \0")]
    [InlineData("22")]
    public void What_cannot_become_a_request_line_is_unknown(string bytes) =>
        Assert.Equal(ForeignProtocol.Kind.Unknown, ForeignProtocol.Classify(Encoding.ASCII.GetBytes(bytes)));

    [Fact]
    public void A_request_line_without_an_end_is_given_up() =>
        Assert.Equal(ForeignProtocol.Kind.Unknown, ForeignProtocol.Classify(Encoding.ASCII.GetBytes("GET /" + new string('a', 8000))));

    [Theory]
    [InlineData("GET /unfinished")]
    [InlineData("PRINT")]
    public async Task A_request_line_that_breaks_off_is_answered_with_GOAWAY(string beginning)
    {
        await using var server = await new ServerFixture().StartAsync();
        using var socket = RawClient.ConnectSocket(server.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(beginning));
        socket.Shutdown(SocketShutdown.Send);
        Assert.Contains((byte)7, await ReadToEndAsync(socket));
    }

    [Fact]
    public async Task A_peer_that_does_not_read_holds_the_handler_back()
    {
        const int chunk = 16 * 1024;

        // The window that the client announced, the queue of the stream, and the message that met a full queue.
        const int bound = (1024 * 1024) + (64 * 1024) + (2 * chunk);
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await new ServerFixture().ServerStreaming(async (_, responses, _) =>
        {
            var written = 0;
            try
            {
                while (true)
                {
                    var write = responses.WriteAsync(new string('x', chunk));
                    written += chunk;
                    if (!write.IsCompleted)
                    {
                        held.TrySetResult();
                    }

                    await write;
                }
            }
            finally
            {
                ended.SetResult(written);
            }
        }).StartAsync();
        var call = server.Connect(reads: false).Unary("/test.Svc/ServerStreaming", "");
        await held.Task.WaitAsync(RawClient.Patience);
        call.Reset(Http2ErrorCode.Cancel);
        Assert.InRange(await ended.Task.WaitAsync(RawClient.Patience), chunk, bound);
    }

    [Fact]
    public async Task An_accept_that_fails_is_reported_and_accepting_goes_on()
    {
        var time = TimeProvider.System;
        var failed = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        var served = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var count = 0;
        using var listener = SocketListener.Open(
            ListenAddress.Of("127.0.0.1", 0),
            socket =>
            {
                socket.Dispose();
                if (Interlocked.Increment(ref count) == 1)
                {
                    throw new SocketException((int)SocketError.TooManyOpenSockets);
                }

                served.TrySetResult();
            },
            e => failed.TrySetResult(e),
            time);
        listener.Start();
        using var first = RawClient.ConnectSocket(listener.Port);
        using var second = RawClient.ConnectSocket(listener.Port);
        Assert.Equal(SocketError.TooManyOpenSockets, Assert.IsType<SocketException>(await failed.Task.WaitAsync(RawClient.Patience)).SocketErrorCode);
        await served.Task.WaitAsync(RawClient.Patience);
    }

    // Also a reset is an end: a peer whose last bytes nobody reads any more may get one.
    private static async Task<byte[]> ReadToEndAsync(Socket socket)
    {
        using var received = new MemoryStream();
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer).WaitAsync(RawClient.Patience) is var count && count > 0)
            {
                received.Write(buffer, 0, count);
            }
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
        }

        return received.ToArray();
    }
}
