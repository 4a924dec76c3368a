// SPDX-License-Identifier: Apache-2.0
using Greet;
using Peregrine.Client;
using Peregrine.Http2;

namespace Peregrine.Testing.Tests;

/// <summary>Each kind of fault as a client sees it, in memory and over a socket.</summary>
public sealed class FaultInjectorTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly GreetRequest Request = new() { Name = "world" };

    private readonly ManualTimeProvider _time = new();
    private readonly GreeterService _service = new();
    private readonly InMemoryServer _server;
    private readonly Greeter.GreeterClient _client;

    public FaultInjectorTests()
    {
        _server = InMemoryServer.Start(new InMemoryServerOptions { TimeProvider = _time }, Greeter.BindService(_service));
        _client = new Greeter.GreeterClient(_server.Channel);
    }

    [Fact]
    public async Task A_status_comes_with_its_detail_and_trailers_and_the_handler_is_not_called()
    {
        _server.Faults.Add(Fault.Status(StatusCode.DataLoss, "gone", new Metadata { { "where", "disk" } }));
        var failure = await FailAsync();
        Assert.Equal((StatusCode.DataLoss, "gone", "disk"), (failure.StatusCode, failure.Status.Detail, failure.Trailers.GetValue("where")));
        Assert.Equal(0, _service.Greeted);
        Assert.Equal(1, _server.Faults.Injected);
    }

    [Fact]
    public async Task A_fault_behind_the_handler_loses_the_answer_of_work_that_was_done()
    {
        _server.Faults.Add(Fault.Status(StatusCode.Unavailable) with { AfterMessages = 0 });
        Assert.Equal(StatusCode.Unavailable, (await FailAsync()).StatusCode);
        Assert.Equal(1, _service.Greeted);
    }

    [Theory]
    [InlineData(Http2ErrorCode.InternalError, StatusCode.Internal)]
    [InlineData(Http2ErrorCode.EnhanceYourCalm, StatusCode.ResourceExhausted)]
    [InlineData(Http2ErrorCode.Cancel, StatusCode.Cancelled)]
    public async Task A_reset_is_the_status_that_its_code_stands_for(Http2ErrorCode code, StatusCode status)
    {
        _server.Faults.Add(Fault.Reset(code));
        Assert.Equal(status, (await FailAsync()).StatusCode);
    }

    [Fact]
    public async Task A_refused_call_is_made_anew_by_the_client()
    {
        _server.Faults.Add(Fault.Reset(Http2ErrorCode.RefusedStream) with { Calls = 1 });
        Assert.Equal("Hello, world", (await GreetAsync()).Text);
        Assert.Equal(1, _server.Faults.Injected);
    }

    [Fact]
    public async Task A_cut_ends_all_calls_of_the_connection_and_the_next_call_connects_anew()
    {
        using var bystander = _client.Chat(cancellationToken: TestContext.Current.CancellationToken);
        await bystander.RequestStream.WriteAsync(Request, TestContext.Current.CancellationToken);
        Assert.True(await bystander.ResponseStream.MoveNext().WaitAsync(Patience, TestContext.Current.CancellationToken));
        _server.Faults.Add(Fault.Cut() with { Method = "/greet.Greeter/Greet", Calls = 1 });
        Assert.Equal(StatusCode.Unavailable, (await FailAsync()).StatusCode);
        var failure = await Assert.ThrowsAsync<RpcException>(() => bystander.ResponseStream.MoveNext().WaitAsync(Patience));
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Equal("Hello, world", (await GreetAsync()).Text);
    }

    [Fact]
    public async Task Connections_without_calls_are_cut_by_the_server()
    {
        Assert.Equal("Hello, world", (await GreetAsync()).Text);
        _server.Server.AbortConnections();
        await _server.Channel.WaitForStateChangedAsync(ConnectivityState.Ready).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal("Hello, world", (await GreetAsync()).Text);
    }

    [Fact]
    public async Task An_exception_is_what_the_server_makes_of_it()
    {
        _server.Faults.Add(Fault.Throw(new InvalidOperationException("secret")));
        var failure = await FailAsync();
        Assert.Equal(StatusCode.Unknown, failure.StatusCode);
        Assert.DoesNotContain("secret", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_late_call_goes_on_after_its_delay()
    {
        _server.Faults.Add(Fault.Wait(TimeSpan.FromMinutes(3)));
        var reply = GreetAsync();
        await _time.TimerDueWithinAsync(TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);
        Assert.False(reply.IsCompleted);
        _time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal("Hello, world", (await reply).Text);
    }

    [Fact]
    public async Task Silence_lasts_until_the_client_gives_up()
    {
        _server.Faults.Add(Fault.Silence());
        using var source = new CancellationTokenSource();
        var reply = _client.GreetAsync(Request, cancellationToken: source.Token).ResponseAsync;
        await source.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => reply.WaitAsync(Patience))).StatusCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_stream_breaks_behind_so_many_messages(int messages)
    {
        _server.Faults.Add(Fault.Status(StatusCode.Aborted) with { AfterMessages = messages });
        using var call = _client.Countdown(Request, cancellationToken: TestContext.Current.CancellationToken);
        for (var i = 0; i < messages; i++)
        {
            Assert.True(await call.ResponseStream.MoveNext().WaitAsync(Patience, TestContext.Current.CancellationToken));
        }

        Assert.Equal(StatusCode.Aborted, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext().WaitAsync(Patience))).StatusCode);
    }

    [Fact]
    public async Task A_stream_that_is_shorter_than_its_fault_ends_well()
    {
        _server.Faults.Add(Fault.Cut() with { AfterMessages = 4 });
        using var call = _client.Countdown(Request, cancellationToken: TestContext.Current.CancellationToken);
        var count = 0;
        while (await call.ResponseStream.MoveNext().WaitAsync(Patience, TestContext.Current.CancellationToken))
        {
            count++;
        }

        Assert.Equal(3, count);
    }

    [Fact]
    public async Task Faults_are_used_up_in_order_and_one_meets_a_call()
    {
        _server.Faults.Add(Fault.Status(StatusCode.Aborted) with { Method = "/greet.Greeter/Countdown" });
        _server.Faults.Add(Fault.Status(StatusCode.Unavailable) with { Calls = 1 });
        _server.Faults.Add(Fault.Status(StatusCode.DataLoss) with { Calls = 1 });
        Assert.Equal(StatusCode.Unavailable, (await FailAsync()).StatusCode);
        Assert.Equal(StatusCode.DataLoss, (await FailAsync()).StatusCode);
        Assert.Equal("Hello, world", (await GreetAsync()).Text);
        Assert.Equal(2, _server.Faults.Injected);
    }

    [Fact]
    public async Task Faults_that_were_cleared_happen_no_more()
    {
        _server.Faults.Add(Fault.Cut());
        _server.Faults.Clear();
        Assert.Equal("Hello, world", (await GreetAsync()).Text);
    }

    [Fact]
    public async Task Requests_that_stream_meet_faults_as_well()
    {
        _server.Faults.Add(Fault.Status(StatusCode.Aborted) with { AfterMessages = 0 });
        using var call = _client.GreetAll(cancellationToken: TestContext.Current.CancellationToken);
        await call.RequestStream.WriteAsync(Request, TestContext.Current.CancellationToken);
        await call.RequestStream.CompleteAsync();
        Assert.Equal(StatusCode.Aborted, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(Patience))).StatusCode);
    }

    [Fact]
    public async Task Over_a_socket_faults_are_the_same()
    {
        var faults = new FaultInjector();
        await using var server = new GrpcServer(new GrpcServerOptions { Interceptors = { faults } });
        _ = server.AddService(Greeter.BindService(_service));
        var port = await server.ListenAsync("127.0.0.1:0", ServerCredentials.Insecure);
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        var client = new Greeter.GreeterClient(channel);
        faults.Add(Fault.Cut() with { Calls = 1 });
        faults.Add(Fault.Reset() with { Calls = 1 });
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => client.GreetAsync(Request).ResponseAsync.WaitAsync(Patience))).StatusCode);
        Assert.Equal(StatusCode.Internal, (await Assert.ThrowsAsync<RpcException>(() => client.GreetAsync(Request).ResponseAsync.WaitAsync(Patience))).StatusCode);
        Assert.Equal("Hello, world", (await client.GreetAsync(Request, cancellationToken: TestContext.Current.CancellationToken)).Text);
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private Task<RpcException> FailAsync() => Assert.ThrowsAsync<RpcException>(GreetAsync);

    private Task<GreetReply> GreetAsync() => _client.GreetAsync(Request).ResponseAsync.WaitAsync(Patience);
}
