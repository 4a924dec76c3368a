// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine;

/// <summary>Extensions of stream writers.</summary>
public static class AsyncStreamWriterExtensions
{
    /// <summary>
    /// A writer of the same stream that several writers may use at once: their messages are sent one after the other, whole, in the order in which
    /// <c>WriteAsync</c> was called, and the tasks complete in that order. Each task is the back-pressure of its writer: await it, or the messages
    /// wait in memory.
    /// </summary>
    /// <typeparam name="T">The message.</typeparam>
    /// <param name="stream">The stream; only the new writer may write to it from now on.</param>
    /// <returns>
    /// The writer. <c>CompleteAsync</c> completes the stream behind the writes that came before it. A token that is cancelled while its message waits for
    /// others takes the message out; from its turn on it cancels the call, as it does on the stream itself. <c>WriteOptions</c> hold for the
    /// writes that begin after they are set.
    /// </returns>
    /// <remarks>Without this, a second write at the same time throws <see cref="InvalidOperationException"/>, and no queue costs anything.</remarks>
    public static IClientStreamWriter<T> AllowConcurrentWrites<T>(this IClientStreamWriter<T> stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream as ConcurrentClientStreamWriter<T> ?? new ConcurrentClientStreamWriter<T>(stream);
    }

    /// <inheritdoc cref="AllowConcurrentWrites{T}(IClientStreamWriter{T})"/>
    /// <remarks>The handler awaits all writes before it returns: with it the call ends.</remarks>
    public static IServerStreamWriter<T> AllowConcurrentWrites<T>(this IServerStreamWriter<T> stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream as ConcurrentServerStreamWriter<T> ?? new ConcurrentServerStreamWriter<T>(stream);
    }
}
