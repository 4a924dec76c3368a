// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine;

/// <summary>Reading from <see cref="IAsyncStreamReader{T}"/>.</summary>
public static class AsyncStreamReaderExtensions
{
    /// <summary>Reads the next message, without a cancellation token.</summary>
    /// <typeparam name="T">The message type.</typeparam>
    /// <param name="streamReader">The reader.</param>
    /// <returns>True when there is a message, false at the end of the stream.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="streamReader"/> is null.</exception>
    public static Task<bool> MoveNext<T>(this IAsyncStreamReader<T> streamReader)
    {
        ArgumentNullException.ThrowIfNull(streamReader);
        return streamReader.MoveNext(CancellationToken.None);
    }

    /// <summary>Enumerates the messages of the stream until its end.</summary>
    /// <typeparam name="T">The message type.</typeparam>
    /// <param name="streamReader">The reader.</param>
    /// <param name="cancellationToken">Cancels the enumeration and the call.</param>
    /// <returns>The messages, to be enumerated once.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="streamReader"/> is null.</exception>
    public static IAsyncEnumerable<T> ReadAllAsync<T>(
        this IAsyncStreamReader<T> streamReader, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(streamReader);
        return Enumerate(streamReader, cancellationToken);

        // An iterator rather than the reader itself: the token given here must hold, also beside WithCancellation.
        static async IAsyncEnumerable<T> Enumerate(
            IAsyncStreamReader<T> reader,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
        {
            while (await reader.MoveNext(token).ConfigureAwait(false))
            {
                yield return reader.Current;
            }
        }
    }
}
