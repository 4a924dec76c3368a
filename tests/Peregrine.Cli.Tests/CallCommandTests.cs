// SPDX-License-Identifier: Apache-2.0

using System.IO.Pipelines;
using System.Text.Json;
using Xunit;

namespace Peregrine.Cli.Tests;

/// <summary><c>peregrine call</c> with a schema of files; <see cref="ReflectionTests"/> has it from the server.</summary>
public sealed class CallCommandTests : IAsyncLifetime
{
    private readonly CommandLine _line = new();
    private ShopServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _line.Write("shop.proto", ShopServer.Proto);
        _server = await ShopServer.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _line.Dispose();
    }

    private Task<int> CallAsync(string method, params string[] args) => _line.RunAsync(["call", _server.Address, method, "--proto", _line["shop.proto"], .. args]);

    [Fact]
    public async Task A_unary_call_prints_its_response()
    {
        Assert.Equal(0, await CallAsync("shop.v1.Shop/Buy", "-d", """{"item": "tea", "count": 2}"""));
        Assert.Equal("{\n  \"text\": \"2 tea\",\n  \"total\": \"2\"\n}\n", _line.Output);
        Assert.Equal("", _line.Errors);
    }

    [Theory]
    [InlineData("shop.v1.Shop.Buy")]
    [InlineData("/shop.v1.Shop/Buy")]
    public async Task A_method_is_named_with_a_dot_or_with_slashes(string method)
    {
        Assert.Equal(0, await CallAsync(method, "-d", """{"item": "tea"}"""));
        Assert.Contains("0 tea", _line.Output);
    }

    [Fact]
    public async Task Without_data_a_unary_call_sends_the_empty_message()
    {
        Assert.Equal(0, await CallAsync("shop.v1.Shop/Buy"));
        Assert.Contains("\"text\": \"0 \"", _line.Output);
    }

    [Fact]
    public async Task Responses_of_a_stream_come_one_after_the_other()
    {
        Assert.Equal(0, await CallAsync("shop.v1.Shop/Watch", "--json", "-d", """{"item": "tea", "count": 3}"""));
        var lines = _line.Output.TrimEnd().Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Equal("""{"message":{"text":"tea 1","total":"1"}}""", lines[0].Replace(" ", "").Replace("tea1", "tea 1"));
        Assert.Equal(0, JsonDocument.Parse(lines[3]).RootElement.GetProperty("status").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Requests_of_a_stream_are_JSON_values_one_behind_the_other_from_standard_input()
    {
        _line.Input = "{\"item\":\"a\"} {\"item\":\n\"b\"}{\"item\":\"c\"}\n"u8.ToArray();
        Assert.Equal(0, await CallAsync("shop.v1.Shop/Fill"));
        Assert.Contains("a+b+c", _line.Output);
    }

    [Fact]
    public async Task A_request_of_a_stream_is_sent_as_soon_as_it_is_whole()
    {
        var pipe = new Pipe();
        _line.InputStream = pipe.Reader.AsStream();
        var run = CallAsync("shop.v1.Shop/Chat");
        await pipe.Writer.WriteAsync("{\"item\":\"one\"}\n"u8.ToArray());
        await _line.PrintsAsync("one");
        await pipe.Writer.WriteAsync("{\"item\":\"two\"}\n"u8.ToArray());
        await _line.PrintsAsync("two");
        await pipe.Writer.CompleteAsync();
        Assert.Equal(0, await run);
    }

    [Fact]
    public async Task A_call_that_ends_does_not_wait_for_more_input()
    {
        var pipe = new Pipe();
        _line.InputStream = pipe.Reader.AsStream();
        await pipe.Writer.WriteAsync("{\"item\":\"stop\"}"u8.ToArray());
        Assert.Equal(64 + (int)StatusCode.Aborted, await CallAsync("shop.v1.Shop/Chat"));
        Assert.Contains("ABORTED (10): stopped", _line.Errors);
        await pipe.Writer.CompleteAsync();
    }

    [Fact]
    public async Task Requests_come_from_files_and_in_text_format()
    {
        _line.Write("orders.txt", "item: 'a'\n---\nitem: 'b'\n");
        Assert.Equal(0, await CallAsync("shop.v1.Shop/Fill", "--format", "text", "-d", "@" + _line["orders.txt"]));
        Assert.Equal("text: \"a+b\"\ntotal: 2\n", _line.Output);
    }

    [Fact]
    public async Task A_failed_call_tells_code_message_and_details_and_has_an_exit_code_of_its_status()
    {
        Assert.Equal(67, await CallAsync("shop.v1.Shop/Buy", "-d", """{"item": "nothing"}"""));
        Assert.StartsWith("INVALID_ARGUMENT (3): nothing is no item\n  google.rpc.BadRequest\n", _line.Errors);
        Assert.Contains("\"field\": \"item\"", _line.Errors);
        Assert.Contains("  shop.v1.Gift\n    {\n      \"name\": \"b\"\n    }\n", _line.Errors);
        Assert.Contains("  other.Unknown\n    (of a type that is not known) AQI=\n", _line.Errors);
        Assert.DoesNotContain('\u001b', _line.Errors);
        Assert.Equal("", _line.Output);
    }

    [Fact]
    public async Task For_scripts_the_status_is_the_last_line()
    {
        Assert.Equal(67, await CallAsync("shop.v1.Shop/Buy", "--json", "-d", """{"item": "nothing"}"""));
        var status = JsonDocument.Parse(_line.Output).RootElement.GetProperty("status");
        Assert.Equal("INVALID_ARGUMENT", status.GetProperty("name").GetString());
        Assert.Equal("b", status.GetProperty("details")[1].GetProperty("value").GetProperty("name").GetString());
        Assert.Equal("AQI=", status.GetProperty("details")[2].GetProperty("bytes").GetString());
        Assert.Equal("open", JsonDocument.Parse(_line.Output).RootElement.GetProperty("headers").GetProperty("x-shop")[0].GetString());
        Assert.Equal("", _line.Errors);
    }

    [Fact]
    public async Task No_command_to_the_terminal_comes_from_a_server()
    {
        Assert.Equal(69, await CallAsync("shop.v1.Shop/Buy", "-v", "-d", """{"item": "escape"}"""));
        Assert.DoesNotContain('\u001b', _line.Errors);
        Assert.DoesNotContain('\u202e', _line.Errors);
        Assert.Contains("NOT_FOUND (5): no \uFFFD[31mred", _line.Errors);
    }

    [Fact]
    public async Task What_an_Any_holds_is_shown_by_the_schema_or_as_text()
    {
        Assert.Equal(0, await CallAsync("shop.v1.Shop/Buy", "-d", """{"item": "gift"}"""));
        Assert.Contains("\"name\": \"bow\"", _line.Output);
        _line.Clear();
        Assert.Equal(0, await CallAsync("shop.v1.Shop/Buy", "-d", """{"item": "mystery"}"""));
        Assert.Contains("type.googleapis.com/other.Unknown", _line.Output);
        var warning = Assert.Single(_line.Errors.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("peregrine: warning: A google.protobuf.Any has no JSON form", warning);
        Assert.Contains("in field \"extra\" of shop.v1.Receipt. The message is shown in text format", warning);
        _line.Clear();
        Assert.Equal(0, await CallAsync("shop.v1.Shop/Buy", "--json", "-d", """{"item": "mystery"}"""));
        Assert.StartsWith("{\"message\":{\"@text\":\"", _line.Output);
        Assert.Equal("", _line.Errors);
    }

    [Theory]
    [InlineData("grpc-timeout: 1S", "use --timeout")]
    [InlineData("grpc-encoding: gzip", "use --compression")]
    [InlineData("grpc-internal-encoding-request: gzip", "use --compression")]
    [InlineData("Host: example.com", "use --authority")]
    [InlineData(":authority: example.com", "use --authority")]
    [InlineData(":path: /x", "leave it away")]
    [InlineData("TE: trailers", "leave it away")]
    [InlineData("content-type: text/plain", "leave it away")]
    [InlineData("user-agent: me", "leave it away")]
    [InlineData("connection: close", "leave it away")]
    [InlineData("grpc-accept-encoding: gzip", "leave it away")]
    [InlineData("x-name: \u00e9", "is not ASCII")]
    public async Task A_header_that_would_not_travel_is_refused_with_what_to_do(string header, string advice)
    {
        Assert.Equal(2, await CallAsync("shop.v1.Shop/Buy", "-H", header, "-v"));
        Assert.Contains(advice, _line.Errors);
        Assert.Empty(_server.Headers);
    }

    [Fact]
    public async Task Other_headers_of_gRPC_are_sent()
    {
        Assert.Equal(0, await CallAsync("shop.v1.Shop/Buy", "-H", "grpc-trace-bin: AQI=", "-H", "grpc-tags-bin: AQI="));
        Assert.Equal([1, 2], _server.Headers.GetValueBytes("grpc-trace-bin"));
        Assert.Equal([1, 2], _server.Headers.GetValueBytes("grpc-tags-bin"));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("\u00e9.example")]
    public async Task A_malformed_authority_is_refused(string authority)
    {
        Assert.Equal(2, await CallAsync("shop.v1.Shop/Buy", "--authority", authority));
        Assert.Contains("--authority", _line.Errors);
        Assert.Empty(_server.Headers);
    }

    [Fact]
    public async Task A_byte_order_mark_before_the_requests_is_skipped()
    {
        _line.Write("order.json", "\uFEFF{\"item\": \"tea\"}");
        Assert.Equal(0, await CallAsync("shop.v1.Shop/Buy", "-d", "@" + _line["order.json"]));
        Assert.Contains("0 tea", _line.Output);
    }

    [Theory]
    [InlineData("json", "{\"item\":\"a\"} {\"item\":7}", "line 1, column 22")]
    [InlineData("json", "{\"item\":\"a\"}\n {\"item\":7}", "line 2, column 10")]
    [InlineData("json", "{\"item\":\"a\"} {\"message\":{\"item\":7}}", "line 1, column 33")]
    [InlineData("json", "{\"item\":\"a\"} {\"item\":?}", "line 1, column 22")]
    [InlineData("text", "item: 'a'\n---\nitem: 7", "line 3, column 7")]
    [InlineData("text", "item: 'a'\u001eitem: 7", "line 1, column 17")]
    public async Task The_place_of_an_error_is_that_in_the_whole_input(string format, string input, string place)
    {
        _line.Input = System.Text.Encoding.UTF8.GetBytes(input);
        Assert.Equal(1, await CallAsync("shop.v1.Shop/Fill", "--format", format));
        Assert.Contains(place, _line.Errors);
    }

    [Fact]
    public async Task Headers_are_sent()
    {
        Assert.Equal(0, await CallAsync("shop.v1.Shop/Buy", "-H", "x-name: a: b", "--header", "x-raw-bin: AQI", "--token", "secret", "--authority", "shop.example", "-v"));
        Assert.Equal("a: b", _server.Headers.GetValue("x-name"));
        Assert.Equal([1, 2], _server.Headers.GetValueBytes("x-raw-bin"));
        Assert.Equal("Bearer secret", _server.Headers.GetValue("authorization"));
        Assert.Equal("shop.example", _server.Host);
        Assert.DoesNotContain("secret", _line.Errors);
        Assert.Contains("< x-shop: open", _line.Errors);
        Assert.Contains("< x-shop-bin: AQID", _line.Errors);
        Assert.Contains("< trailer x-till: 7", _line.Errors);
        Assert.Contains("* rpc Buy(Order) returns (Receipt);", _line.Errors);
        Assert.Contains("1 sent, 1 received", _line.Errors);
    }

    [Fact]
    public async Task Headers_that_hold_secrets_are_named_and_not_shown()
    {
        Assert.Equal(0, await CallAsync("shop.v1.Shop/Buy", "-H", "x-api-key: hidden1", "-H", "cookie: hidden2", "-v"));
        Assert.Equal("hidden1", _server.Headers.GetValue("x-api-key"));
        Assert.Contains("> x-api-key: ***", _line.Errors);
        Assert.Contains("> cookie: ***", _line.Errors);
        Assert.DoesNotContain("hidden", _line.Errors);
    }

    [Theory]
    [InlineData("authorization Bearer hidden")]
    [InlineData("authorization=hidden")]
    [InlineData("x token: hidden")]
    [InlineData("x-token-bin: hidden%")]
    [InlineData("x-token: hidden\u0001")]
    public async Task A_header_that_cannot_be_sent_is_told_without_its_value(string header)
    {
        Assert.Equal(2, await CallAsync("shop.v1.Shop/Buy", "-H", header));
        Assert.Contains("--header", _line.Errors);
        Assert.DoesNotContain("hidden", _line.Errors);
    }

    [Fact]
    public async Task A_token_of_an_OAuth_endpoint_is_sent()
    {
        using var endpoint = new System.Net.HttpListener();
        string url = ListenOnLoopback(endpoint);
        string? authorization = null;
        string? body = null;
        Task answered = Task.Run(async () =>
        {
            var context = await endpoint.GetContextAsync();
            authorization = context.Request.Headers["Authorization"];
            body = await new StreamReader(context.Request.InputStream).ReadToEndAsync();
            context.Response.ContentType = "application/json";
            context.Response.Close("""{"access_token":"fetched","token_type":"Bearer","expires_in":60}"""u8.ToArray(), willBlock: true);
        });
        Assert.Equal(0, await CallAsync(
            "shop.v1.Shop/Buy", "--oauth2-url", url, "--oauth2-client-id", "me", "--oauth2-client-secret", "hidden", "--oauth2-scope", "buy", "-v"));
        await answered.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("Bearer fetched", _server.Headers.GetValue("authorization"));
        Assert.Equal("Basic bWU6aGlkZGVu", authorization);
        Assert.Equal("grant_type=client_credentials&scope=buy", body);
        Assert.DoesNotContain("hidden", _line.Errors);
    }

    [Theory]
    [InlineData("needed together", "--oauth2-url", "https://id.example/token")]
    [InlineData("use https", "--oauth2-url", "http://id.example/token", "--oauth2-client-id", "me", "--oauth2-client-secret", "hidden")]
    [InlineData("is no URL", "--oauth2-url", "id.example", "--oauth2-client-id", "me", "--oauth2-client-secret", "hidden")]
    [InlineData("exclude each other", "--token", "hidden", "--oauth2-url", "https://id.example/token", "--oauth2-client-id", "me", "--oauth2-client-secret", "hidden")]
    public async Task Flags_of_OAuth_that_mean_nothing_are_refused(string message, params string[] flags)
    {
        Assert.Equal(2, await CallAsync("shop.v1.Shop/Buy", flags));
        Assert.Contains(message, _line.Errors);
        Assert.DoesNotContain("hidden", _line.Errors);
    }

    [Fact]
    public async Task A_deadline_ends_the_call()
    {
        Assert.Equal(68, await CallAsync("shop.v1.Shop/Buy", "--timeout", "100ms", "-d", """{"item": "never"}"""));
        Assert.StartsWith("DEADLINE_EXCEEDED (4): ", _line.Errors);
        await _server.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Ctrl_C_cancels_the_call_on_the_server_too()
    {
        using var interrupted = new CancellationTokenSource();
        var run = Task.Run(() => _line.Run(["call", _server.Address, "shop.v1.Shop/Watch", "--proto", _line["shop.proto"], "-d", """{"item": "forever", "count": 1}"""], interrupted.Token));
        await _line.PrintsAsync("forever 1");
        await interrupted.CancelAsync();
        Assert.Equal(130, await run.WaitAsync(TimeSpan.FromSeconds(30)));
        await _server.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("""{"item": 5}""", "item, line 1, column")]
    [InlineData("""{"itm": "x"}""", "has no field \"itm\"")]
    [InlineData("{\"item\":\n \"x\",,}", "line 2, column")]
    [InlineData("""{"item": "x"} {"item": "y"}""", "takes one request")]
    public async Task A_malformed_request_is_told_with_its_place_and_nothing_is_called(string data, string message)
    {
        Assert.InRange(await CallAsync("shop.v1.Shop/Buy", "-d", data), 1, 2);
        Assert.Contains(message, _line.Errors);
        Assert.Empty(_server.Headers);
    }

    [Theory]
    [InlineData("--tokn", "There is no option --tokn. Did you mean --token?")]
    [InlineData("-z", "There is no option -z.")]
    [InlineData("--verbos=1", "There is no option --verbos. Did you mean --verbose?")]
    public async Task An_option_that_is_not_there_is_named_with_near_ones(string option, string message)
    {
        Assert.Equal(2, await CallAsync("shop.v1.Shop/Buy", option));
        Assert.Contains(message, _line.Errors);
        _line.Clear();
        Assert.Equal(2, await _line.RunAsync("list", "--proto", _line["shop.proto"], "-z"));
        Assert.Contains("There is no option -z.", _line.Errors);
    }

    [Fact]
    public async Task An_empty_token_is_refused()
    {
        Assert.Equal(2, await CallAsync("shop.v1.Shop/Buy", "--token", ""));
        Assert.Contains("--token is empty", _line.Errors);
    }

    [Theory]
    [InlineData(":path")]
    [InlineData("connection")]
    [InlineData("content-length")]
    [InlineData("content-type")]
    [InlineData("grpc-accept-encoding")]
    [InlineData("grpc-encoding")]
    [InlineData("grpc-internal-encoding-request")]
    [InlineData("grpc-message")]
    [InlineData("grpc-message-type")]
    [InlineData("grpc-previous-rpc-attempts")]
    [InlineData("grpc-status")]
    [InlineData("grpc-status-details-bin")]
    [InlineData("grpc-tags-bin")]
    [InlineData("grpc-timeout")]
    [InlineData("grpc-trace-bin")]
    [InlineData("host")]
    [InlineData("keep-alive")]
    [InlineData("proxy-connection")]
    [InlineData("te")]
    [InlineData("transfer-encoding")]
    [InlineData("upgrade")]
    [InlineData("user-agent")]
    [InlineData("x-name")]
    public void The_tool_refuses_the_headers_that_the_library_drops_and_no_others(string name)
    {
        // What the library drops is its own affair, and open to no other assembly.
        var isReserved = typeof(GrpcServer).Assembly.GetType("Peregrine.Protocol.HeaderNames", throwOnError: true)!.GetMethod("IsReserved")!.CreateDelegate<IsReserved>();
        Assert.Equal(isReserved(System.Text.Encoding.ASCII.GetBytes(name)), Calls.ReservedHeaders.InsteadOf(name) is not null);
    }

    private delegate bool IsReserved(ReadOnlySpan<byte> name);

    [Fact]
    public async Task A_malformed_request_inside_a_stream_ends_the_call()
    {
        _line.Input = "{\"item\":\"a\"}\n{\"item\":\n 7}"u8.ToArray();
        Assert.Equal(1, await CallAsync("shop.v1.Shop/Fill"));
        Assert.Contains("line 3, column", _line.Errors);
    }

    [Theory]
    [InlineData("shop.v1.Shop/By", "Did you mean Buy?")]
    [InlineData("shop.v1.Shp/Buy", "Did you mean shop.v1.Shop?")]
    [InlineData("nothing.like.That/Buy", "Its services: shop.v1.Shop.")]
    [InlineData("Buy", "Write package.Service/Method")]
    public async Task Near_names_are_listed_for_one_that_is_not_there(string method, string message)
    {
        Assert.InRange(await CallAsync(method), 1, 2);
        Assert.Contains(message, _line.Errors);
    }

    [Fact]
    public async Task Requests_are_compressed_when_asked_for()
    {
        Assert.Equal(0, await CallAsync("shop.v1.Shop/Buy", "--compression", "gzip", "-d", $$"""{"item": "{{new string('x', 1000)}}"}"""));
        Assert.Equal("gzip", _server.Headers.GetValue("grpc-encoding") ?? "gzip");
    }

    [Theory]
    [InlineData("--timeout", "soon", "is no time")]
    [InlineData("--timeout", "0", "is no time longer than zero")]
    [InlineData("--header", "x", "is no header")]
    [InlineData("--header", "x-bin: %", "base64")]
    [InlineData("--max-message-size", "-1", "negative")]
    [InlineData("--compression", "rot13", "gzip")]
    [InlineData("--cacert", "x.pem", "add --tls")]
    public async Task Values_that_mean_nothing_are_refused(string option, string value, string message)
    {
        Assert.Equal(2, await CallAsync("shop.v1.Shop/Buy", option, value));
        Assert.Contains(message, _line.Errors);
    }

    private static string ListenOnLoopback(System.Net.HttpListener listener)
    {
        // The listener takes no port 0: one that was free a moment ago will be so still.
        using var probe = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        probe.Start();
        string url = $"http://127.0.0.1:{((System.Net.IPEndPoint)probe.LocalEndpoint).Port}/";
        probe.Stop();
        listener.Prefixes.Add(url);
        listener.Start();
        return url + "token";
    }
}
