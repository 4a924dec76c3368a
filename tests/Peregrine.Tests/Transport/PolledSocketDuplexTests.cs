// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;
using Peregrine.Tests.Serving;
using Peregrine.Transport;

namespace Peregrine.Tests.Transport;

public sealed class PolledSocketDuplexTests
{
    [Theory]
    [InlineData(4096)]
    [InlineData(3)]
    [InlineData(1)]
    public async Task All_that_arrives_is_read_whatever_the_room_and_then_the_end(int room)
    {
        using Pair pair = new();
        Task<string> read = ReadToEndAsync(pair.Duplex, room);
        for (int i = 0; i < 200; i++)
        {
            await pair.Peer.SendAsync("word "u8.ToArray());
        }

        await pair.Peer.SendAsync("end"u8.ToArray());
        pair.Peer.Shutdown(SocketShutdown.Send);
        Assert.Equal(string.Concat(Enumerable.Repeat("word ", 200)) + "end", await read.WaitAsync(RawClient.Patience));
    }

    [Fact]
    public async Task What_arrived_before_the_first_read_is_found_with_the_end_behind_it()
    {
        using Pair pair = new();
        await pair.Peer.SendAsync("early"u8.ToArray());
        pair.Peer.Shutdown(SocketShutdown.Send);
        Assert.Equal("early", await ReadToEndAsync(pair.Duplex, room: 4096).WaitAsync(RawClient.Patience));
    }

    [Fact]
    public async Task Closing_ends_a_wait_and_the_next_read_says_why()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has the poller.");
        using Pair pair = new();
        Assert.False(pair.Duplex.TryReceive(new byte[16], out _));
        ValueTask<int> wait = pair.Duplex.ReceiveAsync(Memory<byte>.Empty);
        Assert.False(wait.IsCompleted);
        pair.Duplex.Dispose();
        Assert.Equal(0, await wait.AsTask().WaitAsync(RawClient.Patience));
        Assert.Throws<ObjectDisposedException>(() => pair.Duplex.TryReceive(new byte[16], out _));
    }

    [Fact]
    public async Task Other_connections_are_served_while_more_handlers_block_than_there_are_polling_threads()
    {
        int count = Environment.ProcessorCount + 4;
        using ManualResetEventSlim release = new();
        using CountdownEvent blocked = new(count);
        await using ServerFixture fixture = new();
        for (int i = 0; i < count; i++)
        {
            // A method each: one that is caught often would run on the thread pool.
            fixture.Unary((request, _) =>
            {
                blocked.Signal();
                release.Wait(RawClient.Patience);
                return Task.FromResult(request);
            }, $"Block{i}");
        }

        fixture.Unary((request, _) => Task.FromResult(request + "!"), "Free");
        await fixture.StartAsync();
        List<RawCall> calls = [];
        for (int i = 0; i < count; i++)
        {
            calls.Add(fixture.Connect().Unary($"/test.Svc/Block{i}", "x"));
        }

        Assert.True(blocked.Wait(RawClient.Patience));
        RawCall free = fixture.Connect().Unary("/test.Svc/Free", "now");
        Assert.Equal("now!", await free.NextTextAsync());
        release.Set();
        foreach (RawCall call in calls)
        {
            Assert.Equal(StatusCode.OK, await call.StatusAsync());
        }
    }

    // As the pump reads.
    private static async Task<string> ReadToEndAsync(ByteDuplex duplex, int room)
    {
        StringBuilder text = new();
        byte[] buffer = new byte[room];
        while (true)
        {
            if (!duplex.TryReceive(buffer, out int count))
            {
                await duplex.ReceiveAsync(Memory<byte>.Empty).ConfigureAwait(false);
                continue;
            }

            if (count == 0)
            {
                return text.ToString();
            }

            text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }
    }

    private sealed class Pair : IDisposable
    {
        public Pair()
        {
            using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            Peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            Peer.Connect(listener.LocalEndPoint!);
            Duplex = PolledSocketDuplex.Open(listener.Accept());
        }

        public Socket Peer { get; }

        public SocketDuplex Duplex { get; }

        public void Dispose()
        {
            Peer.Dispose();
            Duplex.Dispose();
        }
    }
}
