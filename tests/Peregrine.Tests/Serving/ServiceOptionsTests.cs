// SPDX-License-Identifier: Apache-2.0
using Peregrine.Client;
using Peregrine.Interceptors;
using Peregrine.Testing;

namespace Peregrine.Tests.Serving;

/// <summary>Options of one service or one method in place of the server's.</summary>
public sealed class ServiceOptionsTests
{
    private static readonly TimeSpan Patience = RawClient.Patience;
    private static readonly Method<string, string> First = ServerFixture.Method(MethodType.Unary, "First");
    private static readonly Method<string, string> Second = ServerFixture.Method(MethodType.Unary, "Second");
    private static readonly ServerServiceDefinition Echo = ServerServiceDefinition.CreateBuilder()
        .AddMethod(First, (UnaryServerMethod<string, string>)((r, _) => r == "throw" ? throw new InvalidOperationException("secret") : Task.FromResult(r)))
        .AddMethod(Second, (UnaryServerMethod<string, string>)((r, _) => r == "throw" ? throw new InvalidOperationException("secret") : Task.FromResult(r)))
        .Build();

    [Fact]
    public async Task Limits_of_a_method_go_before_those_of_its_service_and_the_servers()
    {
        var options = new InMemoryServerOptions { Server = { MaxReceiveMessageSize = 10, MaxSendMessageSize = 100 } };
        await using var server = InMemoryServer.Start(options);
        _ = server.Server.AddService(Echo, service =>
        {
            service.MaxReceiveMessageSize = 20;
            service.ForMethod("Second").MaxReceiveMessageSize = int.MaxValue;
            service.ForMethod("Second").MaxSendMessageSize = 50;
        });
        Assert.Equal(StatusCode.OK, await CallAsync(server.Channel, First, 20));
        Assert.Equal(StatusCode.ResourceExhausted, await CallAsync(server.Channel, First, 21));
        Assert.Equal(StatusCode.OK, await CallAsync(server.Channel, Second, 50));
        Assert.Equal(StatusCode.ResourceExhausted, await CallAsync(server.Channel, Second, 51));
    }

    [Fact]
    public async Task Details_of_errors_are_shown_where_the_options_say_so()
    {
        await using var server = InMemoryServer.Start();
        _ = server.Server.AddService(Echo, service => service.ForMethod("First").EnableDetailedErrors = true);
        var shown = await Assert.ThrowsAsync<RpcException>(() => InvokeAsync(server.Channel, First, "throw"));
        var hidden = await Assert.ThrowsAsync<RpcException>(() => InvokeAsync(server.Channel, Second, "throw"));
        Assert.Contains("secret", shown.Status.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", hidden.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interceptors_run_from_the_server_inwards_to_the_method()
    {
        List<string> order = [];
        var options = new InMemoryServerOptions { Server = { Interceptors = { new Noting("server", order) } } };
        await using var server = InMemoryServer.Start(options);
        _ = server.Server.AddService(Echo, service =>
        {
            service.Interceptors.Add(new Noting("service", order));
            service.ForMethod("First").Interceptors.Add(new Noting("method", order));
        });
        Assert.Equal("x", await InvokeAsync(server.Channel, First, "x"));
        Assert.Equal(["server", "service", "method"], order);
        order.Clear();
        Assert.Equal("x", await InvokeAsync(server.Channel, Second, "x"));
        Assert.Equal(["server", "service"], order);
    }

    [Fact]
    public async Task Compression_is_switched_on_and_off_by_method()
    {
        await using var server = new GrpcServer(new GrpcServerOptions { ResponseCompressionAlgorithm = "gzip" });
        _ = server.AddService(Echo, service => service.ForMethod("Second").ResponseCompressionAlgorithm = "identity");
        using var client = new RawClient(await server.ListenAsync("127.0.0.1:0", ServerCredentials.Insecure));
        var first = client.Unary(First.FullName, "x", ("grpc-accept-encoding", "gzip"));
        var second = client.Unary(Second.FullName, "x", ("grpc-accept-encoding", "gzip"));
        Assert.Equal("gzip", (await first.Headers)["grpc-encoding"]);
        Assert.False((await second.Headers).ContainsKey("grpc-encoding"));
    }

    [Fact]
    public async Task A_service_added_without_options_has_the_servers_again()
    {
        await using var server = InMemoryServer.Start();
        _ = server.Server.AddService(Echo, service => service.MaxReceiveMessageSize = 1);
        Assert.Equal(StatusCode.ResourceExhausted, await CallAsync(server.Channel, First, 2));
        Assert.True(server.Server.RemoveService(Echo));
        _ = server.Server.AddService(Echo);
        Assert.Equal(StatusCode.OK, await CallAsync(server.Channel, First, 2));
    }

    [Fact]
    public async Task Options_that_cannot_be_used_are_refused_and_the_service_is_not_added()
    {
        await using var server = new GrpcServer();
        var unknown = Assert.Throws<ArgumentException>(() => server.AddService(Echo, service => _ = service.ForMethod("Third")));
        Assert.Equal("Options were given for the method 'Third', which the service does not have; it has First, Second.", unknown.Message);
        Assert.Throws<ArgumentException>(() => server.AddService(Echo, service => service.MaxSendMessageSize = -1));
        Assert.Throws<ArgumentException>(() => server.AddService(Echo, service => service.ForMethod("First").ResponseCompressionAlgorithm = "zip"));
        _ = server.AddService(Echo);
    }

    private static async Task<StatusCode> CallAsync(GrpcChannel channel, Method<string, string> method, int length)
    {
        try
        {
            _ = await InvokeAsync(channel, method, new string('x', length));
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }

    private static Task<string> InvokeAsync(GrpcChannel channel, Method<string, string> method, string request) =>
        channel.CreateCallInvoker().AsyncUnaryCall(method, null, default, request).ResponseAsync.WaitAsync(Patience);

    private sealed class Noting(string name, List<string> order) : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            order.Add(name);
            return continuation(request, context);
        }
    }
}
