// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading.Tasks;

namespace Peregrine.Testing;

/// <summary>
/// Makes calls from all their parts, as existing tests do. Shorter for most purposes are <see cref="AsyncUnaryCall"/>,
/// <see cref="AsyncServerStreamingCall"/>, <see cref="AsyncClientStreamingCall"/> and <see cref="AsyncDuplexStreamingCall"/>.
/// </summary>
public static class TestCalls
{
    /// <summary>Makes a unary call.</summary>
    /// <typeparam name="TResponse">The response message.</typeparam>
    /// <param name="responseAsync">The response.</param>
    /// <param name="responseHeadersAsync">The response headers.</param>
    /// <param name="getStatusFunc">Gets the status once the call has ended.</param>
    /// <param name="getTrailersFunc">Gets the trailers once the call has ended.</param>
    /// <param name="disposeAction">Releases the call.</param>
    /// <returns>The call.</returns>
    public static AsyncUnaryCall<TResponse> AsyncUnaryCall<TResponse>(
        Task<TResponse> responseAsync,
        Task<Metadata> responseHeadersAsync,
        Func<Status> getStatusFunc,
        Func<Metadata> getTrailersFunc,
        Action disposeAction) =>
        new(responseAsync, responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction);

    /// <summary>Makes a client-streaming call.</summary>
    /// <typeparam name="TRequest">The request message.</typeparam>
    /// <typeparam name="TResponse">The response message.</typeparam>
    /// <param name="requestStream">Takes the requests.</param>
    /// <param name="responseAsync">The response.</param>
    /// <param name="responseHeadersAsync">The response headers.</param>
    /// <param name="getStatusFunc">Gets the status once the call has ended.</param>
    /// <param name="getTrailersFunc">Gets the trailers once the call has ended.</param>
    /// <param name="disposeAction">Releases the call.</param>
    /// <returns>The call.</returns>
    public static AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        IClientStreamWriter<TRequest> requestStream,
        Task<TResponse> responseAsync,
        Task<Metadata> responseHeadersAsync,
        Func<Status> getStatusFunc,
        Func<Metadata> getTrailersFunc,
        Action disposeAction) =>
        new(requestStream, responseAsync, responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction);

    /// <summary>Makes a server-streaming call.</summary>
    /// <typeparam name="TResponse">The response message.</typeparam>
    /// <param name="responseStream">The responses.</param>
    /// <param name="responseHeadersAsync">The response headers.</param>
    /// <param name="getStatusFunc">Gets the status once the call has ended.</param>
    /// <param name="getTrailersFunc">Gets the trailers once the call has ended.</param>
    /// <param name="disposeAction">Releases the call.</param>
    /// <returns>The call.</returns>
    public static AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TResponse>(
        IAsyncStreamReader<TResponse> responseStream,
        Task<Metadata> responseHeadersAsync,
        Func<Status> getStatusFunc,
        Func<Metadata> getTrailersFunc,
        Action disposeAction) =>
        new(responseStream, responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction);

    /// <summary>Makes a call that streams in both directions.</summary>
    /// <typeparam name="TRequest">The request message.</typeparam>
    /// <typeparam name="TResponse">The response message.</typeparam>
    /// <param name="requestStream">Takes the requests.</param>
    /// <param name="responseStream">The responses.</param>
    /// <param name="responseHeadersAsync">The response headers.</param>
    /// <param name="getStatusFunc">Gets the status once the call has ended.</param>
    /// <param name="getTrailersFunc">Gets the trailers once the call has ended.</param>
    /// <param name="disposeAction">Releases the call.</param>
    /// <returns>The call.</returns>
    public static AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        IClientStreamWriter<TRequest> requestStream,
        IAsyncStreamReader<TResponse> responseStream,
        Task<Metadata> responseHeadersAsync,
        Func<Status> getStatusFunc,
        Func<Metadata> getTrailersFunc,
        Action disposeAction) =>
        new(requestStream, responseStream, responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction);
}
