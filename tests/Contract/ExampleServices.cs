// SPDX-License-Identifier: Apache-2.0
using System.Threading.Channels;
using Count;
using Greet;
using Mail;
using Peregrine;
using Peregrine.Protobuf.WellKnownTypes;
using Race;
using Ticket;
using Channel = System.Threading.Channels.Channel;

namespace Contract;

public class CounterService : Counter.CounterBase
{
    private int _count;

    public override Task<CounterReply> IncrementCount(Empty request, ServerCallContext context)
    {
        return Task.FromResult(new CounterReply { Count = Interlocked.Increment(ref _count) });
    }

    public override async Task<CounterReply> AccumulateCount(IAsyncStreamReader<CounterRequest> requestStream, ServerCallContext context)
    {
        await foreach (var message in requestStream.ReadAllAsync())
        {
            Interlocked.Add(ref _count, message.Count);
        }

        return new CounterReply { Count = _count };
    }

    public override async Task Countdown(Empty request, IServerStreamWriter<CounterReply> responseStream, ServerCallContext context)
    {
        for (var i = _count; i >= 0; i--)
        {
            await responseStream.WriteAsync(new CounterReply { Count = i });
        }
    }
}

/// <summary>Calls the other services, as a gateway does.</summary>
public class AggregatorService : Aggregate.Aggregator.AggregatorBase
{
    private readonly Greeter.GreeterClient _greeterClient;
    private readonly Counter.CounterClient _counterClient;

    public AggregatorService(Greeter.GreeterClient greeterClient, Counter.CounterClient counterClient)
    {
        _greeterClient = greeterClient;
        _counterClient = counterClient;
    }

    public override async Task SayHellos(HelloRequest request, IServerStreamWriter<HelloReply> responseStream, ServerCallContext context)
    {
        using (var greetings = _greeterClient.SayHellos(request, context.RequestHeaders, context.Deadline, context.CancellationToken))
        {
            await foreach (var reply in greetings.ResponseStream.ReadAllAsync())
            {
                await responseStream.WriteAsync(reply);
            }
        }
    }

    public override async Task<CounterReply> AccumulateCount(IAsyncStreamReader<CounterRequest> requestStream, ServerCallContext context)
    {
        var options = new CallOptions(propagationToken: context.CreatePropagationToken(new ContextPropagationOptions(propagateDeadline: true, propagateCancellation: true)));
        using var call = _counterClient.AccumulateCount(options);
        await foreach (var message in requestStream.ReadAllAsync())
        {
            await call.RequestStream.WriteAsync(message);
        }

        await call.RequestStream.CompleteAsync();
        return await call;
    }
}

public class MailerService : Mailer.MailerBase
{
    public override async Task Mailbox(
        IAsyncStreamReader<ForwardMailMessage> requestStream,
        IServerStreamWriter<MailboxMessage> responseStream,
        ServerCallContext context)
    {
        var mailboxName = context.RequestHeaders.Single(e => e.Key == "mailbox-name").Value;
        var queue = Channel.CreateUnbounded<Mail.Mail>();
        queue.Writer.TryWrite(new Mail.Mail { Id = mailboxName });
        queue.Writer.Complete();

        var received = 0;
        await foreach (var mail in queue.Reader.ReadAllAsync())
        {
            received++;
            await responseStream.WriteAsync(new MailboxMessage { New = received, Reason = MailboxMessage.Types.Reason.Received });
        }

        while (await requestStream.MoveNext())
        {
            received--;
            await responseStream.WriteAsync(new MailboxMessage
            {
                New = received,
                Forwarded = 1,
                Reason = MailboxMessage.Types.Reason.Forwarded
            });
        }
    }
}

public class RacerService : Racer.RacerBase
{
    public override async Task ReadySetGo(IAsyncStreamReader<RaceMessage> requestStream, IServerStreamWriter<RaceMessage> responseStream, ServerCallContext context)
    {
        var raceDuration = TimeSpan.Parse(context.RequestHeaders.Single(h => h.Key == "race-duration").Value);

        // Read incoming messages in a background task.
        RaceMessage? lastMessageReceived = null;
        var readTask = Task.Run(async () =>
        {
            await foreach (var message in requestStream.ReadAllAsync())
            {
                lastMessageReceived = message;
            }
        });

        var sent = 0;
        while (sent < raceDuration.TotalSeconds)
        {
            await responseStream.WriteAsync(new RaceMessage { Count = ++sent });
        }

        await readTask;
        await responseStream.WriteAsync(new RaceMessage { Count = lastMessageReceived?.Count ?? 0 });
    }
}

public class TicketerService : Ticketer.TicketerBase
{
    private int _availableTickets = 5;

    public override Task<AvailableTicketsResponse> GetAvailableTickets(Empty request, ServerCallContext context)
    {
        return Task.FromResult(new AvailableTicketsResponse { Count = _availableTickets });
    }

    public override Task<BuyTicketsResponse> BuyTickets(BuyTicketsRequest request, ServerCallContext context)
    {
        var authorization = context.RequestHeaders.GetValue("authorization");
        if (authorization != "Bearer of-good-news")
        {
            throw new RpcException(new Status(StatusCode.Unauthenticated, "No ticket without a token"));
        }

        _availableTickets -= request.Count;
        return Task.FromResult(new BuyTicketsResponse { Success = _availableTickets >= 0 });
    }
}
