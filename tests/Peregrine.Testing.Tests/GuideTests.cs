// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using Greet;
using Peregrine.Client;

namespace Peregrine.Testing.Tests;

/// <summary>The listings of docs/guides/testing.md, run; and the proof that they are the same.</summary>
public sealed class GuideTests
{
    [Fact]
    public async Task A_server_and_a_channel_in_two_lines()
    {
        await using InMemoryServer server = InMemoryServer.Start(Greeter.BindService(new GreeterService()));
        Greeter.GreeterClient client = new(server.Channel);

        GreetReply reply = await client.GreetAsync(new GreetRequest { Name = "world" });
        Assert.Equal("Hello, world", reply.Text);
    }

    [Fact]
    public async Task A_deadline_without_sleeping()
    {
        ManualTimeProvider time = new();
        await using InMemoryServer server = InMemoryServer.Start(
            new InMemoryServerOptions { TimeProvider = time }, Greeter.BindService(new GreeterService()));
        Greeter.GreeterClient client = new(server.Channel);
        server.Faults.Add(Fault.Silence());

        DateTime deadline = time.GetUtcNow().UtcDateTime.AddSeconds(5);
        Task<GreetReply> reply = client.GreetAsync(new GreetRequest { Name = "world" }, deadline: deadline).ResponseAsync;
        await time.TimerDueWithinAsync(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(5));
        time.Advance(TimeSpan.FromSeconds(5));

        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => reply);
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
    }

    [Fact]
    public async Task Faults()
    {
        GreeterService service = new();
        await using InMemoryServer server = InMemoryServer.Start(Greeter.BindService(service));
        Greeter.GreeterClient client = new(server.Channel);
        GreetRequest request = new() { Name = "world" };

        // The next two calls of one method fail before the handler sees them.
        server.Faults.Add(Fault.Status(StatusCode.Unavailable, "down") with { Method = "/greet.Greeter/Greet", Calls = 2 });

        // The next call is done, but its answer is lost with the connection.
        server.Faults.Add(Fault.Cut() with { AfterMessages = 0, Calls = 1 });
        for (int i = 0; i < 3; i++)
        {
            RpcException failure = await Assert.ThrowsAsync<RpcException>(() => client.GreetAsync(request).ResponseAsync);
            Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        }

        Assert.Equal(1, service.Greeted);
        Assert.Equal("Hello, world", (await client.GreetAsync(request)).Text);

        // A stream that breaks in the middle.
        server.Faults.Add(Fault.Reset() with { AfterMessages = 2 });
        using AsyncServerStreamingCall<GreetReply> countdown = client.Countdown(request);
        Assert.True(await countdown.ResponseStream.MoveNext());
        Assert.True(await countdown.ResponseStream.MoveNext());
        await Assert.ThrowsAsync<RpcException>(() => countdown.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task A_handler_called_by_the_test()
    {
        TestServerCallContext context = TestServerCallContext.Create(requestHeaders: new Metadata { { "tenant", "a" } });
        GreetReply reply = await new GreeterService().Greet(new GreetRequest { Name = "world" }, context);
        Assert.Equal("Hello, world", reply.Text);
        Assert.Equal("1", context.ResponseTrailers.GetValue("greeted"));

        TestStreamWriter<GreetReply> responses = new();
        await new GreeterService().Countdown(new GreetRequest(), responses, context);
        Assert.Equal(["3", "2", "1"], responses.Messages.Select(message => message.Text));

        TestStreamReader<GreetRequest> requests = new(new GreetRequest { Name = "a" }, new GreetRequest { Name = "b" });
        Assert.Equal("Hello, a and b", (await new GreeterService().GreetAll(requests, context)).Text);
    }

    [Fact]
    public async Task Code_that_calls_a_client()
    {
        AsyncUnaryCall<GreetReply> good = AsyncUnaryCall.FromResult(new GreetReply { Text = "Hello" });
        AsyncUnaryCall<GreetReply> bad = AsyncUnaryCall.FromStatus<GreetReply>(new Status(StatusCode.NotFound, "nobody"));
        AsyncServerStreamingCall<GreetReply> stream = AsyncServerStreamingCall.FromResults(new GreetReply { Text = "1" }, new GreetReply { Text = "2" });
        AsyncDuplexStreamingCall<GreetRequest, GreetReply> chat =
            AsyncDuplexStreamingCall.FromResponder((GreetRequest request) => new[] { new GreetReply { Text = request.Name } });
        Assert.Equal("Hello", (await good).Text);
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => bad.ResponseAsync)).StatusCode);
        Assert.Equal(["1", "2"], await TextsAsync(stream.ResponseStream));
        await chat.RequestStream.WriteAsync(new GreetRequest { Name = "x" });
        await chat.RequestStream.CompleteAsync();
        Assert.Equal(["x"], await TextsAsync(chat.ResponseStream));
    }

    [Fact]
    public async Task Channels_and_servers_of_ones_own()
    {
        await using GrpcServer server = new(new GrpcServerOptions { Interceptors = { new FaultInjector() } });
        server.AddService(Greeter.BindService(new GreeterService()));
        await server.ListenAsync("inproc:greeter-of-this-test", ServerCredentials.Insecure);
        using GrpcChannel channel = GrpcChannel.ForAddress("inproc:greeter-of-this-test");

        Assert.Equal("Hello, world", (await new Greeter.GreeterClient(channel).GreetAsync(new GreetRequest { Name = "world" })).Text);
    }

    [Fact]
    public void Every_listing_of_the_guide_stands_in_this_file() => CheckListings("docs/guides/testing.md", "GuideTests.cs", least: 6);

    internal static void CheckListings(string guide, string file, int least)
    {
        var root = typeof(GuideTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;
        var source = Lines(File.ReadAllText(Path.Combine(root, "tests/Peregrine.Testing.Tests", file)));
        var listings = File.ReadAllText(Path.Combine(root, guide)).Split("```csharp\n").Skip(1).Select(part => part.Split("\n```")[0]).ToList();
        Assert.True(listings.Count >= least);
        Assert.All(listings, listing => Assert.Contains(Lines(listing), source, StringComparison.Ordinal));
    }

    private static async Task<List<string>> TextsAsync(IAsyncStreamReader<GreetReply> replies)
    {
        List<string> texts = [];
        await foreach (var reply in replies.ReadAllAsync())
        {
            texts.Add(reply.Text);
        }

        return texts;
    }

    private static string Lines(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()));
}
