// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Diagnostics;
using Peregrine.Resolution;

namespace Peregrine.LoadBalancing;

/// <summary>One attempt of a <see cref="Subchannel"/> to connect: resolves the target, and tries its addresses until one is ready (Happy Eyeballs).</summary>
/// <param name="target">What the channel connects to, for statuses.</param>
/// <param name="resolver">Finds its addresses.</param>
/// <param name="connector">Connects to one.</param>
/// <param name="timeout">The limit of each step: of the resolution, and of the connection to each address.</param>
/// <param name="time">The clock.</param>
/// <param name="calledOff">Cancelled when nobody wants the connection any more.</param>
internal sealed class ConnectionAttempt(
    ChannelTarget target, DnsResolver resolver, TransportConnector connector, TimeSpan timeout, TimeProvider time, CancellationToken calledOff)
{
    /// <summary>Runs it. Never throws: whatever goes wrong becomes its status.</summary>
    /// <param name="known">The address of connections that are ready, to which a further one is made; null to resolve the target.</param>
    /// <param name="create">Makes the connection to an address, before it is one.</param>
    /// <param name="enter">Takes a connection that is ready. False: it ended before it could be used.</param>
    /// <returns>Null: a connection is ready, or the attempt was called off.</returns>
    internal async ValueTask<Status?> RunAsync(EndPoint? known, Func<SubchannelConnection> create, Func<SubchannelConnection, bool> enter)
    {
        IReadOnlyList<EndPoint> addresses;
        long? resolved = null;
        if (known is not null)
        {
            addresses = [known];
        }
        else
        {
            try
            {
                using var limit = new StepLimit(timeout, time, calledOff);
                addresses = await resolver.ResolveAsync(limit.Token).ConfigureAwait(false);
                resolved = time.GetTimestamp();
            }
            catch (Exception problem)
            {
                return calledOff.IsCancellationRequested ? null : ConnectFailure.Resolve(resolver, timeout, problem);
            }
        }

        if (addresses.Count == 0)
        {
            return ConnectFailure.NoAddress(resolver);
        }

        var failures = await HappyEyeballs.RaceAsync(
            HappyEyeballs.Interleave(addresses),
            (address, cancellationToken) => TryAddressAsync(address, resolved, create(), enter, cancellationToken),
            time,
            calledOff).ConfigureAwait(false);
        return failures is null ? null : ConnectFailure.Combine(target, failures);
    }

    // Null: ready, or called off.
    private async Task<Status?> TryAddressAsync(
        EndPoint address, long? resolved, SubchannelConnection connection, Func<SubchannelConnection, bool> enter, CancellationToken cancellationToken)
    {
        try
        {
            using var limit = new StepLimit(timeout, time, cancellationToken);
            connection.Attach(await connector(address, connection, limit.Token).ConfigureAwait(false), address);
            if (resolved is { } at)
            {
                connection.Transport.Flight.Phase(FlightEventKind.Resolved, at);
            }

            return enter(connection) ? null : ConnectFailure.ClosedAtOnce(target, address);
        }
        catch (Exception problem)
        {
            return cancellationToken.IsCancellationRequested ? null : ConnectFailure.Connect(target, address, timeout, problem);
        }
    }

    /// <summary>The token of one step: cancelled by the time limit, or when the attempt is called off.</summary>
    private sealed class StepLimit : IDisposable
    {
        private readonly CancellationTokenSource _timeout;
        private readonly CancellationTokenSource _linked;

        internal StepLimit(TimeSpan timeout, TimeProvider time, CancellationToken calledOff)
        {
            _timeout = new CancellationTokenSource(DeadlineTimer.Wait(timeout), time);
            _linked = CancellationTokenSource.CreateLinkedTokenSource(_timeout.Token, calledOff);
        }

        internal CancellationToken Token => _linked.Token;

        public void Dispose()
        {
            _linked.Dispose();
            _timeout.Dispose();
        }
    }
}
