// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine;

/// <summary>
/// A stream of messages being received: <c>await foreach</c> it, or call <see cref="MoveNext"/> until it answers false.
/// One reader at a time.
/// </summary>
/// <typeparam name="T">The message type.</typeparam>
public interface IAsyncStreamReader<out T> : IAsyncEnumerable<T>
{
    /// <summary>The message the last successful <see cref="MoveNext"/> read; undefined before it and after the end.</summary>
    T Current { get; }

    /// <summary>Reads the next message.</summary>
    /// <param name="cancellationToken">Cancels the whole call, not merely this read.</param>
    /// <returns>True when <see cref="Current"/> holds a message, false at the end of the stream.</returns>
    /// <exception cref="RpcException">The call failed (client side).</exception>
    Task<bool> MoveNext(CancellationToken cancellationToken);

    /// <summary>
    /// Enumerates what remains of the stream. A default interface method, so that readers written before it keep compiling;
    /// it is the same enumeration as <see cref="AsyncStreamReaderExtensions.ReadAllAsync{T}"/>.
    /// </summary>
    /// <param name="cancellationToken">Cancels the enumeration and the call.</param>
    /// <returns>An enumerator over the remaining messages.</returns>
    [SuppressMessage("Design", "CA1033", Justification = "A default interface method; implementers may declare their own.")]
    IAsyncEnumerator<T> IAsyncEnumerable<T>.GetAsyncEnumerator(CancellationToken cancellationToken) =>
        new AsyncStreamEnumerator<T>(this, cancellationToken);
}
