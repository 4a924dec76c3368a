// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading.Tasks;

namespace Peregrine.Interceptors;

/// <summary>
/// An interceptor of clients that may await: before a call starts, and after it has ended. One method for calls of every kind. It is an
/// <see cref="Interceptor"/>, so it is used and combined as any other; handlers of servers are asynchronous in <see cref="Interceptor"/> itself.
/// </summary>
/// <remarks>
/// The caller gets its call object at once. Requests that it writes wait until the call has started; response messages are passed on as they
/// come; the response of a call that has one, and the end of a stream of responses, are passed on when <see cref="InterceptAsync"/> has completed. Used
/// from many threads at once. A call that its caller gives up before it has started throws an <see cref="RpcException"/>, also on a channel that is set to
/// throw <see cref="OperationCanceledException"/>.
/// </remarks>
/// <example>
/// <code>
/// sealed class TokenInterceptor(TokenSource tokens) : AsyncInterceptor
/// {
///     protected override async Task InterceptAsync(AsyncInterceptorContext call, Func&lt;Task&gt; next)
///     {
///         string token = await tokens.GetAsync(call.CancellationToken);
///         call.Options = call.Options.WithHeaders([.. call.Options.Headers ?? [], new("authorization", token)]);
///         await next();
///     }
/// }
/// </code>
/// </example>
public abstract class AsyncInterceptor : Interceptor
{
    /// <summary>The clock of deadlines that pass before the call has started; the system's by default.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Runs around one call.</summary>
    /// <param name="call">The call: its method, and its options, which may be changed before <paramref name="next"/>.</param>
    /// <param name="next">
    /// Starts the call; to be called once. Its task completes with the call, and throws the <see cref="RpcException"/> of a call that failed.
    /// A stream of responses ends when the caller has read it, or gives the call up.
    /// </param>
    /// <returns>
    /// A task for the interceptor's work. What it throws is what the caller gets: before <paramref name="next"/> the call never starts, after it
    /// the exception takes the place of the outcome. An <see cref="RpcException"/> is also the call's status. Swallowing a failure does not make a
    /// call succeed.
    /// </returns>
    protected internal abstract Task InterceptAsync(AsyncInterceptorContext call, Func<Task> next);

    /// <inheritdoc/>
    /// <remarks>The calling thread blocks while <see cref="InterceptAsync"/> awaits.</remarks>
    public sealed override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        TResponse? response = null;
        var deferred = new DeferredCall(this, context.Method, context.Host, context.Options);
        deferred.Start(options =>
        {
            response = continuation(request, With(context, options));
            return Task.CompletedTask;
        });
        BlockedPoolThreads.Wait(deferred.Ended);
        deferred.Ended.GetAwaiter().GetResult();
        return response!;
    }

    /// <inheritdoc/>
    public sealed override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        AsyncUnaryCall<TResponse>? inner = null;
        var deferred = new DeferredCall(this, context.Method, context.Host, context.Options);
        deferred.Start(options =>
        {
            inner = continuation(request, With(context, options));
            deferred.SetInner(inner.State);
            return inner.ResponseAsync;
        });
        return new AsyncUnaryCall<TResponse>(
            deferred.GetResponseAsync(() => inner!.ResponseAsync), GetHeaders, GetStatus, GetTrailers, Dispose, deferred);
    }

    /// <inheritdoc/>
    public sealed override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        var deferred = new DeferredCall(this, context.Method, context.Host, context.Options);
        var responses = new DeferredStreamReader<TResponse>(deferred);
        deferred.Start(options =>
        {
            var inner = continuation(request, With(context, options));
            deferred.SetInner(inner.State);
            return responses.Attach(inner.ResponseStream);
        });
        return new AsyncServerStreamingCall<TResponse>(responses, GetHeaders, GetStatus, GetTrailers, Dispose, deferred);
    }

    /// <inheritdoc/>
    public sealed override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        AsyncClientStreamingCall<TRequest, TResponse>? inner = null;
        var deferred = new DeferredCall(this, context.Method, context.Host, context.Options);
        var requests = new DeferredStreamWriter<TRequest>(deferred, context.Options.WriteOptions);
        deferred.Start(options =>
        {
            inner = continuation(With(context, options));
            requests.Attach(inner.RequestStream);
            deferred.SetInner(inner.State);
            return inner.ResponseAsync;
        });
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            requests, deferred.GetResponseAsync(() => inner!.ResponseAsync), GetHeaders, GetStatus, GetTrailers, Dispose, deferred);
    }

    /// <inheritdoc/>
    public sealed override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        var deferred = new DeferredCall(this, context.Method, context.Host, context.Options);
        var requests = new DeferredStreamWriter<TRequest>(deferred, context.Options.WriteOptions);
        var responses = new DeferredStreamReader<TResponse>(deferred);
        deferred.Start(options =>
        {
            var inner = continuation(With(context, options));
            requests.Attach(inner.RequestStream);
            deferred.SetInner(inner.State);
            return responses.Attach(inner.ResponseStream);
        });
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(requests, responses, GetHeaders, GetStatus, GetTrailers, Dispose, deferred);
    }

    private static ClientInterceptorContext<TRequest, TResponse> With<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, CallOptions options)
        where TRequest : class
        where TResponse : class =>
        new(context.Method, context.Host, options);

    private static Task<Metadata> GetHeaders(object call) => ((DeferredCall)call).GetHeadersAsync();

    private static Status GetStatus(object call) => ((DeferredCall)call).GetStatus();

    private static Metadata GetTrailers(object call) => ((DeferredCall)call).GetTrailers();

    private static void Dispose(object call) => ((DeferredCall)call).Dispose();
}
