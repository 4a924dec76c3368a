// SPDX-License-Identifier: Apache-2.0

using Grpc.Health.V1;
using Peregrine.Client;
using Xunit;

namespace Peregrine.Cli.Tests.Mock;

/// <summary><c>peregrine serve</c> as a server: what it prints, how it is reached, how it stops.</summary>
public sealed class ServeCommandTests
{
    [Fact]
    public async Task Without_rules_every_method_answers_with_the_empty_message()
    {
        await using var mock = await MockRun.StartAsync();
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Admit", """{"name": "Rio"}"""));
        Assert.Equal(["{}"], mock.Responses);
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Feed", "{}"));
        Assert.Equal(["{}"], mock.Responses);
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Count", """{"name": "a"} {"name": "b"}"""));
        Assert.Equal(["{}"], mock.Responses);
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Talk", """{"name": "a"} {"name": "b"}"""));
        Assert.Equal(["{}", "{}"], mock.Responses);
    }

    [Fact]
    public async Task Echo_copies_fields_of_equal_name_and_type()
    {
        await using var mock = await MockRun.StartAsync(null, "--echo");
        const string Rio = """{"name":"Rio","kind":"KIND_BIRD","weight":"7","tame":true,"foods":["nut","fig"],"scores":{"song":3},"keeper":{"fullName":"Ann","age":4},"raw":"AQI="}""";
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Admit", Rio));

        // "tame" is a number there; "raw" is not there.
        Assert.Equal(["""{"name":"Rio","kind":"KIND_BIRD","weight":"7","foods":["nut","fig"],"scores":{"song":3},"keeper":{"fullName":"Ann","age":4}}"""], mock.Responses);
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Same", Rio));
        Assert.Equal([Rio], mock.Responses);
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Talk", """{"name": "a"} {"name": "b"}"""));
        Assert.Equal(["""{"name":"a"}""", """{"name":"b"}"""], mock.Responses);
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Count", """{"name": "a"} {"name": "b"}"""));
        Assert.Equal(["""{"name":"b"}"""], mock.Responses);
    }

    [Fact]
    public async Task A_call_that_a_mistake_of_the_server_ends_is_told_with_the_status_that_the_client_gets()
    {
        await using var mock = await MockRun.StartAsync("zoo.v1.Zoo/Admit: { delay: 1s }", new ClockWithoutTimers());
        Assert.NotEqual(0, await mock.CallAsync("zoo.v1.Zoo/Admit", "{}"));
        Assert.Equal("UNKNOWN: Exception was thrown by handler.", mock.Status);
        await mock.PrintsAsync("\"event\":\"call\"");
        var status = Assert.Single(mock.Calls).GetProperty("status");
        Assert.Equal(("UNKNOWN", "Exception was thrown by handler."), (status.GetProperty("name").GetString(), status.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Reflection_and_health_are_on()
    {
        await using var mock = await MockRun.StartAsync();
        Assert.Equal(0, await mock.Files.RunAsync("list", mock.Address));
        Assert.Equal("grpc.health.v1.Health\ngrpc.reflection.v1.ServerReflection\ngrpc.reflection.v1alpha.ServerReflection\nshop.v1.Shop\nzoo.v1.Zoo\n", mock.Files.Output);
        using var channel = GrpcChannel.ForAddress("http://" + mock.Address);
        var health = new Health.HealthClient(channel);
        foreach (var service in new[] { "", "zoo.v1.Zoo" })
        {
            var response = await health.CheckAsync(new HealthCheckRequest { Service = service }, cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, response.Status);
        }
    }

    [Fact]
    public async Task A_service_of_health_that_is_given_is_mocked()
    {
        const string HealthProto = """
            syntax = "proto3";
            package grpc.health.v1;
            message HealthCheckRequest { string service = 1; }
            message HealthCheckResponse { int32 status = 1; }
            service Health { rpc Check(HealthCheckRequest) returns (HealthCheckResponse); }
            """;
        using var files = new CommandLine();
        files.Write("health.proto", HealthProto);
        await using var mock = await MockRun.StartAsync("grpc.health.v1.Health/Check: { reply: { status: 2 } }", "--proto", files["health.proto"]);
        Assert.Equal(0, await mock.CallAsync("grpc.health.v1.Health/Check", "{}"));
        Assert.Equal(["""{"status":2}"""], mock.Responses);
    }

    [Fact]
    public async Task Each_call_is_told_with_its_end()
    {
        await using var mock = await MockRun.StartAsync("""
            zoo.v1.Zoo/Admit:
              - when: { request: { name: none } }
                status: { code: NOT_FOUND, message: "no ${request.name}" }
            """);
        await mock.CallAsync("zoo.v1.Zoo/Admit", """{"name": "none"}""");
        await mock.CallAsync("zoo.v1.Zoo/Admit", "{}");
        await mock.PrintsAsync("\"call\":2");
        var (first, second) = (mock.Calls[0], mock.Calls[1]);
        Assert.Equal("zoo.v1.Zoo/Admit", first.GetProperty("method").GetString());
        Assert.Equal("NOT_FOUND", first.GetProperty("status").GetProperty("name").GetString());
        Assert.Equal("no none", first.GetProperty("status").GetProperty("message").GetString());
        Assert.Equal((1, 0), (first.GetProperty("requests").GetInt32(), first.GetProperty("responses").GetInt32()));
        Assert.Equal("answers.yaml:2", first.GetProperty("rules")[0].GetString());
        Assert.Equal("OK", second.GetProperty("status").GetProperty("name").GetString());
        Assert.Equal(0, second.GetProperty("rules").GetArrayLength());
    }

    [Fact]
    public async Task Messages_and_metadata_are_shown_when_asked_for_but_no_secrets()
    {
        await using var mock = await MockRun.StartAsync(null, "--echo", "-v");
        await mock.CallAsync("zoo.v1.Zoo/Same", """{"name": "Rio"}""", "-H", "x-a: b", "-H", "cookie: secret", "-H", "x-api-key: secret", "-H", "proxy-authorization: secret", "--token", "secret");
        await mock.PrintsAsync("\"call\",");
        var events = mock.Events.Select(each => each.GetProperty("event").GetString());
        Assert.Equal(["ready", "begin", "request", "response", "call"], events);
        Assert.Equal("Rio", mock.Events[3].GetProperty("message").GetProperty("name").GetString());
        Assert.Equal("b", mock.Events[1].GetProperty("headers").GetProperty("x-a")[0].GetString());
        Assert.Equal("***", mock.Events[1].GetProperty("headers").GetProperty("cookie")[0].GetString());
        Assert.DoesNotContain("secret", mock.Output);
    }

    [Fact]
    public async Task People_see_no_secrets_either()
    {
        using var line = new CommandLine();
        using var interrupted = new CancellationTokenSource();
        line.Write("shop.proto", ShopServer.Proto);
        var run = Task.Run(() => line.Run(["serve", "127.0.0.1:0", "--proto", line["shop.proto"], "-v"], interrupted.Token));
        await line.PrintsAsync("Ctrl-C stops.\n");
        using var client = new CommandLine();
        Assert.Equal(0, await client.RunAsync(
            "call", line.Output.Split("Listening on ")[1].Split(' ')[0], "shop.v1.Shop/Buy", "--proto", line["shop.proto"], "-H", "cookie: secret", "-H", "x-api-key: secret", "--token", "secret"));
        await interrupted.CancelAsync();
        Assert.Equal(0, await run.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Contains("> cookie: ***", line.Output);
        Assert.Contains("> x-api-key: ***", line.Output);
        Assert.Contains("> authorization: ***", line.Output);
        Assert.DoesNotContain("secret", line.Output);
    }

    [Fact]
    public async Task A_call_of_a_method_that_is_not_there_is_UNIMPLEMENTED_with_near_names()
    {
        await using var mock = await MockRun.StartAsync();
        using var channel = GrpcChannel.ForAddress("http://" + mock.Address);
        var method = new Method<byte[], byte[]>(MethodType.Unary, "zoo.v1.Zoo", "Admti", Marshallers.BytesMarshaller, Marshallers.BytesMarshaller);
        var exception = await Assert.ThrowsAsync<RpcException>(async () => await channel.CreateCallInvoker().AsyncUnaryCall(method, null, default, []));
        Assert.Equal(StatusCode.Unimplemented, exception.StatusCode);
        Assert.Equal("This mock server has no method /zoo.v1.Zoo/Admti. Did you mean zoo.v1.Zoo/Admit?", exception.Status.Detail);
    }

    [Fact]
    public async Task For_people_there_is_a_line_for_each_call_unless_it_is_to_be_quiet()
    {
        foreach (var quiet in new[] { false, true })
        {
            using var line = new CommandLine();
            using var interrupted = new CancellationTokenSource();
            line.Write("shop.proto", ShopServer.Proto);
            string[] args = ["serve", "127.0.0.1:0", "--proto", line["shop.proto"], .. quiet ? (string[])["-q"] : []];
            var run = Task.Run(() => line.Run(args, interrupted.Token));
            await line.PrintsAsync("Ctrl-C stops.\n");
            Assert.StartsWith("Serving shop.v1.Shop: Buy, Watch, Fill, Chat\nListening on 127.0.0.1:", line.Output);
            var address = line.Output.Split("Listening on ")[1].Split(' ')[0];
            using var client = new CommandLine();
            Assert.Equal(0, await client.RunAsync("call", address, "shop.v1.Shop/Buy"));
            await interrupted.CancelAsync();
            Assert.Equal(0, await run.WaitAsync(TimeSpan.FromSeconds(60)));
            Assert.Equal(quiet, !line.Output.Contains(" shop.v1.Shop/Buy OK (1 in, 1 out, "));
            Assert.EndsWith("Stopped after 1 call.\n", line.Output);
        }
    }

    [Fact]
    public async Task Ctrl_C_lets_running_calls_end()
    {
        await using var mock = await MockRun.StartAsync("zoo.v1.Zoo/Talk: { on: last, reply: { name: bye } }");
        using var channel = GrpcChannel.ForAddress("http://" + mock.Address);
        var method = new Method<byte[], byte[]>(MethodType.DuplexStreaming, "zoo.v1.Zoo", "Talk", Marshallers.BytesMarshaller, Marshallers.BytesMarshaller);
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(method, null, default);
        await call.RequestStream.WriteAsync([], TestContext.Current.CancellationToken);
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Admit", "{}"));
        mock.Interrupt();
        await mock.PrintsAsync("stopping");
        await call.RequestStream.CompleteAsync();
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal(0, await mock.ExitAsync());
        Assert.Equal(2, mock.Events[^1].GetProperty("calls").GetInt64());
    }

    [Fact]
    public async Task Running_calls_may_be_given_no_time_to_end()
    {
        await using var mock = await MockRun.StartAsync("zoo.v1.Zoo/Talk: { on: last, reply: { name: bye } }", "--drain", "0");
        using var channel = GrpcChannel.ForAddress("http://" + mock.Address);
        var method = new Method<byte[], byte[]>(MethodType.DuplexStreaming, "zoo.v1.Zoo", "Talk", Marshallers.BytesMarshaller, Marshallers.BytesMarshaller);
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(method, null, default);
        await call.RequestStream.WriteAsync([], TestContext.Current.CancellationToken);
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Admit", "{}"));
        mock.Interrupt();
        Assert.Equal(0, await mock.ExitAsync());
    }

    [Fact]
    public async Task Several_addresses_and_Unix_sockets_are_listened_on()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The path is of another system.");
        using var folder = new CommandLine();
        await using var mock = await MockRun.StartAsync(null, "127.0.0.1:0", "unix:" + folder["s"]);
        var addresses = mock.Events[0].GetProperty("addresses").EnumerateArray().Select(each => each.GetString()!).ToList();
        Assert.Equal(3, addresses.Count);
        Assert.Equal("unix:" + folder["s"], addresses[2]);
        foreach (var address in addresses)
        {
            using var client = new CommandLine();
            Assert.Equal(0, await client.RunAsync("call", address, "zoo.v1.Zoo/Admit"));
        }
    }

    [Fact]
    public async Task Mutual_TLS_takes_clients_of_its_authority_only()
    {
        using var certificates = new CommandLine();
        Assert.Equal(0, certificates.Run("cert", "set", "--out", certificates["c"]));
        string InFolder(string name) => Path.Combine(certificates["c"], name);
        await using var mock = await MockRun.StartAsync(null, "--cert", InFolder("server.crt"), "--key", InFolder("server.key"), "--client-ca", InFolder("ca.crt"));
        Assert.True(mock.Events[0].GetProperty("tls").GetBoolean());
        string[] trust = ["--tls", "--cacert", InFolder("ca.crt")];
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Admit", "{}", [.. trust, "--cert", InFolder("client.crt"), "--key", InFolder("client.key")]));
        Assert.Equal(78, await mock.CallAsync("zoo.v1.Zoo/Admit", "{}", trust));

        // The client may know before the server has told its user.
        await mock.WarnsAsync("warning");
        Assert.Contains("--cert and --key.", mock.Files.Errors);

        // Files that are replaced are read again, at most once a second.
        Assert.Equal(0, certificates.Run("cert", "set", "--out", certificates["d"]));
        foreach (var name in (string[])["server.crt", "server.key", "ca.crt"])
        {
            File.SetLastWriteTimeUtc(Path.Combine(certificates["d"], name), DateTime.UtcNow.AddHours(-1));
            File.Move(Path.Combine(certificates["d"], name), InFolder(name), overwrite: true);
        }

        string[] client = ["--tls", "--cacert", InFolder("ca.crt"), "--cert", Path.Combine(certificates["d"], "client.crt"), "--key", Path.Combine(certificates["d"], "client.key")];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await mock.CallAsync("zoo.v1.Zoo/Admit", "{}", client) != 0)
        {
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    [Theory]
    [InlineData("Say what to serve: --proto PATH or --descriptor-set FILE.", 2)]
    [InlineData("--cert and --key belong together.", 2, "--proto", "x.proto", "--cert", "x")]
    [InlineData("--client-ca needs the server's own --cert and --key.", 2, "--proto", "x.proto", "--client-ca", "x")]
    [InlineData("exclude each other", 2, "--proto", "x.proto", "-q", "-v")]
    [InlineData("negative", 2, "--proto", "x.proto", "--max-message-size", "-1")]
    [InlineData("There is no file or folder", 1, "--proto", "nowhere.proto")]
    public async Task Command_lines_that_mean_nothing_are_refused(string message, int code, params string[] args)
    {
        using var line = new CommandLine();
        Assert.Equal(code, await line.RunAsync(["serve", "127.0.0.1:0", .. args]));
        Assert.Contains(message, line.Errors);
        Assert.Equal("", line.Output);
    }

    [Fact]
    public async Task Addresses_that_cannot_be_listened_on_are_told()
    {
        await using var mock = await MockRun.StartAsync();
        using var line = new CommandLine();
        line.Write("shop.proto", ShopServer.Proto);
        Assert.Equal(1, await line.RunAsync("serve", mock.Address, "--proto", line["shop.proto"]));
        Assert.Contains(mock.Address, line.Errors);
        line.Clear();
        Assert.Equal(2, await line.RunAsync("serve", "nothing", "--proto", line["shop.proto"]));
        Assert.Contains("'nothing' is not an address to listen on", line.Errors);
        Assert.DoesNotContain("Parameter", line.Errors);
        line.Clear();
        line.Write("empty.proto", "syntax = \"proto3\"; message M {}");
        Assert.Equal(1, await line.RunAsync("serve", "127.0.0.1:0", "--proto", line["empty.proto"]));
        Assert.Contains("There is no service in", line.Errors);
    }

    [Fact]
    public async Task A_request_that_is_no_message_ends_with_INTERNAL()
    {
        await using var mock = await MockRun.StartAsync();
        using var channel = GrpcChannel.ForAddress("http://" + mock.Address);
        var method = new Method<byte[], byte[]>(MethodType.Unary, "zoo.v1.Zoo", "Admit", Marshallers.BytesMarshaller, Marshallers.BytesMarshaller);
        var exception = await Assert.ThrowsAsync<RpcException>(async () => await channel.CreateCallInvoker().AsyncUnaryCall(method, null, default, [7]));
        Assert.Equal(StatusCode.Internal, exception.StatusCode);
        Assert.StartsWith("The request is no zoo.v1.Animal: ", exception.Status.Detail);
    }

    private sealed class ClockWithoutTimers : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();
    }
}
