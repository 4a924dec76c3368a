// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading.Tasks;

namespace Peregrine;

/// <summary>A server-streaming call in progress. Read the responses to the end, or dispose the call.</summary>
/// <typeparam name="TResponse">The response message.</typeparam>
public sealed class AsyncServerStreamingCall<TResponse> : IDisposable
{
    private readonly AsyncCallState _callState;

    /// <summary>Makes a call from its parts.</summary>
    /// <param name="responseStream">The responses.</param>
    /// <param name="responseHeadersAsync">The response headers.</param>
    /// <param name="getStatusFunc">Gets the status once the call has ended.</param>
    /// <param name="getTrailersFunc">Gets the trailers once the call has ended.</param>
    /// <param name="disposeAction">Releases the call, cancelling it if it runs.</param>
    public AsyncServerStreamingCall(
        IAsyncStreamReader<TResponse> responseStream,
        Task<Metadata> responseHeadersAsync,
        Func<Status> getStatusFunc,
        Func<Metadata> getTrailersFunc,
        Action disposeAction)
    {
        ResponseStream = responseStream;
        _callState = new AsyncCallState(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction);
    }

    /// <summary>Makes a call from functions of a state.</summary>
    /// <param name="responseStream">The responses.</param>
    /// <param name="responseHeadersAsync">Gets the response headers.</param>
    /// <param name="getStatusFunc">Gets the status once the call has ended.</param>
    /// <param name="getTrailersFunc">Gets the trailers once the call has ended.</param>
    /// <param name="disposeAction">Releases the call, cancelling it if it runs.</param>
    /// <param name="state">Passed to each function.</param>
    public AsyncServerStreamingCall(
        IAsyncStreamReader<TResponse> responseStream,
        Func<object, Task<Metadata>> responseHeadersAsync,
        Func<object, Status> getStatusFunc,
        Func<object, Metadata> getTrailersFunc,
        Action<object> disposeAction,
        object state)
    {
        ResponseStream = responseStream;
        _callState = new AsyncCallState(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction, state);
    }

    /// <summary>The responses.</summary>
    public IAsyncStreamReader<TResponse> ResponseStream { get; }

    /// <summary>The response headers, as soon as they are there.</summary>
    public Task<Metadata> ResponseHeadersAsync => _callState.ResponseHeadersAsync;

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

    /// <summary>Releases the call; one that still runs is cancelled.</summary>
    public void Dispose() => _callState.Dispose();
}
