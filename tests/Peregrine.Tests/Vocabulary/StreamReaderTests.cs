// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Tests.Vocabulary;

public class StreamReaderTests
{
    [Fact]
    public async Task A_reader_is_enumerated_directly_and_by_ReadAllAsync()
    {
        List<int> read = [];
        await foreach (int item in (IAsyncEnumerable<int>)new Numbers(3))
        {
            read.Add(item);
        }

        await foreach (int item in new Numbers(2).ReadAllAsync(TestContext.Current.CancellationToken))
        {
            read.Add(item);
        }

        Assert.Equal([1, 2, 3, 1, 2], read);
    }

    [Fact]
    public async Task The_token_of_the_enumeration_reaches_the_reader()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (int _ in new Numbers(1).ReadAllAsync(source.Token))
            {
            }
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (int _ in ((IAsyncEnumerable<int>)new Numbers(1)).WithCancellation(source.Token))
            {
            }
        });
    }

    [Fact]
    public async Task A_writer_without_cancellation_takes_tokens_that_cannot_be_cancelled_only()
    {
        IAsyncStreamWriter<int> writer = new OldWriter();
        await writer.WriteAsync(1, CancellationToken.None);
        using var source = new CancellationTokenSource();
        await Assert.ThrowsAsync<NotSupportedException>(() => writer.WriteAsync(1, source.Token));
    }

    private sealed class Numbers(int last) : IAsyncStreamReader<int>
    {
        public int Current { get; private set; }

        public Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Current++;
            return Task.FromResult(Current <= last);
        }
    }

    private sealed class OldWriter : IAsyncStreamWriter<int>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(int message) => Task.CompletedTask;
    }
}
