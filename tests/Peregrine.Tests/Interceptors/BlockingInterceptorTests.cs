// SPDX-License-Identifier: Apache-2.0
using Peregrine.Interceptors;
using Peregrine.Testing;
using Peregrine.Tests.Serving;

namespace Peregrine.Tests.Interceptors;

/// <summary>A blocking call through an interceptor that awaits. The pool's minimum is the process's, and other tests change it: so these run alone.</summary>
[Collection(nameof(RunsAlone))]
public sealed class BlockingInterceptorTests
{
    private static readonly Method<string, string> Unary = ServerFixture.Method(MethodType.Unary, "Unary");

    [Fact]
    public async Task The_pool_has_a_thread_more_while_one_of_its_threads_waits_for_the_interceptor()
    {
        await using var server = InMemoryServer.Start(ServerServiceDefinition.CreateBuilder()
            .AddMethod(Unary, (UnaryServerMethod<string, string>)((r, _) => Task.FromResult(r)))
            .Build());
        var before = Minimum();
        var invoker = server.Channel.Intercept(new WaitsForThreads(before + 1));
        Assert.Equal("a", await Task.Run(() => invoker.BlockingUnaryCall(Unary, null, default, "a")).WaitAsync(RawClient.Patience));
        Assert.Equal(before, Minimum());
    }

    private static int Minimum()
    {
        ThreadPool.GetMinThreads(out var workers, out _);
        return workers;
    }

    private sealed class WaitsForThreads(int minimum) : AsyncInterceptor
    {
        protected internal override async Task InterceptAsync(AsyncInterceptorContext call, Func<Task> next)
        {
            while (Minimum() < minimum)
            {
                await Task.Yield();
            }

            await next();
        }
    }
}
