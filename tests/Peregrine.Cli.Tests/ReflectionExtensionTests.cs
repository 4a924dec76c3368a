// SPDX-License-Identifier: Apache-2.0

using Grpc.Reflection.V1;
using Peregrine.Protobuf.Compiler;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Reflection;
using Xunit;

namespace Peregrine.Cli.Tests;

/// <summary>Extensions that only the server's reflection knows: no file of the method imports them.</summary>
public sealed class ReflectionExtensionTests : IDisposable
{
    private const string Base = """
        syntax = "proto2";
        package ext.v1;
        service Store { rpc Keep(Box) returns (Box); rpc Fill(Box) returns (stream Box); }
        message Box { optional string name = 1; repeated Box inner = 2; extensions 100 to 199; }
        """;

    private const string More = """
        syntax = "proto2";
        package ext.v1;
        import "base.proto";
        extend Box { optional Label label = 100; repeated int32 sizes = 101; }
        message Label { optional string text = 1; extensions 10 to max; }
        """;

    private const string Most = """
        syntax = "proto2";
        package ext.v1;
        import "more.proto";
        extend Label { optional string color = 10; }
        """;

    // label { text: "t" color: "red" }
    private static readonly byte[] Label = [0xA2, 6, 8, 10, 1, (byte)'t', 82, 3, (byte)'r', (byte)'e', (byte)'d'];

    private readonly CommandLine _line = new();
    private readonly FileDescriptorSet _set = new();
    private readonly List<ServerReflectionRequest> _questions = [];

    public ReflectionExtensionTests()
    {
        var resolver = new ImportResolver();
        resolver.AddText("base.proto", Base);
        resolver.AddText("more.proto", More);
        resolver.AddText("most.proto", Most);
        var result = new Compilation(resolver).Compile(["base.proto", "more.proto", "most.proto"]);
        _set.File.AddRange(DescriptorSet.Order(result, includeImports: true).Select(file => file.Descriptor));
    }

    public void Dispose() => _line.Dispose();

    [Fact]
    public async Task Extensions_of_a_response_are_shown_by_name()
    {
        await using var server = await StartAsync([[10, 1, (byte)'x', .. Label]]);
        Assert.Equal(0, await CallAsync(server, "Keep"));
        Assert.Equal("""{"name":"x","[ext.v1.label]":{"text":"t","[ext.v1.color]":"red"}}""", Message(0));
        _line.Clear();
        Assert.Equal(0, await _line.RunAsync("call", server.Address, "ext.v1.Store/Keep", "--format", "text"));
        Assert.Equal("name: \"x\"\n[ext.v1.label] {\n  text: \"t\"\n  [ext.v1.color]: \"red\"\n}\n", _line.Output);
    }

    [Fact]
    public async Task Extensions_deep_in_a_stream_are_asked_for_once()
    {
        byte[] nested = [18, (byte)Label.Length, .. Label];
        await using var server = await StartAsync([nested, nested, Label, [0xA8, 6, 7]]);
        Assert.Equal(0, await CallAsync(server, "Fill"));
        Assert.Equal("""{"inner":[{"[ext.v1.label]":{"text":"t","[ext.v1.color]":"red"}}]}""", Message(1));
        Assert.Equal("""{"[ext.v1.sizes]":[7]}""", Message(3));
        Assert.Equal([100, 10], _questions.Where(question => question.FileContainingExtension is not null).Select(question => question.FileContainingExtension!.ExtensionNumber));
    }

    [Fact]
    public async Task Numbers_that_are_no_extensions_are_not_asked_for_and_those_that_nobody_knows_once()
    {
        await using var server = await StartAsync([[24, 1, 0xB8, 12, 1], [0xB8, 12, 1]]);
        Assert.Equal(0, await CallAsync(server, "Fill"));
        Assert.Equal(["{}", "{}"], [Message(0), Message(1)]);
        Assert.Equal([199], _questions.Where(question => question.FileContainingExtension is not null).Select(question => question.FileContainingExtension!.ExtensionNumber));
    }

    [Fact]
    public async Task A_server_that_knows_nothing_of_extensions_costs_one_question_and_no_message()
    {
        await using var server = await StartAsync(
            [[0xB8, 12, 1], [0xB0, 12, 1]],
            request => request.FileContainingExtension is null ? null : new ServerReflectionResponse { ErrorResponse = new ErrorResponse { ErrorCode = (int)StatusCode.Unimplemented } });
        Assert.Equal(0, await CallAsync(server, "Fill"));
        Assert.Equal(["{}", "{}"], [Message(0), Message(1)]);
        Assert.Single(_questions, question => question.FileContainingExtension is not null);
    }

    [Theory]
    [InlineData("json", """{"name": "x", "[ext.v1.label]": {"text": "t", "[ext.v1.color]": "red"}}""")]
    [InlineData("text", "name: 'x' [ext.v1.label] { text: 't' [ext.v1.color]: 'red' }")]
    public async Task Extensions_of_a_request_are_found_by_name(string format, string data)
    {
        byte[]? came = null;
        await using var server = await StartAsync([[]], received: bytes => came = bytes);
        Assert.Equal(0, await CallAsync(server, "Keep", "--format", format, "-d", data));
        Assert.Equal([10, 1, (byte)'x', .. Label], came);
    }

    private async Task<ShopServer> StartAsync(
        byte[][] responses, Func<ServerReflectionRequest, ServerReflectionResponse?>? scripted = null, Action<byte[]>? received = null)
    {
        var pool = DescriptorPool.FromFileDescriptorSet(_set);
        var honest = ScriptedReflection.Of(_set);
        var reflection = ScriptedReflection.Answering(request =>
        {
            _questions.Add(request);
            return scripted?.Invoke(request) ?? (request.FileContainingExtension is { } extension
                ? pool.FindExtension(pool.FindMessage(extension.ContainingType)!, extension.ExtensionNumber) is { } found ? ScriptedReflection.Files(found.File.ToProto()) : ScriptedReflection.NotFound()
                : honest(request));
        });
        var bytes = new Marshaller<byte[]>(static message => message, static message => message);
        var store = ServerServiceDefinition.CreateBuilder()
            .AddMethod(new Method<byte[], byte[]>(MethodType.Unary, "ext.v1.Store", "Keep", bytes, bytes), (request, _) =>
            {
                received?.Invoke(request);
                return Task.FromResult(responses[0]);
            })
            .AddMethod(new Method<byte[], byte[]>(MethodType.ServerStreaming, "ext.v1.Store", "Fill", bytes, bytes), async (byte[] _, IServerStreamWriter<byte[]> stream, ServerCallContext _) =>
            {
                foreach (var response in responses)
                {
                    await stream.WriteAsync(response);
                }
            })
            .Build();
        return await ShopServer.StartAsync(more: [reflection, store]);
    }

    private Task<int> CallAsync(ShopServer server, string method, params string[] args) =>
        _line.RunAsync(["call", server.Address, "ext.v1.Store/" + method, "--json", .. args]);

    private string Message(int number) => _line.Output.Split('\n')[number]["{\"message\":".Length..^1];
}
