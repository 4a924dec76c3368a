// SPDX-License-Identifier: Apache-2.0

using Grpc.Reflection.V1;
using Peregrine.Cli.Mock;
using Peregrine.Cli.Schema;
using Peregrine.Client;
using Xunit;

namespace Peregrine.Cli.Tests.Mock;

/// <summary><c>serve --watch</c>: files that change while the server runs.</summary>
public sealed class WatchTests
{
    [Fact]
    public async Task Answers_are_read_again_and_calls_that_run_end_as_they_began()
    {
        await using var mock = await MockRun.StartAsync("zoo.v1.Zoo/Talk: { on: last, reply: { label: old } }", "--watch");
        using var channel = GrpcChannel.ForAddress("http://" + mock.Address);
        var method = new Method<byte[], string>(
            MethodType.DuplexStreaming, "zoo.v1.Zoo", "Talk", Marshallers.BytesMarshaller, new Marshaller<string>(_ => [], bytes => System.Text.Encoding.UTF8.GetString(bytes)));
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(method, null, default);
        await call.RequestStream.WriteAsync([], TestContext.Current.CancellationToken);
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Admit", "{}"));

        mock.Files.Write("answers.yaml", "zoo.v1.Zoo/Talk: { on: last, reply: { label: newer } }");
        await mock.PrintsAsync("reloaded");
        await call.RequestStream.CompleteAsync();
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.EndsWith("old", call.ResponseStream.Current);
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Talk", "{}"));
        Assert.Equal(["""{"label":"newer"}"""], mock.Responses);
    }

    [Fact]
    public async Task Answers_with_errors_are_told_and_change_nothing()
    {
        await using var mock = await MockRun.StartAsync("zoo.v1.Zoo/Admit: { reply: { label: old } }", "--watch");
        mock.Files.Write("answers.yaml", "zoo.v1.Zoo/Admit: { reply: { lable: newer } }");
        await mock.PrintsAsync("rejected");
        await mock.WarnsAsync("Did you mean label?");
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Admit", "{}"));
        Assert.Equal(["""{"label":"old"}"""], mock.Responses);
    }

    [Fact]
    public async Task A_schema_that_changes_changes_services_and_reflection()
    {
        await using var mock = await MockRun.StartAsync(null, "--watch");
        mock.Files.Write("shop.proto", "syntax = \"proto3\"; package shop.v2; message M { string name = 1; } service Shop { rpc Sell(M) returns (M); }");
        await mock.PrintsAsync("reloaded");
        Assert.Equal(0, await mock.CallAsync("shop.v2.Shop/Sell", "{}"));
        mock.Files.Clear();
        Assert.Equal(0, await mock.Files.RunAsync("list", mock.Address));
        Assert.DoesNotContain("shop.v1", mock.Files.Output);
        Assert.Contains("shop.v2.Shop\n", mock.Files.Output);
    }

    [Fact]
    public async Task No_call_fails_while_services_are_exchanged()
    {
        await using var mock = await MockRun.StartAsync("zoo.v1.Zoo/Admit: { reply: { label: same } }", "--watch");
        using var channel = GrpcChannel.ForAddress("http://" + mock.Address);
        var method = new Method<byte[], byte[]>(MethodType.Unary, "zoo.v1.Zoo", "Admit", Marshallers.BytesMarshaller, Marshallers.BytesMarshaller);
        var reflection = new ServerReflection.ServerReflectionClient(channel);
        var reloaded = mock.PrintsAsync("reloaded");
        mock.Files.Write("zoo.proto", MockRun.Proto + "\nmessage More {}\n");
        while (!reloaded.IsCompleted)
        {
            var response = await channel.CreateCallInvoker().AsyncUnaryCall(method, null, default, []);
            Assert.Equal("same"u8.ToArray(), response[^4..]);
            using var asking = reflection.ServerReflectionInfo(cancellationToken: TestContext.Current.CancellationToken);
            await asking.RequestStream.WriteAsync(new ServerReflectionRequest { FileContainingSymbol = "zoo.v1.Zoo" }, TestContext.Current.CancellationToken);
            Assert.True(await asking.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
            Assert.NotNull(asking.ResponseStream.Current.FileDescriptorResponse);
        }

        await reloaded;
    }

    [Fact]
    public async Task An_import_that_was_wrong_when_it_was_new_is_read_again_once_it_is_mended()
    {
        await using var mock = await MockRun.StartAsync(null, "--watch", "-I", "{folder}");
        mock.Files.Write("more/new.proto", "syntax = \"proto3\"; package zoo.v1; message {");
        mock.Files.Write("zoo.proto", MockRun.Proto.Replace("package zoo.v1;", "package zoo.v1; import \"more/new.proto\";"));
        await mock.PrintsAsync("rejected");
        mock.Files.Write("more/new.proto", "syntax = \"proto3\"; package zoo.v1; message More {}");
        await mock.PrintsAsync("reloaded");
    }

    [Theory]
    [InlineData("named.proto")]
    [InlineData("imports/imported.proto")]
    public void A_file_that_is_saved_while_it_is_read_is_read_again(string file)
    {
        const string Before = "syntax = \"proto3\"; package p; message Old {} ";
        const string Main = "import \"imported.proto\"; message M {} service S { rpc A(M) returns (M); }";
        using var line = new CommandLine();
        line.Write("named.proto", Before.Replace("Old", "Main") + Main);
        line.Write("imports/imported.proto", Before);
        foreach (var name in (string[])["named.proto", "imports/imported.proto"])
        {
            File.SetLastWriteTimeUtc(line[name], new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        var saved = false;
        var terminal = new Terminal(new StringWriter(), new StringWriter(), new ByteStreams(() => new MemoryStream(), () => new MemoryStream()), isInteractive: false, usesColor: false, errorsUseColor: false);
        var settings = new ServeSettings
        {
            Addresses = [],
            Credentials = ServerCredentials.Insecure,
            SchemaPaths = [line["named.proto"]],
            OpenSchema = () =>
            {
                var schema = LocalSchema.Load([line["named.proto"]], [line.Folder, line["imports"]], [], terminal);
                if (!saved)
                {
                    saved = true;
                    line.Write(file, line.Read(file) + "message New {}");
                }

                return schema;
            },
        };
        var first = MockState.Load(settings);
        Assert.Null(first.Schema.Pool.FindMessage("p.New"));
        var second = MockState.Load(settings, first);
        Assert.NotNull(second.Schema.Pool.FindMessage("p.New"));

        // A clock that is wrong makes no file new for ever.
        File.SetLastWriteTimeUtc(line[file], new DateTime(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var third = MockState.Load(settings, second);
        Assert.Same(third.Schema, MockState.Load(settings, third).Schema);
    }
}
