// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine;

/// <summary>
/// Enumerates a stream reader. Disposing ends nothing: leaving the loop early leaves the call to whoever owns it, as it does
/// with <see cref="IAsyncStreamReader{T}.MoveNext"/>.
/// </summary>
internal sealed class AsyncStreamEnumerator<T>(IAsyncStreamReader<T> reader, CancellationToken cancellationToken)
    : IAsyncEnumerator<T>
{
    public T Current => reader.Current;

    public ValueTask<bool> MoveNextAsync() => new(reader.MoveNext(cancellationToken));

    public ValueTask DisposeAsync() => default;
}
