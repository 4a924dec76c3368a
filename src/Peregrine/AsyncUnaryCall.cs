// SPDX-License-Identifier: Apache-2.0
using System;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;

namespace Peregrine;

/// <summary>A unary call in progress. Await it for the response.</summary>
/// <typeparam name="TResponse">The response message.</typeparam>
public sealed class AsyncUnaryCall<TResponse> : IDisposable
{
    private readonly AsyncCallState _callState;

    /// <summary>Makes a call from its parts.</summary>
    /// <param name="responseAsync">The response.</param>
    /// <param name="responseHeadersAsync">The response headers.</param>
    /// <param name="getStatusFunc">Gets the status once the call has ended.</param>
    /// <param name="getTrailersFunc">Gets the trailers once the call has ended.</param>
    /// <param name="disposeAction">Releases the call, cancelling it if it runs.</param>
    public AsyncUnaryCall(
        Task<TResponse> responseAsync,
        Task<Metadata> responseHeadersAsync,
        Func<Status> getStatusFunc,
        Func<Metadata> getTrailersFunc,
        Action disposeAction)
    {
        ResponseAsync = responseAsync;
        _callState = new AsyncCallState(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction);
    }

    /// <summary>Makes a call from functions of a state.</summary>
    /// <param name="responseAsync">The response.</param>
    /// <param name="responseHeadersAsync">Gets the response headers.</param>
    /// <param name="getStatusFunc">Gets the status once the call has ended.</param>
    /// <param name="getTrailersFunc">Gets the trailers once the call has ended.</param>
    /// <param name="disposeAction">Releases the call, cancelling it if it runs.</param>
    /// <param name="state">Passed to each function.</param>
    public AsyncUnaryCall(
        Task<TResponse> responseAsync,
        Func<object, Task<Metadata>> responseHeadersAsync,
        Func<object, Status> getStatusFunc,
        Func<object, Metadata> getTrailersFunc,
        Action<object> disposeAction,
        object state)
    {
        ResponseAsync = responseAsync;
        _callState = new AsyncCallState(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction, state);
    }

    /// <summary>The response; faulted with <see cref="RpcException"/> when the call fails.</summary>
    public Task<TResponse> ResponseAsync { get; }

    /// <summary>The response headers, as soon as they are there.</summary>
    public Task<Metadata> ResponseHeadersAsync => _callState.ResponseHeadersAsync;

    /// <summary>Lets the call itself be awaited for the response.</summary>
    /// <returns>The awaiter of <see cref="ResponseAsync"/>.</returns>
    public TaskAwaiter<TResponse> GetAwaiter() => ResponseAsync.GetAwaiter();

    /// <summary>Configures the await of the response.</summary>
    /// <param name="continueOnCapturedContext">Whether to come back to the captured context.</param>
    /// <returns>An awaitable of <see cref="ResponseAsync"/>.</returns>
    public ConfiguredTaskAwaitable<TResponse> ConfigureAwait(bool continueOnCapturedContext) =>
        ResponseAsync.ConfigureAwait(continueOnCapturedContext);

    /// <summary>The functions behind the call, for a call object in front of this one.</summary>
    internal AsyncCallState State => _callState;

    /// <summary>Gets the status of the ended call.</summary>
    /// <returns>The status.</returns>
    /// <exception cref="InvalidOperationException">The call has not ended.</exception>
    public Status GetStatus() => _callState.GetStatus();

    /// <summary>Gets the trailers of the ended call.</summary>
    /// <returns>The trailing metadata.</returns>
    /// <exception cref="InvalidOperationException">The call has not ended.</exception>
    public Metadata GetTrailers() => _callState.GetTrailers();

    /// <summary>Releases the call; one that still runs is cancelled. Needed only when the response is not awaited.</summary>
    public void Dispose() => _callState.Dispose();
}
