// SPDX-License-Identifier: Apache-2.0

using Grpc.Reflection.V1;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;
using Peregrine.Services;
using Xunit;

namespace Peregrine.Cli.Tests;

/// <summary>Commands that have their schema from the server.</summary>
public sealed class ReflectionTests : IDisposable
{
    private readonly CommandLine _line = new();

    public void Dispose() => _line.Dispose();

    [Theory]
    [InlineData(ScriptedReflection.V1)]
    [InlineData(ScriptedReflection.V1Alpha)]
    public async Task A_method_is_called_by_what_the_server_tells_of_it(string version)
    {
        await using var server = await ShopServer.StartAsync(more: ScriptedReflection.Answering(ScriptedReflection.Of(ShopServer.Set()), version));
        Assert.Equal(0, await _line.RunAsync("list", server.Address));
        Assert.Equal("shop.v1.Shop\n", _line.Output);
        _line.Clear();
        Assert.Equal(0, await _line.RunAsync("describe", server.Address, "shop.v1.Shop/Watch"));
        Assert.EndsWith("rpc Watch(Order) returns (stream Receipt);\n", _line.Output);
        _line.Clear();
        Assert.Equal(0, await _line.RunAsync("call", server.Address, "shop.v1.Shop/Buy", "-d", """{"item": "tea", "extra": {"@type": "x/shop.v1.Gift", "name": "b"}}"""));
        Assert.Contains("0 tea", _line.Output);
        Assert.Equal("", _line.Errors);
    }

    [Fact]
    public async Task The_reflection_of_our_own_servers_is_understood()
    {
        await using var server = new GrpcServer();
        _ = server.AddHealthService();
        _ = server.AddReflectionService();
        var address = $"127.0.0.1:{await server.ListenAsync("127.0.0.1:0", ServerCredentials.Insecure)}";
        Assert.Equal(0, await _line.RunAsync("list", address));
        Assert.StartsWith("grpc.health.v1.Health\n", _line.Output);
        _line.Clear();
        Assert.Equal(0, await _line.RunAsync("call", address, "grpc.health.v1.Health/Check"));
        Assert.Equal("{\n  \"status\": \"SERVING\"\n}\n", _line.Output);
        _line.Clear();
        Assert.Equal(0, await _line.RunAsync("describe", address, "grpc/health/v1/health.proto"));
        Assert.Contains("service Health {", _line.Output);
    }

    [Fact]
    public async Task A_field_is_found_by_its_message_when_the_server_knows_types_only()
    {
        var honest = ScriptedReflection.Of(ShopServer.Set());
        await using var server = await ShopServer.StartAsync(more: ScriptedReflection.Answering(request =>
            request.FileContainingSymbol.EndsWith(".item") ? ScriptedReflection.NotFound() : honest(request)));
        Assert.Equal(0, await _line.RunAsync("describe", server.Address, "shop.v1.Order.item"));
        Assert.EndsWith("string item = 1;\n", _line.Output);
    }

    [Fact]
    public async Task A_file_that_the_server_lacks_and_nothing_needs_is_done_without()
    {
        var set = ShopServer.Set();
        set.File[^1].Dependency.Add("options/gone.proto");
        var whole = ScriptedReflection.Of(ShopServer.Set());
        await using var server = await ShopServer.StartAsync(more: ScriptedReflection.Answering(request =>
            request.FileContainingSymbol.StartsWith("shop.") ? ScriptedReflection.Files(set.File[^1])
            : request.FileByFilename.Length > 0 ? ScriptedReflection.NotFound()
            : whole(request)));
        Assert.Equal(0, await _line.RunAsync("call", server.Address, "shop.v1.Shop/Buy", "-d", """{"item": "tea"}"""));
        Assert.Contains("0 tea", _line.Output);
    }

    [Fact]
    public async Task A_server_without_reflection_is_told_with_what_to_do()
    {
        await using var server = await ShopServer.StartAsync();
        Assert.Equal(76, await _line.RunAsync("list", server.Address));
        Assert.Contains("has no server reflection. Say where the schema is: --proto PATH or --descriptor-set FILE.", _line.Errors);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_given_up()
    {
        await using var server = await ShopServer.StartAsync(more: ScriptedReflection.Serving(
            async (_, _, context) => await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken)));
        Assert.Equal(68, await _line.RunAsync("list", server.Address, "--connect-timeout", "200ms"));
        Assert.Contains("does not answer within 0.2 s (--connect-timeout)", _line.Errors);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_wait_for_an_answer()
    {
        using var interrupted = new CancellationTokenSource();
        await using var server = await ShopServer.StartAsync(more: ScriptedReflection.Serving(async (_, _, context) =>
        {
            await interrupted.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
        }));
        Assert.Equal(130, await Task.Run(() => _line.Run(["list", server.Address], interrupted.Token)).WaitAsync(TimeSpan.FromSeconds(30)));
    }

    public static TheoryData<string> Hostilities => ["garbage", "endless imports", "a cycle", "something else", "no answer", "an error", "control characters"];

    [Theory]
    [MemberData(nameof(Hostilities))]
    public async Task A_hostile_server_gets_a_clear_error(string hostility)
    {
        var count = 0;
        FileDescriptorProto Endless()
        {
            var file = new FileDescriptorProto { Name = $"f{count}.proto" };
            file.Dependency.Add($"f{++count}.proto");
            return file;
        }

        FileDescriptorProto Importing(string name, string import)
        {
            var file = new FileDescriptorProto { Name = name };
            file.Dependency.Add(import);
            return file;
        }

        ServerReflectionResponse Answer(ServerReflectionRequest request)
        {
            switch (hostility)
            {
                case "garbage":
                    var garbage = new FileDescriptorResponse();
                    garbage.FileDescriptorProto.Add(ByteString.CopyFrom(255, 255, 255));
                    return new ServerReflectionResponse { FileDescriptorResponse = garbage };
                case "endless imports":
                    return ScriptedReflection.Files(Endless());
                case "a cycle":
                    return ScriptedReflection.Files(Importing("a", "b"), Importing("b", "a"));
                case "something else":
                    return ScriptedReflection.Services("x");
                case "no answer":
                    return new ServerReflectionResponse();
                case "an error":
                    return new ServerReflectionResponse { ErrorResponse = new ErrorResponse { ErrorCode = 7, ErrorMessage = "go away" } };
                default:
                    return ScriptedReflection.Files(new FileDescriptorProto { Name = "\u001b[2J", Package = "\u001b]0;x\u0007" });
            }
        }

        await using var server = await ShopServer.StartAsync(more: ScriptedReflection.Answering(Answer));
        Assert.Equal(1, await _line.RunAsync("describe", server.Address, "shop.v1.Shop"));
        Assert.StartsWith("peregrine: ", _line.Errors);
        Assert.DoesNotContain('\u001b', _line.Errors);
        Assert.Equal("", _line.Output);
    }
}
