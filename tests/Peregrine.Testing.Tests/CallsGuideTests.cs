// SPDX-License-Identifier: Apache-2.0
using Greet;
using Peregrine.Interceptors;

namespace Peregrine.Testing.Tests;

/// <summary>The listings of docs/guides/calls.md, run; and the proof that they are the same.</summary>
public sealed class CallsGuideTests
{
    [Fact]
    public async Task An_interceptor_that_awaits()
    {
        TokenSource tokens = new();
        await using InMemoryServer server = InMemoryServer.Start(Greeter.BindService(new GreeterService()));
        CallInvoker invoker = server.Channel.Intercept(new TokenInterceptor(tokens));
        GreetReply reply = await new Greeter.GreeterClient(invoker).GreetAsync(new GreetRequest { Name = "world" });
        Assert.Equal("Hello, world", reply.Text);
        Assert.Equal(1, tokens.Given);
    }

    [Fact]
    public async Task Several_writers()
    {
        await using InMemoryServer server = InMemoryServer.Start(Greeter.BindService(new GreeterService()));
        using AsyncClientStreamingCall<GreetRequest, GreetReply> call = new Greeter.GreeterClient(server.Channel).GreetAll();
        IClientStreamWriter<GreetRequest> shared = call.RequestStream.AllowConcurrentWrites();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => shared.WriteAsync(new GreetRequest { Name = $"{i}" })));
        await shared.CompleteAsync();
        Assert.Equal("Hello, 0 and 1 and 2 and 3 and 4 and 5 and 6 and 7 and 8 and 9", (await call).Text);
    }

    [Fact]
    public async Task Another_format()
    {
        InMemoryServerOptions options = new();
        options.Server.MessageFormats.Add(new JsonMessageFormat());
        options.Channel.MessageFormats.Add(new JsonMessageFormat());
        await using InMemoryServer server = InMemoryServer.Start(options, Greeter.BindService(new GreeterService()));
        CallOptions json = new CallOptions().WithContentSubtype("json");
        GreetReply reply = await new Greeter.GreeterClient(server.Channel).GreetAsync(new GreetRequest { Name = "world" }, json);
        Assert.Equal("Hello, world", reply.Text);
    }

    [Fact]
    public async Task Options_of_a_service()
    {
        await using GrpcServer server = new();
        server.AddService(Greeter.BindService(new GreeterService()), service =>
        {
            service.ResponseCompressionAlgorithm = "gzip";
            service.ForMethod("GreetAll").MaxReceiveMessageSize = 64 << 20;
            service.ForMethod("Greet").Interceptors.Add(new FaultInjector());
        });
    }

    [Fact]
    public void Every_listing_of_the_guide_stands_in_this_file() =>
        GuideTests.CheckListings("docs/guides/calls.md", "CallsGuideTests.cs", least: 5);

    private sealed class TokenSource
    {
        public int Given { get; private set; }

        public Task<string> GetAsync(CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Task.FromResult($"Bearer {++Given}");
        }
    }

    private sealed class TokenInterceptor(TokenSource tokens) : AsyncInterceptor
    {
        protected override async Task InterceptAsync(AsyncInterceptorContext call, Func<Task> next)
        {
            string token = await tokens.GetAsync(call.CancellationToken);
            call.Options = call.Options.WithHeaders([.. call.Options.Headers ?? [], new("authorization", token)]);
            await next();
        }
    }
}
