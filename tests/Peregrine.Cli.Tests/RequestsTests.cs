// SPDX-License-Identifier: Apache-2.0

using System.Text;
using Peregrine.Cli.Calls;
using Peregrine.Cli.Schema;
using Xunit;

namespace Peregrine.Cli.Tests;

/// <summary>Requests that a person types: a mistake costs one request, not the call.</summary>
public sealed class RequestsTests : IDisposable
{
    private readonly CommandLine _line = new();

    public RequestsTests() => _line.Write("shop.proto", ShopServer.Proto);

    public void Dispose() => _line.Dispose();

    [Theory]
    [InlineData("json", "{\"item\":\"a\"}|{\"itm\":\"x\"} {\"item\":\"b\"}|{\"item\": oops}|{\"item\":\"c\"}", "a b c", 2)]
    [InlineData("json", "}|{\"item\":\"a\"}|]]|{\"item\":\"b\"}", "a b", 2)]
    [InlineData("text", "item: 'a'|---|itm: 'x'|---|item: 'b'|---|item: |", "a b", 2)]
    public async Task A_mistake_is_told_and_the_requests_behind_it_are_read(string format, string lines, string items, int count)
    {
        List<string> mistakes = [];
        var requests = await OpenAsync(format == "json" ? MessageText.Json : MessageText.Text, lines.Split('|'));
        requests.Mistake = mistake => mistakes.Add(mistake.Message);
        List<string> read = [];
        await foreach (var request in requests.ReadAsync(CancellationToken.None))
        {
            read.Add((string)request["item"]!);
        }

        Assert.Equal(items.Split(' '), read);
        Assert.Equal(count, mistakes.Count);
    }

    [Fact]
    public async Task Without_a_person_the_first_mistake_ends_the_reading()
    {
        var requests = await OpenAsync(MessageText.Json, ["{\"item\": oops}", "{\"item\":\"a\"}"]);
        await Assert.ThrowsAsync<ToolException>(async () => await requests.ReadAsync(CancellationToken.None).GetAsyncEnumerator().MoveNextAsync());
    }

    [Fact]
    public async Task A_request_that_breaks_off_is_told_so()
    {
        var requests = await OpenAsync(MessageText.Json, ["{\"item\": \"a\""]);
        var mistake = await Assert.ThrowsAsync<ToolException>(async () => await requests.ReadAsync(CancellationToken.None).GetAsyncEnumerator().MoveNextAsync());
        Assert.Contains("It ends before its last } or ].", mistake.Message);
    }

    private async Task<Requests> OpenAsync(MessageText format, string[] lines)
    {
        Terminal terminal = new(TextWriter.Null, TextWriter.Null, ByteStreams.OfProcess, isInteractive: false, usesColor: false, errorsUseColor: false);
        SchemaSource schema = LocalSchema.Load([_line["shop.proto"]], [], [], terminal);
        var method = await schema.FindMethodAsync("shop.v1.Shop/Fill", CancellationToken.None);
        return new Requests(new RequestSettings(["@"], format), method, schema, new ByteStreams(() => new LineStream(lines), () => Stream.Null));
    }

    // A terminal gives a line at a time.
    private sealed class LineStream(string[] lines) : MemoryStream
    {
        private int _next;

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer) => _next == lines.Length ? 0 : Encoding.UTF8.GetBytes(lines[_next++] + "\n", buffer);
    }
}
