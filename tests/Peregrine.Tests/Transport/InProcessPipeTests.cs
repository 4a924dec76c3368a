// SPDX-License-Identifier: Apache-2.0
using Peregrine.Transport;

namespace Peregrine.Tests.Transport;

/// <summary>The bytes of an in-process connection: order, bounds, and the two ways in which it ends.</summary>
public sealed class InProcessPipeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly InProcessPipe _pipe = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Bytes_come_out_as_they_went_in_whatever_the_pieces(int seed)
    {
        var random = new Random(seed);
        var sent = new byte[3 * 1024 * 1024];
        random.NextBytes(sent);
        var sending = SendInPiecesAsync(sent, new Random(seed + 100));
        var received = new byte[sent.Length];
        var length = 0;
        var buffer = new byte[200_000];
        int count;
        while ((count = await _pipe.ReceiveAsync(buffer.AsMemory(0, random.Next(1, buffer.Length))).AsTask().WaitAsync(Patience)) > 0)
        {
            buffer.AsSpan(0, count).CopyTo(received.AsSpan(length));
            length += count;
        }

        await sending.WaitAsync(Patience);
        Assert.Equal(sent.Length, length);
        Assert.True(sent.AsSpan().SequenceEqual(received));
    }

    [Fact]
    public async Task A_sender_waits_once_the_buffer_is_full_and_goes_on_when_there_is_room()
    {
        Assert.True(Send(InProcessPipe.Capacity).IsCompletedSuccessfully);
        var held = Send(1);
        Assert.False(held.IsCompleted);
        Assert.Equal(10, await _pipe.ReceiveAsync(new byte[10]));
        await held.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_receiver_waits_for_the_first_byte()
    {
        var receiving = _pipe.ReceiveAsync(new byte[10]).AsTask();
        Assert.False(receiving.IsCompleted);
        await Send(3);
        Assert.Equal(3, await receiving.WaitAsync(Patience));
    }

    [Fact]
    public async Task After_the_end_what_was_sent_is_still_received()
    {
        await Send(3);
        _pipe.End();
        Assert.Equal(3, await _pipe.ReceiveAsync(new byte[10]));
        Assert.Equal(0, await _pipe.ReceiveAsync(new byte[10]));
        await Assert.ThrowsAsync<IOException>(() => Send(1));
    }

    [Fact]
    public async Task The_end_wakes_a_waiting_receiver()
    {
        var receiving = _pipe.ReceiveAsync(new byte[10]).AsTask();
        _pipe.End();
        Assert.Equal(0, await receiving.WaitAsync(Patience));
    }

    [Fact]
    public async Task Closing_fails_a_waiting_sender_and_everything_after()
    {
        var held = Send(InProcessPipe.Capacity + 1);
        _pipe.Close();
        await Assert.ThrowsAsync<IOException>(() => held.WaitAsync(Patience));
        await Assert.ThrowsAsync<IOException>(() => Send(1));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _pipe.ReceiveAsync(new byte[10]).AsTask());
    }

    [Fact]
    public async Task Closing_fails_a_waiting_receiver()
    {
        var receiving = _pipe.ReceiveAsync(new byte[10]).AsTask();
        _pipe.Close();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => receiving.WaitAsync(Patience));
    }

    private async Task SendInPiecesAsync(byte[] bytes, Random random)
    {
        var sent = 0;
        while (sent < bytes.Length)
        {
            List<ArraySegment<byte>> segments = [];
            for (var i = random.Next(1, 5); i > 0; i--)
            {
                var count = Math.Min(random.Next(0, 150_000), bytes.Length - sent);
                segments.Add(new ArraySegment<byte>(bytes, sent, count));
                sent += count;
            }

            await _pipe.SendAsync(segments);
        }

        _pipe.End();
    }

    private Task Send(int count) => _pipe.SendAsync([new byte[count]]).AsTask();
}
