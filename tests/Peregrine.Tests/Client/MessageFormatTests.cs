// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Peregrine.Client;
using Peregrine.Protobuf;
using Peregrine.Protobuf.WellKnownTypes;
using Peregrine.Testing;
using Peregrine.Tests.Serving;

namespace Peregrine.Tests.Client;

/// <summary>Messages in other formats than protobuf's binary one: content-subtypes.</summary>
public sealed class MessageFormatTests
{
    private static readonly TimeSpan Patience = RawClient.Patience;
    private static readonly Method<Timestamp, Duration> Clock = new(MethodType.Unary, "test.Clock", "Since", Marshal(Timestamp.Parser), Marshal(Duration.Parser));
    private static readonly Method<string, string> Text = ServerFixture.Method(MethodType.Unary, "Text");
    private static readonly CallOptions Json = new CallOptions().WithContentSubtype("json");

    [Fact]
    public async Task A_call_chooses_a_format_of_its_channel_and_gets_its_answer_in_it()
    {
        await using var server = Start(new JsonMessageFormat(), new JsonMessageFormat());
        Assert.Equal(5, (await CallAsync(server.Channel, Json)).Seconds);
        Assert.Equal(5, (await CallAsync(server.Channel, default)).Seconds);
        Assert.Equal(5, (await CallAsync(server.Channel, new CallOptions().WithContentSubtype("JSON"))).Seconds);
        Assert.Equal(5, (await CallAsync(server.Channel, new CallOptions().WithContentSubtype("proto"))).Seconds);
    }

    [Fact]
    public async Task What_goes_over_the_wire_is_the_format_and_its_content_type_in_heads_and_in_statuses_alone()
    {
        await using var server = new GrpcServer(new GrpcServerOptions { MessageFormats = { new JsonMessageFormat() } });
        _ = server.AddService(Service());
        using var client = new RawClient(await server.ListenAsync("127.0.0.1:0", ServerCredentials.Insecure));
        var call = client.Unary(Clock.FullName, "\"1970-01-01T00:00:05Z\"", ("content-type", "application/grpc+JSON;charset=utf-8"));
        Assert.Equal("\"5s\"", await call.NextTextAsync());
        Assert.Equal(StatusCode.OK, await call.StatusAsync());
        Assert.Equal("application/grpc+json", (await call.Headers)["content-type"]);

        var failed = client.Unary(Clock.FullName, "\"1969-01-01T00:00:00Z\"", ("content-type", "application/grpc+json"));
        Assert.Equal(StatusCode.OutOfRange, await failed.StatusAsync());
        Assert.Equal("application/grpc+json", (await failed.Headers)["content-type"]);

        var plain = client.Unary(Clock.FullName, Encoding.UTF8.GetString(new Timestamp { Seconds = 5 }.ToByteArray()));
        Assert.Equal(new Duration { Seconds = 5 }.ToByteArray(), await plain.NextMessageAsync());
        Assert.Equal("application/grpc", (await plain.Headers)["content-type"]);
    }

    [Fact]
    public async Task A_format_that_the_server_does_not_have_is_UNIMPLEMENTED_and_named()
    {
        await using var server = Start(serverFormat: null, new JsonMessageFormat());
        var failure = await Assert.ThrowsAsync<RpcException>(() => CallAsync(server.Channel, Json));
        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
        Assert.Equal(
            "The message format of content-type 'application/grpc+json' is not supported; /test.Clock/Since speaks application/grpc+proto.",
            failure.Status.Detail);
    }

    [Theory]
    [InlineData("application/grpc+json", "application/grpc+json")]
    [InlineData("application/grpc+JSON; charset=utf-8", "application/grpc+json")]
    [InlineData("application/grpc+proto", "application/grpc")]
    [InlineData("application/grpc+", "application/grpc")]
    [InlineData("application/grpc+a b", "application/grpc")]
    public async Task What_is_refused_before_there_is_a_call_is_answered_in_the_content_type_of_the_request(string asked, string answered)
    {
        await using var server = new GrpcServer();
        _ = server.AddService(Service());
        using var client = new RawClient(await server.ListenAsync("127.0.0.1:0", ServerCredentials.Insecure));
        foreach (var call in (RawCall[])
            [client.Unary("/test.Clock/Missing", "", ("content-type", asked)), client.Unary("/no/method/", "", ("content-type", asked))])
        {
            Assert.Equal(StatusCode.Unimplemented, await call.StatusAsync());
            Assert.Equal(answered, (await call.Headers)["content-type"]);
        }
    }

    [Fact]
    public async Task A_handler_sees_the_format_of_its_call()
    {
        List<string?> seen = [];
        await using var server = new GrpcServer(new GrpcServerOptions { MessageFormats = { new JsonMessageFormat() } });
        _ = server.AddService(ServerServiceDefinition.CreateBuilder().AddMethod(Clock, (UnaryServerMethod<Timestamp, Duration>)((_, context) =>
        {
            seen.Add(context.ContentSubtype);
            return Task.FromResult(new Duration());
        })).Build());
        using var client = new RawClient(await server.ListenAsync("127.0.0.1:0", ServerCredentials.Insecure));
        Assert.Equal(StatusCode.OK, await client.Unary(Clock.FullName, "\"1970-01-01T00:00:05Z\"", ("content-type", "application/grpc+Json")).StatusAsync());
        Assert.Equal(StatusCode.OK, await client.Unary(Clock.FullName, "", ("content-type", "application/grpc+proto")).StatusAsync());
        Assert.Equal(["json", null], seen);
    }

    [Fact]
    public async Task A_format_that_the_channel_does_not_have_is_INTERNAL_and_nothing_is_sent()
    {
        await using var server = Start(new JsonMessageFormat(), clientFormat: null);
        var failure = await Assert.ThrowsAsync<RpcException>(() => CallAsync(server.Channel, Json));
        Assert.Equal(StatusCode.Internal, failure.StatusCode);
        Assert.Contains("'json'", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(0, server.Server.Statistics.CallsStarted);
    }

    [Fact]
    public async Task A_format_that_cannot_have_the_messages_is_none_on_either_side()
    {
        await using var server = Start(new JsonMessageFormat(), new JsonMessageFormat());
        var failure = await Assert.ThrowsAsync<RpcException>(() => server.Channel.CreateCallInvoker()
            .AsyncUnaryCall(Text, null, Json, "x").ResponseAsync.WaitAsync(Patience));
        Assert.Equal(StatusCode.Internal, failure.StatusCode);
        var method = new Method<string, string>(MethodType.Unary, "test.Svc", "Text", Marshallers.StringMarshaller, Marshallers.StringMarshaller) { ContentSubtype = "json" };
        failure = await Assert.ThrowsAsync<RpcException>(() => server.Channel.CreateCallInvoker()
            .AsyncUnaryCall(method, null, default, "x").ResponseAsync.WaitAsync(Patience));
        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
    }

    [Fact]
    public async Task A_method_has_a_format_of_its_own_when_its_marshallers_do()
    {
        var own = new Method<string, string>(MethodType.Unary, "test.Svc", "Own", Marshallers.StringMarshaller, Marshallers.StringMarshaller) { ContentSubtype = "text" };
        var plain = new Method<string, string>(MethodType.Unary, "test.Svc", "Own", Marshallers.StringMarshaller, Marshallers.StringMarshaller);
        await using var server = InMemoryServer.Start(ServerServiceDefinition.CreateBuilder()
            .AddMethod(own, (UnaryServerMethod<string, string>)((r, _) => Task.FromResult(r))).Build());
        var invoker = server.Channel.CreateCallInvoker();
        Assert.Equal("x", await invoker.AsyncUnaryCall(own, null, default, "x").ResponseAsync.WaitAsync(Patience));
        var failure = await Assert.ThrowsAsync<RpcException>(() => invoker.AsyncUnaryCall(plain, null, default, "x").ResponseAsync.WaitAsync(Patience));
        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
        Assert.Contains("application/grpc+text", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_in_a_third_format_is_not_gRPC()
    {
        await using var server = new ScriptedServer();
        using var channel = GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions { MessageFormats = { new JsonMessageFormat() } });
        var call = channel.CreateCallInvoker().AsyncUnaryCall(Clock, null, Json, new Timestamp { Seconds = 5 });
        await using var connection = await server.AcceptAsync();
        var request = await connection.ExpectRequestAsync();
        Assert.Equal("application/grpc+json", request.Header("content-type"));
        connection.SendHeaders(request.Stream!, false, (":status", "200"), ("content-type", "application/grpc+xml"));
        connection.SendTrailers(request.Stream!, ("grpc-status", "0"));
        Assert.Equal(StatusCode.Unknown, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(Patience))).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("application/grpc+json")]
    [InlineData("é")]
    public void A_name_that_cannot_be_a_content_subtype_is_refused(string name)
    {
        Assert.ThrowsAny<ArgumentException>(() => new CallOptions().WithContentSubtype(name));
        Assert.ThrowsAny<ArgumentException>(() => new Method<string, string>(
            MethodType.Unary, "s", "M", Marshallers.StringMarshaller, Marshallers.StringMarshaller)
        { ContentSubtype = name });
        Assert.ThrowsAny<ArgumentException>(() => new Named(name));
    }

    [Fact]
    public void The_standard_format_cannot_be_added() => Assert.Throws<ArgumentException>(() => new Named("proto"));

    private static Marshaller<T> Marshal<T>(MessageParser<T> parser)
        where T : class, IMessage<T> => Marshallers.Create(message => message.ToByteArray(), parser.ParseFrom);

    private static ServerServiceDefinition Service() => ServerServiceDefinition.CreateBuilder()
        .AddMethod(Clock, (UnaryServerMethod<Timestamp, Duration>)((r, _) => r.Seconds >= 0
            ? Task.FromResult(new Duration { Seconds = r.Seconds })
            : throw new RpcException(new Status(StatusCode.OutOfRange, "before time"))))
        .AddMethod(Text, (UnaryServerMethod<string, string>)((r, _) => Task.FromResult(r)))
        .Build();

    private static InMemoryServer Start(MessageFormat? serverFormat, MessageFormat? clientFormat)
    {
        var options = new InMemoryServerOptions();
        if (serverFormat is not null)
        {
            options.Server.MessageFormats.Add(serverFormat);
        }

        if (clientFormat is not null)
        {
            options.Channel.MessageFormats.Add(clientFormat);
        }

        return InMemoryServer.Start(options, Service());
    }

    private static Task<Duration> CallAsync(GrpcChannel channel, CallOptions options) =>
        channel.CreateCallInvoker().AsyncUnaryCall(Clock, null, options, new Timestamp { Seconds = 5 }).ResponseAsync.WaitAsync(Patience);

    private sealed class Named(string name) : MessageFormat(name)
    {
        public override Marshaller<T>? CreateMarshaller<T>(Marshaller<T> standard) => null;
    }
}
