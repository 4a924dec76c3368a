// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Net;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.LoadBalancing;

/// <summary>One address of a race: tries to connect until the token is cancelled.</summary>
/// <returns>Null when the race is over: this address won, or was called off. Otherwise why it failed; never an exception.</returns>
internal delegate Task<Status?> AddressAttempt(EndPoint address, CancellationToken cancellationToken);

/// <summary>
/// Happy Eyeballs (RFC 8305, gRFC A61): connects to several addresses with a head start for the earlier ones, so that an address family
/// or a server that does not answer costs a quarter of a second, not the whole time limit. Stateless.
/// </summary>
internal static class HappyEyeballs
{
    /// <summary>How long an attempt has before the next one joins it (gRFC A61; RFC 8305 section 8).</summary>
    internal static readonly TimeSpan ConnectionAttemptDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The order of attempts: address families take turns, the family of the first address first; within a family the order stays
    /// (RFC 8305 section 4).
    /// </summary>
    internal static EndPoint[] Interleave(IReadOnlyList<EndPoint> addresses)
    {
        // Loops, not queries: the generic code behind those would be compiled when a program first connects.
        var families = new List<Queue<EndPoint>>();
        foreach (var address in addresses)
        {
            var family = families.Find(family => family.Peek().AddressFamily == address.AddressFamily);
            if (family is null)
            {
                families.Add(family = new Queue<EndPoint>());
            }

            family.Enqueue(address);
        }

        var ordered = new List<EndPoint>(addresses.Count);
        while (ordered.Count < addresses.Count)
        {
            foreach (var family in families)
            {
                if (family.TryDequeue(out var next))
                {
                    ordered.Add(next);
                }
            }
        }

        return [.. ordered];
    }

    /// <summary>
    /// Tries the addresses in their order; the next one when <see cref="ConnectionAttemptDelay"/> is over, and at once when one fails.
    /// The first that ends the race calls the others off.
    /// </summary>
    /// <param name="addresses">The addresses.</param>
    /// <param name="attempt">Tries one of them.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Calls all of them off.</param>
    /// <returns>Null when the race was won or called off; otherwise why each address failed. No attempt runs any more.</returns>
    internal static async Task<List<Status>?> RaceAsync(
        IReadOnlyList<EndPoint> addresses, AddressAttempt attempt, TimeProvider time, CancellationToken cancellationToken)
    {
        using var race = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<Status?>>(addresses.Count);
        var failures = new List<Status>(addresses.Count);
        var next = 0;
        try
        {
            while (next < addresses.Count || running.Count > 0)
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    return null;
                }

                var headStart = Timeout.InfiniteTimeSpan;
                if (next < addresses.Count)
                {
                    running.Add(attempt(addresses[next++], race.Token));
                    headStart = next < addresses.Count ? ConnectionAttemptDelay : headStart;
                }

                var ended = await Task.WhenAny([.. running, Task.Delay(headStart, time, race.Token)]).ConfigureAwait(false);
                if (ended is not Task<Status?> over)
                {
                    continue;
                }

                _ = running.Remove(over);
                if (await over.ConfigureAwait(false) is not { } failure)
                {
                    return null;
                }

                failures.Add(failure);
            }

            return failures;
        }
        finally
        {
            await race.CancelAsync().ConfigureAwait(false);
            _ = await Task.WhenAll(running).ConfigureAwait(false);
        }
    }
}
