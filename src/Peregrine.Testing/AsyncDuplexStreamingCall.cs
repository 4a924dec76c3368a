// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace Peregrine.Testing;

/// <summary>Makes calls that stream in both directions and that no server answers, for mocks of clients and for fake call invokers.</summary>
public static class AsyncDuplexStreamingCall
{
    /// <summary>A call that answers each request, and ends well when the requests are complete.</summary>
    /// <typeparam name="TRequest">The request message.</typeparam>
    /// <typeparam name="TResponse">The response message.</typeparam>
    /// <param name="respond">Makes the responses of one request; an exception that it throws fails the call.</param>
    /// <returns>The call.</returns>
    public static AsyncDuplexStreamingCall<TRequest, TResponse> FromResponder<TRequest, TResponse>(Func<TRequest, IEnumerable<TResponse>> respond)
    {
        ArgumentNullException.ThrowIfNull(respond);
        var requests = new TestStreamWriter<TRequest>();
        var responses = new TestStreamReader<TResponse>();
        _ = RespondAsync(requests, responses, respond);
        return FromStreams(requests, responses);
    }

    /// <summary>A call whose responses the test writes, such as into a <see cref="TestStreamReader{T}"/>. It ends as they end.</summary>
    /// <typeparam name="TRequest">The request message.</typeparam>
    /// <typeparam name="TResponse">The response message.</typeparam>
    /// <param name="requests">Takes the requests, such as a <see cref="TestStreamWriter{T}"/>.</param>
    /// <param name="responses">The responses.</param>
    /// <param name="headers">The response headers; none by default.</param>
    /// <param name="trailers">The trailers of success; none by default.</param>
    /// <returns>The call.</returns>
    public static AsyncDuplexStreamingCall<TRequest, TResponse> FromStreams<TRequest, TResponse>(
        IClientStreamWriter<TRequest> requests, IAsyncStreamReader<TResponse> responses, Metadata? headers = null, Metadata? trailers = null)
    {
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(responses);
        var reader = new ObservedStreamReader<TResponse>(responses);
        var end = new CallEnd(reader.Ended, headers, trailers);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(requests, reader, end.Headers, end.GetStatus, end.GetTrailers, end.Dispose);
    }

    private static async Task RespondAsync<TRequest, TResponse>(
        TestStreamWriter<TRequest> requests, TestStreamReader<TResponse> responses, Func<TRequest, IEnumerable<TResponse>> respond)
    {
        try
        {
            await foreach (var request in requests.ReadAllAsync().ConfigureAwait(false))
            {
                foreach (var response in respond(request))
                {
                    responses.Add(response);
                }
            }

            responses.Complete();
        }
        catch (Exception e)
        {
            // The test's own code: what it throws is what the reader gets.
            responses.Fail(e);
        }
    }
}
