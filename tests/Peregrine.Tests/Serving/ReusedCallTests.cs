// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Peregrine.Http2;

namespace Peregrine.Tests.Serving;

/// <summary>A server uses the objects of ended calls again; nobody may notice.</summary>
public class ReusedCallTests
{
    [Fact]
    public async Task A_context_that_outlives_its_call_reaches_no_other_call()
    {
        ConcurrentBag<ServerCallContext> kept = [];
        TaskCompletionSource<string> answer = new();
        await using var server = await new ServerFixture().Unary((request, context) =>
        {
            if (request == "wait")
            {
                return answer.Task;
            }

            kept.Add(context);
            return Task.FromResult(request);
        }).StartAsync();
        var client = server.Connect();
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(StatusCode.OK, await client.Unary("/test.Svc/Unary", $"{i}").StatusAsync());
        }

        var waiting = Enumerable.Range(0, 10).Select(_ => client.Unary("/test.Svc/Unary", "wait", ("secret", "of this call"))).ToList();

        // Answered behind them: they wait now, in whatever objects there were.
        Assert.Equal(StatusCode.Unimplemented, await client.Unary("/test.Svc/None", "").StatusAsync());
        Assert.Equal(100, kept.Count);
        foreach (var context in kept)
        {
            Assert.Equal("/test.Svc/Unary", context.Method);
            Assert.StartsWith("ipv4:127.0.0.1:", context.Peer, StringComparison.Ordinal);
            Assert.Throws<InvalidOperationException>(() => context.RequestHeaders);
            Assert.Throws<InvalidOperationException>(() => context.Host);
            await Assert.ThrowsAsync<InvalidOperationException>(() => context.WriteResponseHeadersAsync([]));
            Assert.False(context.CancellationToken.IsCancellationRequested);
            context.AbortCall(Http2ErrorCode.Cancel);
            context.Status = new Status(StatusCode.DataLoss, "too late");
            context.ResponseTrailers.Add("too", "late");
        }

        answer.SetResult("answer");
        foreach (var call in waiting)
        {
            Assert.Equal("answer", await call.NextTextAsync());
            Assert.Equal(StatusCode.OK, await call.StatusAsync());
            Assert.DoesNotContain("too", (await call.Trailers).Keys);
        }
    }

    [Fact]
    public async Task Nothing_of_a_call_is_left_in_the_next_one()
    {
        await using var server = await new ServerFixture().Unary(async (request, context) =>
        {
            switch (request)
            {
                case "head":
                    await context.WriteResponseHeadersAsync(new Metadata { { "own", "head" } });
                    break;
                case "trailers":
                    context.ResponseTrailers.Add("own", "trailer");
                    break;
                case "status":
                    context.Status = new Status(StatusCode.NotFound, "own status");
                    break;
                case "throw":
                    throw new RpcException(new Status(StatusCode.Aborted, "own exception"));
                case "own":
                    return context.RequestHeaders.GetValue("own") ?? "";
                default:
                    break;
            }

            return request;
        }).StartAsync();
        var client = server.Connect();
        string[] kinds = ["plain", "head", "plain", "trailers", "plain", "status", "plain", "throw", "plain", "own", "plain"];
        for (var i = 0; i < 200; i++)
        {
            var kind = kinds[i % kinds.Length];
            var call = kind == "own" ? client.Unary("/test.Svc/Unary", kind, ("own", "metadata")) : client.Unary("/test.Svc/Unary", kind);
            var status = kind switch { "status" => StatusCode.NotFound, "throw" => StatusCode.Aborted, _ => StatusCode.OK };
            Assert.Equal(status, await call.StatusAsync());
            if (status == StatusCode.OK)
            {
                Assert.Equal(kind == "own" ? "metadata" : kind, await call.NextTextAsync());
                Assert.Equal(kind == "head", (await call.Headers).ContainsKey("own"));
                Assert.Equal(kind == "trailers", (await call.Trailers).ContainsKey("own"));
            }
        }
    }
}
