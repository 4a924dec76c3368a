// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.Hpack;
using Peregrine.Protocol;

namespace Peregrine.Tests.Protocol;

public sealed class ResponseTests : IDisposable
{
    private readonly HeaderExchange _exchange = new();

    public void Dispose() => _exchange.Dispose();

    [Fact]
    public void Response_headers_start_a_gRPC_response()
    {
        var headers = new OutgoingHeaders();
        new ResponseHeadersWriter("identity,gzip").Write(headers, "gzip", new Metadata { { "k", "v" } });
        HeaderList received = _exchange.Respond(headers, endStream: false);
        var response = new ResponseHeadersReader(received);
        Assert.True(response.IsGrpc);
        Assert.True(response.Encoding.SequenceEqual("gzip"u8));
        Assert.True(MetadataReader.TryRead(received, out Metadata metadata, out _));
        Assert.Equal("k", Assert.Single(metadata).Key);
    }

    [Fact]
    public void Trailers_Only_carries_status_message_and_metadata()
    {
        var headers = new OutgoingHeaders();
        Assert.True(ResponseTrailersWriter.Write(
            headers, new Status(StatusCode.NotFound, "no ☺"), new Metadata { { "grpc-status-details-bin", [1] } }, true, uint.MaxValue));
        HeaderList received = _exchange.Respond(headers, endStream: true);
        Status status = ResponseTrailersReader.Read(received, received.Status, out Metadata metadata);
        Assert.Equal(StatusCode.NotFound, status.StatusCode);
        Assert.Equal("no ☺", status.Detail);
        Assert.Equal([1], metadata.GetValueBytes("grpc-status-details-bin")!);
    }

    [Theory]
    [InlineData("200", "17", StatusCode.Unknown)]
    [InlineData("200", "abc", StatusCode.Unknown)]
    [InlineData("200", "-1", StatusCode.Unknown)]
    [InlineData("200", "16", StatusCode.Unauthenticated)]
    [InlineData("200", null, StatusCode.Unknown)]
    [InlineData("503", null, StatusCode.Unavailable)]
    [InlineData("503", "5", StatusCode.NotFound)] // grpc-status wins over the HTTP status
    public void The_status_of_a_response_is_read_or_mapped(string http, string? grpcStatus, StatusCode expected)
    {
        OutgoingHeaders headers = grpcStatus is null
            ? HeaderExchange.Build((":status", http), ("content-type", "application/grpc"))
            : HeaderExchange.Build((":status", http), ("content-type", "application/grpc"), ("grpc-status", grpcStatus));
        HeaderList received = _exchange.Respond(headers, endStream: true);
        Assert.Equal(expected, ResponseTrailersReader.Read(received, received.Status, out _).StatusCode);
    }

    [Fact]
    public void Broken_details_do_not_lose_an_error_but_end_a_success()
    {
        HeaderList error = _exchange.Respond(
            HeaderExchange.Build((":status", "200"), ("grpc-status", "5"), ("grpc-status-details-bin", "*")), endStream: true);
        Assert.Equal(StatusCode.NotFound, ResponseTrailersReader.Read(error, 200, out _).StatusCode);
        HeaderList success = _exchange.Respond(
            HeaderExchange.Build((":status", "200"), ("grpc-status", "0"), ("k-bin", "*")), endStream: true);
        Assert.Equal(StatusCode.Internal, ResponseTrailersReader.Read(success, 200, out _).StatusCode);
    }

    [Fact]
    public void A_response_that_is_not_gRPC_maps_its_http_status_and_shows_its_body()
    {
        HeaderList received = _exchange.Respond(HeaderExchange.Build((":status", "502"), ("content-type", "text/html")), endStream: false);
        var response = new ResponseHeadersReader(received);
        Assert.False(response.IsGrpc);
        Status status = response.ToStatus("<html>bad gateway");
        Assert.Equal(StatusCode.Unavailable, status.StatusCode);
        Assert.Contains("bad gateway", status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_peer_with_a_tiny_header_list_limit_still_gets_the_status()
    {
        var metadata = new Metadata { { "details-bin", new byte[300] } };
        var status = new Status(StatusCode.Aborted, new string('x', 500));
        for (int limit = 0; limit < 1200; limit += 7)
        {
            var headers = new OutgoingHeaders();
            bool complete = ResponseTrailersWriter.Write(headers, status, metadata, false, limit);
            Assert.True(headers.Count >= 1);
            Assert.True(headers.Size <= Math.Max(limit, 45), $"{headers.Size} > {limit}");
            Assert.Equal(complete, headers.Size == 45 + (12 + 500 + 32) + (11 + 400 + 32));
        }
    }

    [Fact]
    public void A_long_message_is_cut_though_the_peer_names_no_limit()
    {
        var headers = new OutgoingHeaders();
        Assert.False(ResponseTrailersWriter.Write(headers, new Status(StatusCode.Internal, new string('x', 100_000)), null, false, uint.MaxValue));
        Assert.True(headers.Size <= 8192);
    }
}
