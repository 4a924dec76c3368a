// SPDX-License-Identifier: Apache-2.0
using Peregrine.Testing;
using Peregrine.Tests.Serving;
using Peregrine.Transport;

namespace Peregrine.Tests.Transport;

public class DescriptorReserveTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    [Theory]
    [InlineData("Max open files            1024                 1048576              files     ", 1024)]
    [InlineData("Max cpu time   unlimited  unlimited  seconds\nMax open files            300                  300                  files\nMax locked memory 1 1 bytes", 300)]
    [InlineData("Max open files            unlimited            unlimited            files     ", int.MaxValue)]
    [InlineData("Max open files            5000000000           5000000000           files     ", int.MaxValue)]
    [InlineData("Max open files", int.MaxValue)]
    [InlineData("", int.MaxValue)]
    public void The_limit_is_the_soft_one_of_open_files(string limits, int limit) => Assert.Equal(limit, DescriptorReserve.ParseLimit(limits));

    [Theory]
    [InlineData(300, 263)]
    [InlineData(1024, 896)]
    [InlineData(1_048_576, 1_048_320)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void An_eighth_of_the_limit_but_at_most_256_are_kept(int limit, int bound) => Assert.Equal(bound, new DescriptorReserve(() => limit).Bound);

    [Fact]
    public async Task Accepting_waits_while_only_the_reserve_is_left_and_goes_on_when_descriptors_are_free()
    {
        var time = new ManualTimeProvider();
        var limit = 1;
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var told = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listener = SocketListener.Open(
            ListenAddress.Of("127.0.0.1", 0),
            socket =>
            {
                socket.Dispose();
                _ = first.TrySetResult() || second.TrySetResult();
            },
            e => told.TrySetResult(e),
            time,
            new DescriptorReserve(() => Volatile.Read(ref limit)));
        listener.Start();
        using var one = RawClient.ConnectSocket(listener.Port);
        using var other = RawClient.ConnectSocket(listener.Port);
        await first.Task.WaitAsync(RawClient.Patience);
        Assert.Contains("ulimit -n", Assert.IsType<IOException>(await told.Task.WaitAsync(RawClient.Patience)).Message, StringComparison.Ordinal);

        // A look after each pause: the first finds nothing free.
        await time.TimerDueWithinAsync(Pause, Pause);
        time.Advance(Pause);
        await time.TimerDueWithinAsync(Pause, Pause);
        Assert.False(second.Task.IsCompleted);
        Volatile.Write(ref limit, int.MaxValue);
        time.Advance(Pause);
        await second.Task.WaitAsync(RawClient.Patience);
    }
}
