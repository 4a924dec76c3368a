// SPDX-License-Identifier: Apache-2.0
using Peregrine;
using Xunit;

namespace Contract;

/// <summary>Tests of a service without any server, as users write them.</summary>
public class ServiceUnitTests
{
    [Fact]
    public async Task A_handler_is_called_with_a_test_context()
    {
        var context = TestServerCallContext.Create(cancellationToken: CancellationToken.None);
        var response = await new LibraryService().Lend(new Book { Title = "Moby Dick" }, context);
        Assert.Equal("Moby Dick for PeerName", response.Title);
        Assert.Equal("7", context.ResponseTrailers.GetValue("shelf"));
        context.UserState["key"] = "value";
        Assert.Equal("value", context.UserState["key"]);
    }

    [Fact]
    public async Task A_failing_handler_is_caught_with_an_exception_filter()
    {
        try
        {
            await new LibraryService().Lend(new Book(), TestServerCallContext.Create());
            Assert.Fail("no exception");
        }
        catch (RpcException ex) when (ex.StatusCode == StatusCode.InvalidArgument)
        {
            Assert.Equal("A title is needed", ex.Status.Detail);
            Assert.Equal("title", ex.Trailers.Get("field")!.Value);
        }
    }

    [Fact]
    public async Task Streams_are_replaced_by_doubles()
    {
        var context = TestServerCallContext.Create();
        var writer = new TestServerStreamWriter<Book>();
        await new LibraryService().Watch(new Book { Title = "x" }, writer, context);
        writer.Complete();
        var titles = new List<string>();
        await foreach (var book in writer.ReadAllAsync())
        {
            titles.Add(book.Title);
        }

        Assert.Equal(new[] { "x0", "x1", "x2" }, titles);
        Assert.Equal("watch", context.ResponseHeaders!.GetValue("kind"));

        var reader = new TestAsyncStreamReader<Book>(new Book { Title = "a" }, new Book { Title = "b" });
        Assert.Equal("a+b", (await new LibraryService().Return(reader, context)).Title);
    }

    [Fact]
    public async Task Writes_are_tasks_that_can_be_collected()
    {
        var writer = new TestServerStreamWriter<Book>();
        var pending = new List<Task>();
        for (var i = 0; i < 3; i++)
        {
            pending.Add(writer.WriteAsync(new Book()));
        }

        await Task.WhenAll(pending);
        Task<bool> moved = new TestAsyncStreamReader<Book>().MoveNext(CancellationToken.None);
        Assert.False(await moved);
    }

    [Fact]
    public async Task A_stream_is_used_as_an_async_sequence_with_operators()
    {
        IAsyncStreamReader<object> covariant = new TestAsyncStreamReader<Book>(new Book { Title = "a" });
        Assert.True(await covariant.MoveNext());
        var reader = new TestAsyncStreamReader<Book>(new Book { Title = "a" }, new Book { Title = "b" });
        var titles = await reader.ReadAllAsync().Select(book => book.Title).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(new[] { "a", "b" }, titles);
    }
}
