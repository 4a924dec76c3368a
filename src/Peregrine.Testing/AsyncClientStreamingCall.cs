// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace Peregrine.Testing;

/// <summary>Makes client-streaming calls that no server answers, for mocks of clients and for fake call invokers.</summary>
public static class AsyncClientStreamingCall
{
    /// <summary>A call that takes requests and answers when they are complete.</summary>
    /// <typeparam name="TRequest">The request message.</typeparam>
    /// <typeparam name="TResponse">The response message.</typeparam>
    /// <param name="respond">Makes the response of all requests; an <see cref="RpcException"/> that it throws fails the call.</param>
    /// <returns>The call.</returns>
    public static AsyncClientStreamingCall<TRequest, TResponse> FromResponder<TRequest, TResponse>(
        Func<IReadOnlyList<TRequest>, TResponse> respond)
    {
        ArgumentNullException.ThrowIfNull(respond);
        var requests = new TestStreamWriter<TRequest>();
        return FromTask(requests, RespondAsync(requests, respond));
    }

    /// <summary>A call whose response is there.</summary>
    /// <typeparam name="TRequest">The request message.</typeparam>
    /// <typeparam name="TResponse">The response message.</typeparam>
    /// <param name="requests">Takes the requests, such as a <see cref="TestStreamWriter{T}"/>.</param>
    /// <param name="response">The response.</param>
    /// <returns>The call.</returns>
    public static AsyncClientStreamingCall<TRequest, TResponse> FromResult<TRequest, TResponse>(
        IClientStreamWriter<TRequest> requests, TResponse response) =>
        FromTask(requests, Task.FromResult(response));

    /// <summary>A call that has failed: awaiting it throws.</summary>
    /// <typeparam name="TRequest">The request message.</typeparam>
    /// <typeparam name="TResponse">The response message.</typeparam>
    /// <param name="requests">Takes the requests, such as a <see cref="TestStreamWriter{T}"/>.</param>
    /// <param name="error">What is thrown.</param>
    /// <returns>The call.</returns>
    public static AsyncClientStreamingCall<TRequest, TResponse> FromException<TRequest, TResponse>(
        IClientStreamWriter<TRequest> requests, RpcException error) =>
        FromTask(requests, Failed.With<TResponse>(error));

    /// <summary>A call that ends when the test says so, as its task does.</summary>
    /// <typeparam name="TRequest">The request message.</typeparam>
    /// <typeparam name="TResponse">The response message.</typeparam>
    /// <param name="requests">Takes the requests, such as a <see cref="TestStreamWriter{T}"/>.</param>
    /// <param name="response">The response; a fault that is an <see cref="RpcException"/> is the call's status.</param>
    /// <param name="headers">The response headers; none by default.</param>
    /// <param name="trailers">The trailers of success; none by default.</param>
    /// <returns>The call.</returns>
    public static AsyncClientStreamingCall<TRequest, TResponse> FromTask<TRequest, TResponse>(
        IClientStreamWriter<TRequest> requests, Task<TResponse> response, Metadata? headers = null, Metadata? trailers = null)
    {
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(response);
        var end = new CallEnd(response, headers, trailers);
        return new AsyncClientStreamingCall<TRequest, TResponse>(requests, response, end.Headers, end.GetStatus, end.GetTrailers, end.Dispose);
    }

    private static async Task<TResponse> RespondAsync<TRequest, TResponse>(
        TestStreamWriter<TRequest> requests, Func<IReadOnlyList<TRequest>, TResponse> respond)
    {
        List<TRequest> all = [];
        await foreach (var request in requests.ReadAllAsync().ConfigureAwait(false))
        {
            all.Add(request);
        }

        return respond(all);
    }
}
