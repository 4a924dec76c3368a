// SPDX-License-Identifier: Apache-2.0
using Aggregate;
using Count;
using Greet;
using Mail;
using Peregrine;
using Peregrine.Client;
using Peregrine.Protobuf.WellKnownTypes;
using Race;
using Ticket;
using Xunit;

namespace Contract;

/// <summary>Programs in the style of the public examples: counter, aggregator, mailer, racer, ticketer.</summary>
public class ExampleTests : IAsyncDisposable
{
    private readonly RunningServer _backend = new RunningServer(Greeter.BindService(new GreeterService()), Counter.BindService(new CounterService()));
    private readonly GrpcChannel _backendChannel;
    private readonly RunningServer _server;
    private readonly GrpcChannel _channel;

    public ExampleTests()
    {
        _backendChannel = GrpcChannel.ForAddress(_backend.Address);
        var aggregator = new AggregatorService(new Greeter.GreeterClient(_backendChannel), new Counter.CounterClient(_backendChannel));
        _server = new RunningServer(
            Aggregator.BindService(aggregator),
            Counter.BindService(new CounterService()),
            Mailer.BindService(new MailerService()),
            Racer.BindService(new RacerService()),
            Ticketer.BindService(new TicketerService()));
        _channel = GrpcChannel.ForAddress(_server.Address, new GrpcChannelOptions { UnsafeUseInsecureChannelCallCredentials = true });
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        _backendChannel.Dispose();
        await _server.DisposeAsync();
        await _backend.DisposeAsync();
    }

    [Fact]
    public async Task The_counter_counts()
    {
        var client = new Counter.CounterClient(_channel);
        var reply = await client.IncrementCountAsync(new Empty());
        Assert.Equal(1, reply.Count);

        using var call = client.AccumulateCount();
        for (var i = 1; i <= 3; i++)
        {
            await call.RequestStream.WriteAsync(new CounterRequest { Count = i });
        }

        await call.RequestStream.CompleteAsync();
        Assert.Equal(7, (await call).Count);

        using var countdown = client.Countdown(new Empty());
        var counts = new List<int>();
        await foreach (var message in countdown.ResponseStream.ReadAllAsync())
        {
            counts.Add(message.Count);
        }

        Assert.Equal(new[] { 7, 6, 5, 4, 3, 2, 1, 0 }, counts);
    }

    [Fact]
    public async Task The_aggregator_calls_others()
    {
        var client = new Aggregator.AggregatorClient(_channel);
        using var hellos = client.SayHellos(new HelloRequest { Name = "all" }, deadline: DateTime.UtcNow.AddSeconds(20));
        var count = 0;
        await foreach (var _ in hellos.ResponseStream.ReadAllAsync())
        {
            count++;
        }

        Assert.Equal(100, count);

        using var accumulate = client.AccumulateCount(deadline: DateTime.UtcNow.AddSeconds(20));
        await accumulate.RequestStream.WriteAsync(new CounterRequest { Count = 20 });
        await accumulate.RequestStream.WriteAsync(new CounterRequest { Count = 22 });
        await accumulate.RequestStream.CompleteAsync();
        Assert.Equal(42, (await accumulate.ResponseAsync).Count);
    }

    [Fact]
    public async Task The_mailer_forwards()
    {
        var client = new Mailer.MailerClient(_channel);
        using var call = client.Mailbox(headers: new Metadata { new Metadata.Entry("mailbox-name", "inbox") });
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.Equal(MailboxMessage.Types.Reason.Received, call.ResponseStream.Current.Reason);
        await call.RequestStream.WriteAsync(new ForwardMailMessage());
        Assert.True(await call.ResponseStream.MoveNext());
        var response = call.ResponseStream.Current;
        Assert.Equal((0, 1), (response.New, response.Forwarded));
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task The_racer_races()
    {
        var client = new Racer.RacerClient(_channel);
        using var call = client.ReadySetGo(new CallOptions(new Metadata { { "race-duration", TimeSpan.FromSeconds(30).ToString() } }));
        RaceMessage? lastMessageReceived = null;
        var readTask = Task.Run(async () =>
        {
            await foreach (var message in call.ResponseStream.ReadAllAsync())
            {
                lastMessageReceived = message;
            }
        });
        var pending = new List<Task>();
        for (var sent = 1; sent <= 20; sent++)
        {
            Task write = call.RequestStream.WriteAsync(new RaceMessage { Count = sent });
            await write;
            pending.Add(write);
        }

        await Task.WhenAll(pending);
        await call.RequestStream.CompleteAsync();
        await readTask;
        Assert.Equal(20, lastMessageReceived!.Count);
    }

    [Fact]
    public async Task The_ticketer_wants_a_token()
    {
        var client = new Ticketer.TicketerClient(_channel);
        Assert.Equal(5, (await client.GetAvailableTicketsAsync(new Empty())).Count);
        try
        {
            await client.BuyTicketsAsync(new BuyTicketsRequest { Count = 1 });
            Assert.Fail("There was no token.");
        }
        catch (RpcException ex)
        {
            Assert.Equal(StatusCode.Unauthenticated, ex.Status.StatusCode);
            Assert.Equal("No ticket without a token", ex.Status.Detail);
        }

        Metadata? headers = new Metadata();
        headers.Add("Authorization", $"Bearer of-good-news");
        Assert.True((await client.BuyTicketsAsync(new BuyTicketsRequest { Count = 1 }, headers)).Success);

        var credentials = CallCredentials.FromInterceptor(async (context, metadata) =>
        {
            await Task.Yield();
            metadata.Add("Authorization", "Bearer of-good-news");
        });
        using var channel = GrpcChannel.ForAddress(_server.Address.Replace("http://", ""), new GrpcChannelOptions
        {
            Credentials = ChannelCredentials.Create(ChannelCredentials.Insecure, credentials),
            UnsafeUseInsecureChannelCallCredentials = true
        });
        client = new Ticketer.TicketerClient(channel);
        Assert.True((await client.BuyTicketsAsync(new BuyTicketsRequest { Count = 1 })).Success);
    }
}
