// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Peregrine.Http2.Hpack;
using Peregrine.Protocol;

namespace Peregrine.Tests.Protocol;

public sealed class RequestHeadersTests : IDisposable
{
    private static readonly Method<string, string> Echo = new(
        MethodType.Unary, "pkg.Echo", "Say", Marshallers.StringMarshaller, Marshallers.StringMarshaller);

    private static readonly (string Name, string Value)[] Valid =
    [
        (":method", "POST"), (":scheme", "http"), (":path", "/pkg.Echo/Say"), (":authority", "host:1"),
        ("te", "trailers"), ("content-type", "application/grpc"),
    ];

    private readonly HeaderExchange _exchange = new();

    public void Dispose() => _exchange.Dispose();

    [Fact]
    public void Request_headers_go_in_the_order_of_the_specification_with_custom_metadata_last()
    {
        var writer = new RequestHeadersWriter(false, "host:1", "grpc-peregrine/1", "identity,gzip");
        var headers = new OutgoingHeaders();
        writer.Write(
            headers,
            RequestHeadersWriter.CreatePath(Echo),
            null,
            TimeSpan.FromSeconds(1),
            "gzip",
            new Metadata { { "key", " value " }, { "k-bin", [1, 2] }, { "te", "x" }, { "grpc-status", "0" }, { "grpc-trace-bin", [] } },
            new Metadata { { "authorization", "token" } });
        HeaderList received = _exchange.Request(headers)!;
        Assert.Equal(
            [
                ":method: POST", ":scheme: http", ":path: /pkg.Echo/Say", ":authority: host:1", "grpc-timeout: 1000000u", "te: trailers",
                "content-type: application/grpc", "grpc-encoding: gzip", "grpc-accept-encoding: identity,gzip",
                "user-agent: grpc-peregrine/1", "key: value", "k-bin: AQI", "grpc-trace-bin: ", "authorization: token",
            ],
            HeaderExchange.Texts(received));

        Assert.True(RequestHeadersReader.TryRead(received, out RequestHeadersReader request, out _));
        Assert.Equal("/pkg.Echo/Say", request.GetPath());
        Assert.Equal("host:1", request.GetHost());
        Assert.Equal(TimeSpan.FromSeconds(1), request.Timeout);
        Assert.Equal("gzip", Encoding.ASCII.GetString(request.Encoding));
        Assert.True(request.HasTrailersAccepted);
        Assert.True(MetadataReader.TryRead(received, out Metadata metadata, out _));
        Assert.Equal(["key", "k-bin", "grpc-trace-bin", "authorization"], metadata.Select(entry => entry.Key));
        Assert.Equal([1, 2], metadata.GetValueBytes("k-bin")!);
    }

    [Fact]
    public void A_host_of_the_call_replaces_the_channels_and_no_timeout_is_no_field()
    {
        var headers = new OutgoingHeaders();
        new RequestHeadersWriter(true, "host", "ua", "identity").Write(
            headers, RequestHeadersWriter.CreatePath(Echo), "other", TimeSpan.MaxValue, null, null, null);
        HeaderList received = _exchange.Request(headers)!;
        Assert.True(RequestHeadersReader.TryRead(received, out RequestHeadersReader request, out _));
        Assert.Equal("other", request.GetHost());
        Assert.Equal(TimeSpan.MaxValue, request.Timeout);
        Assert.True(request.Encoding.IsEmpty);
    }

    [Theory]
    [InlineData("content-type", "text/plain", 415, StatusCode.Unknown)]
    [InlineData("content-type", "application/grpc-web", 415, StatusCode.Unknown)]
    [InlineData("content-type", "application/grpc+", 200, StatusCode.Unimplemented)]
    [InlineData(":method", "GET", 405, StatusCode.Unknown)]
    [InlineData(":path", "/nomethod", 200, StatusCode.Unimplemented)]
    [InlineData(":path", "/pkg.Echo//Say", 200, StatusCode.Unimplemented)]
    [InlineData(":path", "/pkg.Echo/../Say", 200, StatusCode.Unimplemented)]
    [InlineData(":path", "/pkg.Echo/%53ay", 200, StatusCode.Unimplemented)]
    [InlineData(":path", "/pkg.Echo/Say?x", 200, StatusCode.Unimplemented)]
    [InlineData(":scheme", "ftp", 200, StatusCode.Internal)]
    [InlineData(":authority", "user@host", 200, StatusCode.Internal)]
    [InlineData("grpc-timeout", "123456789S", 200, StatusCode.Internal)]
    [InlineData("grpc-timeout", "-1S", 200, StatusCode.Internal)]
    [InlineData("data-bin", "*", 200, StatusCode.Internal)]
    public void A_request_that_cannot_be_a_call_is_rejected_before_anyone_sees_it(string name, string value, int http, StatusCode code)
    {
        (string, string)[] fields = Valid.Any(field => field.Name == name)
            ? [.. Valid.Select(field => field.Name == name ? (name, value) : field)]
            : [.. Valid, (name, value)];
        HeaderList received = _exchange.Request(fields)!;
        Assert.False(RequestHeadersReader.TryRead(received, out _, out RequestRejection rejection));
        Assert.Equal(http, rejection.HttpStatus);
        Assert.Equal(code, rejection.Status.StatusCode);
        Assert.NotEqual("", rejection.Status.Detail);
    }

    [Fact]
    public void The_authority_wins_over_host_and_two_hosts_are_400()
    {
        HeaderList received = _exchange.Request([.. Valid, ("host", "other")])!;
        Assert.True(RequestHeadersReader.TryRead(received, out RequestHeadersReader request, out _));
        Assert.Equal("host:1", request.GetHost());
        received = _exchange.Request([.. Valid, ("host", "a"), ("host", "b")])!;
        Assert.False(RequestHeadersReader.TryRead(received, out _, out RequestRejection rejection));
        Assert.Equal(400, rejection.HttpStatus);
    }

    [Fact]
    public void Duplicate_binary_entries_are_read_from_several_fields_and_from_commas()
    {
        HeaderList received = _exchange.Request([.. Valid, ("k-bin", "AQ==,AgM"), ("a", "1"), ("k-bin", "BA"), ("a", "2"), ("empty", "")])!;
        Assert.True(MetadataReader.TryRead(received, out Metadata metadata, out _));
        Assert.Equal([[1], [2, 3], [4]], metadata.GetAll("k-bin").Select(entry => entry.ValueBytes));
        Assert.Equal(["1", "2"], metadata.GetAll("a").Select(entry => entry.Value));
        Assert.Equal("", metadata.GetValue("empty"));
    }
}
