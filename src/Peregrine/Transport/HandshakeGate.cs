// SPDX-License-Identifier: Apache-2.0
using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Transport;

/// <summary>
/// How many TLS handshakes a server computes at once. Who comes beyond waits in turn. A handshake counts from its complete ClientHello on, and not
/// while the server waits for the client: connections that say nothing, or nothing more, keep nobody out. Thread-safe.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A semaphore without a wait handle holds nothing.")]
internal sealed class HandshakeGate(int limit)
{
    private readonly SemaphoreSlim _places = new(limit, limit);
    private int _waiting;

    /// <summary>The most at once.</summary>
    public int Limit => limit;

    /// <summary>How many wait for a place.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Waits for a place; the caller gives it back by <see cref="Leave"/>.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first; nothing is to be given back.</exception>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        var entered = _places.WaitAsync(cancellationToken);
        if (entered.IsCompletedSuccessfully)
        {
            return;
        }

        Interlocked.Increment(ref _waiting);
        try
        {
            await entered.ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Leave() => _places.Release();
}
