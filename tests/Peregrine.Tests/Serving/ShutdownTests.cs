// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;

namespace Peregrine.Tests.Serving;

/// <summary>Listening and stopping.</summary>
public class ShutdownTests
{
    [Fact]
    public async Task A_graceful_stop_says_GOAWAY_and_lets_a_running_call_end()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var finish = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await new ServerFixture().Unary(async (r, _) =>
        {
            started.SetResult();
            await finish.Task;
            return r;
        }).StartAsync();
        var client = server.Connect();
        var call = client.Unary("/test.Svc/Unary", "late");
        await started.Task.WaitAsync(RawClient.Patience);
        var shutdown = server.Server.ShutdownAsync();
        await client.GoAway;
        Assert.False(shutdown.IsCompleted);
        Assert.Throws<SocketException>(() => RawClient.ConnectSocket(server.Port).Dispose());
        finish.SetResult();
        Assert.Equal("late", await call.NextTextAsync());
        Assert.Equal(StatusCode.OK, await call.StatusAsync());
        await client.Closed.WaitAsync(RawClient.Patience);
        await shutdown.WaitAsync(RawClient.Patience);
        Assert.True(server.Server.ShutdownTask.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_time_to_drain_may_be_as_long_as_it_wants_and_is_refused_before_anything_begins_when_negative()
    {
        await using var server = await new ServerFixture().Unary((r, _) => Task.FromResult(r)).StartAsync();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => server.Server.ShutdownAsync(TimeSpan.FromSeconds(-5)));
        Assert.Equal(StatusCode.OK, await server.Connect().Unary("/test.Svc/Unary", "").StatusAsync());
        await server.Server.ShutdownAsync(TimeSpan.MaxValue).WaitAsync(RawClient.Patience);
    }

    [Fact]
    public async Task A_kill_cancels_running_calls()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await new ServerFixture().Unary(async (r, context) =>
        {
            using var registration = context.CancellationToken.Register(cancelled.SetResult);
            started.SetResult();
            await cancelled.Task;
            return r;
        }).StartAsync();
        server.Connect().Unary("/test.Svc/Unary", "");
        await started.Task.WaitAsync(RawClient.Patience);
        await server.Server.KillAsync().WaitAsync(RawClient.Patience);
        await cancelled.Task.WaitAsync(RawClient.Patience);
    }

    [Fact]
    public async Task The_stopping_token_is_cancelled_while_calls_still_run()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var finish = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await new ServerFixture().Unary(async (r, _) =>
        {
            started.SetResult();
            await finish.Task;
            return r;
        }).StartAsync();
        var call = server.Connect().Unary("/test.Svc/Unary", "late");
        await started.Task.WaitAsync(RawClient.Patience);
        Assert.False(server.Server.StoppingToken.IsCancellationRequested);
        await using var registration = server.Server.StoppingToken.Register(finish.SetResult);
        await server.Server.ShutdownAsync().WaitAsync(RawClient.Patience);
        Assert.Equal(StatusCode.OK, await call.StatusAsync());
        Assert.True(server.Server.StoppingToken.IsCancellationRequested);
    }

    [Fact]
    public async Task A_callback_of_the_stopping_token_that_throws_does_not_keep_the_server_from_stopping()
    {
        await using var server = await new ServerFixture().Unary((r, _) => Task.FromResult(r)).StartAsync();
        var called = false;
        server.Server.StoppingToken.Register(() => called = true);
        server.Server.StoppingToken.Register(() => throw new InvalidOperationException("a user's mistake"));
        await server.Server.ShutdownAsync().WaitAsync(RawClient.Patience);
        Assert.True(called);
    }

    [Fact]
    public async Task A_callback_of_the_stopping_token_may_use_the_server()
    {
        await using var server = await new ServerFixture().Unary((r, _) => Task.FromResult(r)).StartAsync();
        server.Server.StoppingToken.Register(
            () => Assert.True(Task.Run(() => server.Server.RemoveService(server.Server.Services[0])).Wait(RawClient.Patience)));
        await server.Server.ShutdownAsync().WaitAsync(RawClient.Patience);
        Assert.Empty(server.Server.Services);
    }

    [Fact]
    public void The_services_of_a_server_are_a_list_that_does_not_change()
    {
        var server = new GrpcServer();
        var before = server.Services;
        var service = ServerServiceDefinition.CreateBuilder().Build();
        server.AddService(service);
        Assert.Empty(before);
        Assert.Same(service, Assert.Single(server.Services));
        Assert.Same(server.Services, server.Services);
        server.RemoveService(service);
        Assert.Empty(server.Services);
    }

    [Fact]
    public void Services_are_exchanged_all_or_none()
    {
        var server = new GrpcServer();
        var (first, second, third) = (Service(), Service(), Service());
        server.AddService(first);
        server.ReplaceServices([first, third], [second]);
        Assert.Same(second, Assert.Single(server.Services));
        Assert.Throws<ArgumentException>(() => server.ReplaceServices([second], [first, third]));
        Assert.Same(second, Assert.Single(server.Services));

        static ServerServiceDefinition Service() => ServerServiceDefinition.CreateBuilder()
            .AddMethod(ServerFixture.Method(MethodType.Unary, "Unary"), (string request, ServerCallContext _) => Task.FromResult(request)).Build();
    }

    [Fact]
    public async Task A_taken_port_is_an_IOException_that_names_it()
    {
        await using var server = await new ServerFixture().Unary((r, _) => Task.FromResult(r)).StartAsync();
        await using var second = new GrpcServer();
        var exception = await Assert.ThrowsAsync<IOException>(() => second.ListenAsync($"127.0.0.1:{server.Port}", ServerCredentials.Insecure));
        Assert.Contains($"127.0.0.1:{server.Port}", exception.Message);
        Assert.Contains("taken", exception.Message);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("0.0.0.0")]
    [InlineData("[::]")]
    [InlineData("*")]
    public async Task Listening_on_names_and_wildcards_is_reached_by_IPv4_loopback(string host)
    {
        await using var server = new GrpcServer();
        var port = await server.ListenAsync(host + ":0", ServerCredentials.Insecure);
        using var client = new RawClient(port);
        Assert.Equal(StatusCode.Unimplemented, await client.Unary("/a.B/C", "").StatusAsync());
    }

    [Theory]
    [InlineData("9090")]
    [InlineData("host:")]
    [InlineData("host:70000")]
    [InlineData("::1:90")]
    public async Task An_address_of_another_form_is_refused_with_the_right_form(string address)
    {
        await using var server = new GrpcServer();
        var exception = await Assert.ThrowsAsync<ArgumentException>(() => server.ListenAsync(address, ServerCredentials.Insecure));
        Assert.Contains("host:port", exception.Message);
    }

    [Fact]
    public async Task An_HTTP_1_request_is_answered_in_HTTP_1()
    {
        await using var server = await new ServerFixture().Unary((r, _) => Task.FromResult(r)).StartAsync();
        var answer = await ExchangeAsync(server.Port, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        Assert.StartsWith("HTTP/1.1 505", System.Text.Encoding.ASCII.GetString(answer));
    }

    [Theory]
    [InlineData(new byte[] { 22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3 })]
    [InlineData(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 })]
    public async Task Garbage_is_answered_with_GOAWAY(byte[] garbage)
    {
        await using var server = await new ServerFixture().Unary((r, _) => Task.FromResult(r)).StartAsync();
        var answer = await ExchangeAsync(server.Port, garbage);

        // SETTINGS, WINDOW_UPDATE, then a frame of type 7 whose code is PROTOCOL_ERROR.
        Assert.Contains((byte)7, answer);
        Assert.True(answer.AsSpan().IndexOf(new byte[] { 0, 0, 0, 1 }) >= 0);
    }

    [Fact]
    public async Task The_old_server_binds_on_Add_and_serves_from_Start()
    {
        var method = ServerFixture.Method(MethodType.Unary, "Unary");
        var server = new Server
        {
            Services = { ServerServiceDefinition.CreateBuilder().AddMethod(method, (UnaryServerMethod<string, string>)((r, _) => Task.FromResult(r + "!"))).Build() },
        };
        var port = server.Ports.Add(new ServerPort("127.0.0.1", ServerPort.PickUnused, ServerCredentials.Insecure));
        Assert.Equal(port, server.Ports.Single().BoundPort);
        server.Start();
        using var client = new RawClient(port);
        Assert.Equal("hi!", await client.Unary("/test.Svc/Unary", "hi").NextTextAsync());
        await server.ShutdownAsync().WaitAsync(RawClient.Patience);
        await server.ShutdownTask.WaitAsync(RawClient.Patience);
    }

    private static async Task<byte[]> ExchangeAsync(int port, byte[] bytes)
    {
        using var socket = RawClient.ConnectSocket(port);
        await socket.SendAsync(bytes, SocketFlags.None);
        using var received = new MemoryStream();
        await using var stream = new NetworkStream(socket);
        await stream.CopyToAsync(received).WaitAsync(RawClient.Patience);
        return received.ToArray();
    }
}
