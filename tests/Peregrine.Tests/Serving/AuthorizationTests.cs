// SPDX-License-Identifier: Apache-2.0
using Peregrine.Client;
using Peregrine.Interceptors;
using Peregrine.Testing;
using Peregrine.Tests.Client;
using Peregrine.Tests.Credentials;
using Peregrine.Tests.Diagnostics;

namespace Peregrine.Tests.Serving;

/// <summary>Who may call what: the policies of server, service and method.</summary>
public sealed class AuthorizationTests
{
    private static readonly TimeSpan Patience = RawClient.Patience;
    private static readonly Method<string, string> Open = ServerFixture.Method(MethodType.Unary, "Open");
    private static readonly Method<string, string> Closed = ServerFixture.Method(MethodType.Unary, "Closed");
    private static readonly ServerServiceDefinition Service = ServerServiceDefinition.CreateBuilder()
        .AddMethod(Open, (UnaryServerMethod<string, string>)((r, _) => Task.FromResult(r)))
        .AddMethod(Closed, (UnaryServerMethod<string, string>)((r, context) => Task.FromResult((string)context.UserState["caller"])))
        .Build();

    private static readonly AuthorizationPolicy Bearer = context =>
    {
        switch (context.RequestHeaders.GetValue("authorization"))
        {
            case null:
                return ValueTask.FromResult(AuthorizationResult.Unauthenticated("Send a bearer token."));
            case "Bearer good":
                context.UserState["caller"] = "somebody";
                return ValueTask.FromResult(AuthorizationResult.Allowed);
            default:
                return ValueTask.FromResult(AuthorizationResult.Denied("Not for you."));
        }
    };

    [Fact]
    public async Task Unknown_callers_are_UNAUTHENTICATED_those_who_may_not_PERMISSION_DENIED_and_the_rest_is_served()
    {
        await using var server = Start(options => options.Authorization = Bearer);
        var unknown = await FailsAsync(server.Channel, Closed, StatusCode.Unauthenticated);
        Assert.Equal("Send a bearer token.", unknown.Status.Detail);
        var denied = await FailsAsync(server.Channel, Closed, StatusCode.PermissionDenied, "bad");
        Assert.Equal("Not for you.", denied.Status.Detail);
        Assert.Equal("somebody", await CallAsync(server.Channel, Closed, "good"));
    }

    [Fact]
    public async Task The_policy_of_a_method_takes_the_place_of_its_services_and_that_of_the_servers()
    {
        await using var server = Start(options => options.Authorization = AuthorizationPolicies.DenyAll, service =>
        {
            service.Authorization = Bearer;
            service.ForMethod("Open").Authorization = AuthorizationPolicies.AllowAll;
        });
        Assert.Equal("hi", await CallAsync(server.Channel, Open));
        _ = await FailsAsync(server.Channel, Closed, StatusCode.Unauthenticated);
        Assert.Equal("somebody", await CallAsync(server.Channel, Closed, "good"));
    }

    [Fact]
    public async Task What_has_no_policy_of_its_own_is_denied_by_a_server_that_denies_all()
    {
        await using var server = Start(options => options.Authorization = AuthorizationPolicies.DenyAll);
        _ = await FailsAsync(server.Channel, Open, StatusCode.PermissionDenied, "good");
    }

    [Fact]
    public async Task The_policy_decides_before_messages_are_read_and_before_interceptors()
    {
        var interceptor = new Counting();
        await using var fixture = new ServerFixture();
        fixture.Options.Authorization = Bearer;
        fixture.Options.Interceptors.Add(interceptor);
        _ = await fixture.ClientStreaming((_, _) => throw new InvalidOperationException("the handler ran")).StartAsync();

        // No message is sent, and the request does not end: a server that read first would wait.
        var call = fixture.Connect().Open("/test.Svc/ClientStreaming");
        Assert.Equal(StatusCode.Unauthenticated, await call.StatusAsync());
        Assert.True(call.TrailersOnly);
        Assert.Equal(0, interceptor.Calls);
    }

    [Fact]
    public async Task Only_who_may_call_learns_that_a_method_does_not_exist()
    {
        await using var fixture = new ServerFixture();
        fixture.Options.Authorization = Bearer;
        _ = await fixture.Unary((r, _) => Task.FromResult(r)).StartAsync();
        var client = fixture.Connect();
        foreach (var (path, type) in new[] { ("/test.Svc/Nothing", "application/grpc"), ("/test.Svc/Unary", "application/grpc+what"), ("/test.Svc/Nothing", "application/grpc+what") })
        {
            var unknown = client.Unary(path, "x", ("content-type", type));
            Assert.Equal(StatusCode.Unauthenticated, await unknown.StatusAsync());
            Assert.Equal("Send a bearer token.", (await unknown.Trailers)["grpc-message"]);
            Assert.Equal(type, (await unknown.Trailers)["content-type"]);
            Assert.Equal(StatusCode.Unimplemented, await client.Unary(path, "x", ("content-type", type), ("authorization", "Bearer good")).StatusAsync());
        }
    }

    [Fact]
    public async Task A_handler_of_unknown_methods_runs_behind_the_policy()
    {
        await using var fixture = new ServerFixture();
        fixture.Options.Authorization = Bearer;
        fixture.Options.UnknownMethodHandler = async (requests, responses, context) =>
            await responses.WriteAsync([1, 2, 3]);
        _ = await fixture.StartAsync();
        var client = fixture.Connect();
        Assert.Equal(StatusCode.Unauthenticated, await client.Unary("/a.B/C", "x").StatusAsync());
        var allowed = client.Unary("/a.B/C", "x", ("authorization", "Bearer good"));
        Assert.Equal([1, 2, 3], await allowed.NextMessageAsync());
    }

    [Fact]
    public async Task A_policy_that_throws_allows_nothing_and_is_logged()
    {
        using var log = new LogTests.Recorder();
        await using var server = Start(options =>
        {
            options.LoggerFactory = log;
            options.EnableDetailedErrors = true;
            options.Authorization = _ => throw new InvalidOperationException("the directory is down");
        });
        var failure = await FailsAsync(server.Channel, Open, StatusCode.Internal);
        Assert.Equal("The server could not decide whether the call is allowed.", failure.Status.Detail);
        Assert.Contains("/test.Svc/Open", await log.EventAsync(113), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_may_wait_and_may_throw_a_status_of_its_own()
    {
        await using var server = Start(options => options.Authorization = async context =>
        {
            await Task.Yield();
            return context.RequestHeaders.GetValue("authorization") is null
                ? throw new RpcException(new Status(StatusCode.ResourceExhausted, "too many logins"), [new("retry-in", "1")])
                : AuthorizationResult.Allowed;
        });
        var failure = await FailsAsync(server.Channel, Open, StatusCode.ResourceExhausted);
        Assert.Equal("1", failure.Trailers.GetValue("retry-in"));
        Assert.Equal("hi", await CallAsync(server.Channel, Open, "any"));
    }

    [Fact]
    public void The_default_result_denies()
    {
        var nothing = default(AuthorizationResult);
        Assert.False(nothing.IsAllowed);
        Assert.Equal(StatusCode.PermissionDenied, nothing.Status.StatusCode);
        Assert.Equal(StatusCode.OK, AuthorizationResult.Allowed.Status.StatusCode);
    }

    [Theory]
    [InlineData("billing.test", StatusCode.OK)]
    [InlineData("BILLING.test", StatusCode.OK)]
    [InlineData("other.test", StatusCode.PermissionDenied)]
    [InlineData(null, StatusCode.Unauthenticated)]
    public async Task A_client_is_known_by_the_names_of_its_certificate(string? name, StatusCode code)
    {
        using var certificates = new TestCertificates();
        await using var fixture = new ServerFixture();
        fixture.Options.Authorization = AuthorizationPolicies.RequirePeer("billing.test", "shop.test");
        _ = await fixture.Unary((r, _) => Task.FromResult(r)).StartAsync(new SslServerCredentials(
            [certificates.Issue("localhost")], certificates.AuthorityPem, SslClientCertificateRequestType.RequestAndVerify));
        using var channel = GrpcChannel.ForAddress($"https://localhost:{fixture.Port}", new GrpcChannelOptions
        {
            Credentials = new SslCredentials(certificates.AuthorityPem, name is null ? null : certificates.Issue(name)),
        });
        var call = channel.CreateCallInvoker().AsyncUnaryCall(ObservedCalls.Unary, null, default, "hi").ResponseAsync;
        if (code == StatusCode.OK)
        {
            Assert.Equal("hi", await call.WaitAsync(Patience));
        }
        else
        {
            _ = await ClientTestBase.FailsAsync(call, code);
        }
    }

    private static InMemoryServer Start(Action<GrpcServerOptions> configure, Action<ServiceOptions>? service = null)
    {
        var options = new InMemoryServerOptions();
        configure(options.Server);
        var server = InMemoryServer.Start(options);
        _ = server.Server.AddService(Service, service ?? (_ => { }));
        return server;
    }

    private static Task<string> CallAsync(GrpcChannel channel, Method<string, string> method, string? token = null) =>
        channel.CreateCallInvoker()
            .AsyncUnaryCall(method, null, new CallOptions(credentials: token is null ? null : CallCredentials.FromToken(token)), "hi")
            .ResponseAsync.WaitAsync(Patience);

    private static Task<RpcException> FailsAsync(GrpcChannel channel, Method<string, string> method, StatusCode code, string? token = null) =>
        ClientTestBase.FailsAsync(CallAsync(channel, method, token), code);

    private sealed class Counting : Interceptor
    {
        public int Calls { get; private set; }

        public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
        {
            Calls++;
            return continuation(requestStream, context);
        }
    }
}
