// SPDX-License-Identifier: Apache-2.0
using Peregrine;
using Peregrine.Interceptors;
using Xunit;

namespace Contract;

/// <summary>Clients over interceptors, as users write them.</summary>
public class ClientUsageTests
{
    [Fact]
    public async Task A_unary_call_is_awaited_and_asked_for_its_parts()
    {
        var client = new Library.LibraryClient(new FakeCallInvoker());
        using var call = client.LendAsync(new Book { Title = "x" }, headers: new Metadata { { "k", "v" } }, deadline: DateTime.UtcNow.AddSeconds(5));
        Metadata headers = await call.ResponseHeadersAsync;
        Book response = await call;
        Assert.Empty(headers);
        Assert.Equal("x", response.Title);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Equal("1", call.GetTrailers().GetValue("trailer"));
        Assert.Equal("x", (await client.LendAsync(response).ConfigureAwait(false)).Title);
        Assert.Equal("x", (await client.LendAsync(response, new CallOptions()).ResponseAsync).Title);
    }

    [Fact]
    public async Task Interceptors_are_put_in_front()
    {
        var interceptor = new ClientLoggingInterceptor();
        var invoker = new FakeCallInvoker();
        var client = new Library.LibraryClient(invoker.Intercept(interceptor));
        client.Lend(new Book());
        await client.LendAsync(new Book());
        Assert.Equal(3, interceptor.Log.Count);
        Assert.NotNull(invoker.Options.Headers!.Get("caller-user"));

        client = new Library.LibraryClient(invoker.Intercept(m => { m.Add(new Metadata.Entry("x-trace", "1")); return m; }));
        client.Lend(new Book());
        Assert.Equal("1", invoker.Options.Headers!.GetValue("x-trace"));
    }

    [Fact]
    public async Task A_server_interceptor_goes_around_a_handler()
    {
        var interceptor = new ServerLoggingInterceptor();
        var service = new LibraryService();
        var response = await interceptor.UnaryServerHandler(new Book { Title = "x" }, TestServerCallContext.Create(), service.Lend);
        Assert.Equal("x for PeerName", response.Title);
        Assert.Single(interceptor.Log);
        ServerServiceDefinition definition = Library.BindService(service).Intercept(interceptor);
        Assert.NotNull(definition);
    }

    [Fact]
    public void WithHost_gives_a_client_of_the_same_type()
    {
        var invoker = new FakeCallInvoker();
        Library.LibraryClient client = new Library.LibraryClient(invoker).WithHost("other.example");
        client.Lend(new Book());
        Assert.Equal("other.example", invoker.Host);
    }

    [Fact]
    public async Task Streaming_calls_are_made_of_doubles()
    {
        var writer = new TestClientStreamWriter<Book>();
        var call = new AsyncDuplexStreamingCall<Book, Book>(
            writer,
            new TestAsyncStreamReader<Book>(new Book { Title = "answer" }),
            Task.FromResult(new Metadata()),
            () => Status.DefaultSuccess,
            () => new Metadata(),
            () => { });
        await call.RequestStream.WriteAsync(new Book { Title = "question" });
        await call.RequestStream.CompleteAsync();
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal("answer", call.ResponseStream.Current.Title);
        Assert.True(writer.Completed);

        var withState = new AsyncClientStreamingCall<Book, Book>(
            writer,
            Task.FromResult(new Book()),
            state => Task.FromResult((Metadata)state),
            state => Status.DefaultCancelled,
            state => (Metadata)state,
            state => { },
            new Metadata { { "from", "state" } });
        Assert.Equal("state", (await withState.ResponseHeadersAsync).GetValue("from"));
        Assert.Equal(Status.DefaultCancelled.StatusCode, withState.GetStatus().StatusCode);
    }
}
