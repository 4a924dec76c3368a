// SPDX-License-Identifier: Apache-2.0
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Peregrine.Services.HealthCheck;

/// <summary>
/// What one call of Watch is to send next: the latest status, if it is another than the one sent last. A client that reads slowly misses the
/// statuses in between, and costs one place. Told by any thread, read by one.
/// </summary>
internal sealed class HealthWatcher
{
    private readonly Channel<ServingStatus> _latest = System.Threading.Channels.Channel.CreateBounded<ServingStatus>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private ServingStatus? _sent;

    public HealthWatcher(ServingStatus status) => Tell(status);

    /// <summary>The status is this now.</summary>
    public void Tell(ServingStatus status) => _latest.Writer.TryWrite(status);

    /// <summary>Nothing will change any more.</summary>
    public void End() => _latest.Writer.TryComplete();

    /// <summary>The next status to send; null when there will be none.</summary>
    public async ValueTask<ServingStatus?> NextAsync(CancellationToken cancellationToken)
    {
        while (await _latest.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            while (_latest.Reader.TryRead(out var status))
            {
                if (status != _sent)
                {
                    _sent = status;
                    return status;
                }
            }
        }

        return null;
    }
}
