// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;

namespace Peregrine.Testing;

/// <summary>Makes server-streaming calls that no server answers, for mocks of clients and for fake call invokers.</summary>
public static class AsyncServerStreamingCall
{
    /// <summary>A call whose responses are there.</summary>
    /// <typeparam name="TResponse">The response message.</typeparam>
    /// <param name="responses">The responses, in order; then the call ends well.</param>
    /// <returns>The call.</returns>
    public static AsyncServerStreamingCall<TResponse> FromResults<TResponse>(params IEnumerable<TResponse> responses) =>
        FromStream(new TestStreamReader<TResponse>(responses));

    /// <summary>A call that fails at once: the first read throws.</summary>
    /// <typeparam name="TResponse">The response message.</typeparam>
    /// <param name="error">What is thrown.</param>
    /// <returns>The call.</returns>
    public static AsyncServerStreamingCall<TResponse> FromException<TResponse>(RpcException error)
    {
        var responses = new TestStreamReader<TResponse>();
        responses.Fail(error);
        return FromStream(responses);
    }

    /// <summary>A call whose responses the test writes, such as into a <see cref="TestStreamReader{T}"/>. It ends as they end.</summary>
    /// <typeparam name="TResponse">The response message.</typeparam>
    /// <param name="responses">The responses.</param>
    /// <param name="headers">The response headers; none by default.</param>
    /// <param name="trailers">The trailers of success; none by default.</param>
    /// <returns>The call.</returns>
    public static AsyncServerStreamingCall<TResponse> FromStream<TResponse>(
        IAsyncStreamReader<TResponse> responses, Metadata? headers = null, Metadata? trailers = null)
    {
        ArgumentNullException.ThrowIfNull(responses);
        var reader = new ObservedStreamReader<TResponse>(responses);
        var end = new CallEnd(reader.Ended, headers, trailers);
        return new AsyncServerStreamingCall<TResponse>(reader, end.Headers, end.GetStatus, end.GetTrailers, end.Dispose);
    }
}
