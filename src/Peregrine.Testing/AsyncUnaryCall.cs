// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading.Tasks;

namespace Peregrine.Testing;

/// <summary>Makes unary calls that no server answers, for mocks of clients and for fake call invokers.</summary>
/// <example>
/// <code>
/// client.Setup(c => c.GreetAsync(request, null, null, default)).Returns(AsyncUnaryCall.FromResult(new GreetReply { Text = "Hello" }));
/// </code>
/// </example>
public static class AsyncUnaryCall
{
    /// <summary>A call that has ended well.</summary>
    /// <typeparam name="TResponse">The response message.</typeparam>
    /// <param name="response">The response.</param>
    /// <param name="headers">The response headers; none by default.</param>
    /// <param name="trailers">The trailers; none by default.</param>
    /// <returns>The call.</returns>
    public static AsyncUnaryCall<TResponse> FromResult<TResponse>(TResponse response, Metadata? headers = null, Metadata? trailers = null) =>
        FromTask(Task.FromResult(response), headers, trailers);

    /// <summary>A call that has failed: awaiting it throws.</summary>
    /// <typeparam name="TResponse">The response message.</typeparam>
    /// <param name="status">The status.</param>
    /// <param name="trailers">The trailers; none by default.</param>
    /// <returns>The call.</returns>
    public static AsyncUnaryCall<TResponse> FromStatus<TResponse>(Status status, Metadata? trailers = null) =>
        FromException<TResponse>(new RpcException(status, trailers ?? []));

    /// <summary>A call that has failed: awaiting it throws.</summary>
    /// <typeparam name="TResponse">The response message.</typeparam>
    /// <param name="error">What is thrown.</param>
    /// <returns>The call.</returns>
    public static AsyncUnaryCall<TResponse> FromException<TResponse>(RpcException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return FromTask(Failed.With<TResponse>(error));
    }

    /// <summary>A call that ends when the test says so, as its task does.</summary>
    /// <typeparam name="TResponse">The response message.</typeparam>
    /// <param name="response">The response; a fault that is an <see cref="RpcException"/> is the call's status.</param>
    /// <param name="headers">The response headers; none by default.</param>
    /// <param name="trailers">The trailers of success; none by default.</param>
    /// <returns>The call.</returns>
    public static AsyncUnaryCall<TResponse> FromTask<TResponse>(Task<TResponse> response, Metadata? headers = null, Metadata? trailers = null)
    {
        ArgumentNullException.ThrowIfNull(response);
        var end = new CallEnd(response, headers, trailers);
        return new AsyncUnaryCall<TResponse>(response, end.Headers, end.GetStatus, end.GetTrailers, end.Dispose);
    }
}
