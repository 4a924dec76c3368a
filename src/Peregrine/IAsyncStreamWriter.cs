// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine;

/// <summary>A stream of messages being sent. One write at a time: await the last one before the next.</summary>
/// <typeparam name="T">The message type.</typeparam>
public interface IAsyncStreamWriter<in T>
{
    /// <summary>
    /// Options of the writes that follow; null stands for the defaults of the call.
    /// </summary>
    WriteOptions? WriteOptions { get; set; }

    /// <summary>Writes a message. The task ends when flow control let the message go, not when the peer has read it.</summary>
    /// <param name="message">The message.</param>
    /// <returns>A task that ends when the next message may be written.</returns>
    /// <exception cref="InvalidOperationException">The last write has not ended, or the stream is completed.</exception>
    Task WriteAsync(T message);

    /// <summary>Writes a message, giving up when the token is cancelled.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Cancels the whole call, not merely this write.</param>
    /// <returns>A task that ends when the next message may be written.</returns>
    /// <exception cref="NotSupportedException">This writer was written before cancellation existed and the token can be cancelled.</exception>
    Task WriteAsync(T message, CancellationToken cancellationToken) => cancellationToken.CanBeCanceled
        ? throw new NotSupportedException(
            $"{GetType()} does not implement WriteAsync with a cancellation token; implement it, or write without a token.")
        : WriteAsync(message);
}
